using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>not</c>.</summary>
internal sealed class NotKeyword(string location, SchemaNode node) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage) =>
        !run.CheckQuietly(node, instance, null) || run.Fail(Location, "fits the schema under 'not', which it must not");
}

using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>The schema <c>false</c>.</summary>
internal sealed class NothingKeyword(string location) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage) => run.Fail(Location, "nothing is allowed here");
}

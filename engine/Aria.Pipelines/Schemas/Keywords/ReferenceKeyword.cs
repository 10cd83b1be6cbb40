using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>$ref</c>, and a <c>$dynamicRef</c> that always leads to the same schema.</summary>
internal sealed class ReferenceKeyword(string location, SchemaNode target) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage) => target.Check(instance, run, coverage);
}

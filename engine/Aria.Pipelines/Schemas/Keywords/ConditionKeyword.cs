using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>if</c>, <c>then</c> and <c>else</c>.</summary>
internal sealed class ConditionKeyword(string location, SchemaNode test, SchemaNode? then, SchemaNode? otherwise) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        SchemaNode? chosen = run.CheckQuietly(test, instance, coverage) ? then : otherwise;
        return chosen is null || chosen.Check(instance, run, coverage);
    }
}

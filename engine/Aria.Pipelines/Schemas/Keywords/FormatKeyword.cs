using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>format</c>, for a format that is asserted.</summary>
internal sealed class FormatKeyword(string location, Func<string, string?> check) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        string? problem = instance.ValueKind == JsonValueKind.String ? check(instance.GetString()!) : null;
        return problem is null || run.Fail(Location, problem);
    }
}

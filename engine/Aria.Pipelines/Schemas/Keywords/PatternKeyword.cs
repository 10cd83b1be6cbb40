using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>pattern</c>.</summary>
internal sealed class PatternKeyword(string location, string written, Regex pattern) : SchemaKeyword(location)
{
    private readonly string _message = $"does not match the pattern '{written}'";

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage) =>
        instance.ValueKind != JsonValueKind.String || run.Matches(pattern, instance.GetString()!, Location) || run.Fail(Location, _message);
}

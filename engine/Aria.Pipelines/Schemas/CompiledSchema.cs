using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>A schema ready for any number of validations, from several threads at once.</summary>
internal sealed class CompiledSchema(SchemaNode root, SchemaOptions options) : ISchema
{
    /// <inheritdoc/>
    /// <remarks>
    /// At most 100 findings. A validation that reaches a limit (depth, steps, time) ends with a finding whose message begins
    /// with <c>limit.</c>; the value then counts as invalid.
    /// </remarks>
    public IReadOnlyList<SchemaFinding> Validate(JsonElement instance)
    {
        try
        {
            var quiet = new Evaluation(options, reports: false);
            bool fits = root.Check(instance, quiet);
            if (quiet.Stopped is not null)
            {
                return [quiet.Stopped];
            }
            if (fits)
            {
                return [];
            }
        }
        catch (InvalidOperationException)
        {
            // Thrown by JsonElement for text with half of a surrogate pair; the reporting run below finds its place.
        }
        return Report(instance);
    }

    private List<SchemaFinding> Report(JsonElement instance)
    {
        var run = new Evaluation(options, reports: true);
        try
        {
            root.Check(instance, run);
        }
        catch (InvalidOperationException)
        {
            return [.. run.Findings, run.NotUnicode()];
        }
        if (run.Stopped is not null)
        {
            return [.. run.Findings, run.Stopped];
        }
        // A format check that changes its mind must not turn a refusal into no findings, which means valid.
        return run.Findings.Count > 0 ? [.. run.Findings] : [new SchemaFinding("", root.Place.Location, "does not fit the schema")];
    }
}

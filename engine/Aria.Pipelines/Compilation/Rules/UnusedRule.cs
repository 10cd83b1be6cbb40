using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>Tables and connections that a pipeline names are used by it.</summary>
internal sealed class UnusedRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        // What has errors was not followed: what it would have used is not known.
        if (bag.HasErrors)
        {
            return;
        }
        HashSet<string> used = [.. pipeline.Readings.SelectMany(r => r.Used)];
        bool wholeTables = used.Contains("lookups.*") || used.Contains("lookups") && !used.Any(u => u.StartsWith("lookups.", StringComparison.Ordinal));
        foreach ((string table, JsonCursor value) in pipeline.Definition.Lookups?.Properties() ?? [])
        {
            if (!wholeTables && !used.Contains($"lookups.{table}"))
            {
                bag.Warning(RuleCodes.Unused, value.NamePosition, $"Nothing uses the lookup table '{table}'.", "Remove it, or read it as lookups." + table + ".");
            }
        }
        HashSet<string> aliases = [.. References(pipeline.Definition).Select(r => r.Name.Split('.')[0])];
        foreach ((string alias, Reference? connection) in pipeline.Definition.Connections.Where(c => !aliases.Contains(c.Key)))
        {
            bag.Warning(RuleCodes.Unused, connection?.Position ?? pipeline.Definition.Position, $"Nothing uses the connection '{alias}'.", "Remove it from 'connections'.");
        }
    }

    private static IEnumerable<Reference> References(PipelineDefinition definition) =>
        definition.Triggers.SelectMany(t => new[] { t.On, t.ManualSubject }).OfType<Reference>().Concat(References(definition.Steps)).Concat(References(definition.OnFailure));

    private static IEnumerable<Reference> References(IReadOnlyList<StepDefinition> steps) => steps.SelectMany(s =>
        (s.Action is { } action ? [action] : s.Await?.On ?? []).Concat(References(s.OnFailureSteps)));
}

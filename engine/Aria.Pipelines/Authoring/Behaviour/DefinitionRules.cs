using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>The definition is complete and documented.</summary>
internal static class DefinitionRules
{
    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new(BehaviourRules.Loading, "the folder loads, with nothing to find fault with", "Mend what the finding says.", BehaviourRules.Always, Loads),
        new("CB02", "everything that people choose from is described", "Write one sentence for those who choose it.", BehaviourRules.Always, Described),
        new("CB03", "every event says how it is correlated and how it looks", "See 'connector.json' in plugins/README.md.", t => t.Connector.Events.Count == 0 ? "it has no events" : null, EventsComplete),
        new("CB04", "what comes back from an operation is declared", "Declare the form of its output with 'outputSchema'.", t => t.Connector.Operations.Count == 0 ? "it has no operations" : null, OutputsDeclared),
    ];

    private static IEnumerable<BehaviourProblem> Loads(TestedConnector tested) =>
        tested.Findings.Select(f => new BehaviourProblem(new SourcePosition(f.File, f.Line, f.Column), $"{Severity(f)} {f.Code}: {f.Summary}", f.Detail.Length > 0 ? f.Detail : null));

    private static string Severity(Diagnostic finding) => finding.Severity == DiagnosticSeverity.Error ? "Error" : "Warning";

    private static IEnumerable<BehaviourProblem> Described(TestedConnector tested)
    {
        Connector connector = tested.Connector;
        if (connector.Description.Length == 0)
        {
            yield return new(tested.At("connector"), $"Connector '{connector.Name}' has no description.");
        }
        foreach (SettingDefinition setting in connector.Settings.Values.Where(s => s.Help.Length == 0))
        {
            yield return new(tested.At("settings", setting.Name), $"Setting '{setting.Name}' has no help.", "Say in 'help' what to give and where to find it in the vendor's system.");
        }
        foreach (ConnectorEvent found in connector.Events.Values.Where(e => e.Description.Length == 0))
        {
            yield return new(tested.At("events", found.Type), $"Event '{found.Type}' has no description.");
        }
        foreach (ConnectorOperation operation in connector.Operations.Values.Where(o => o.Description.Length == 0))
        {
            yield return new(tested.At("operations", operation.Name), $"Operation '{operation.Name}' has no description.");
        }
    }

    private static IEnumerable<BehaviourProblem> EventsComplete(TestedConnector tested)
    {
        foreach (ConnectorEvent found in tested.Connector.Events.Values)
        {
            if (found.Correlation.Count == 0)
            {
                yield return new(tested.At("events", found.Type), $"Event '{found.Type}' has no correlation key, so no pipeline can wait for it.", "Name the ids by which it is found, for example \"correlation\": { \"application_id\": … }.");
            }
            if (found.Schema is null && !RecruitingProfile.Knows(found.Type))
            {
                yield return new(tested.At("events", found.Type), $"Event '{found.Type}' is not of the recruiting profile and declares no 'schema'.", "Give the JSON Schema of its canonical form.");
            }
        }
    }

    private static IEnumerable<BehaviourProblem> OutputsDeclared(TestedConnector tested) => tested.Connector.Operations.Values
        .Where(o => o.OutputSchema is null && !RecruitingProfile.Writes.Contains(o.Name))
        .Select(o => new BehaviourProblem(tested.At("operations", o.Name), $"Operation '{o.Name}' declares no 'outputSchema'."));
}

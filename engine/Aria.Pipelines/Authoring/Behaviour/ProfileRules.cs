using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>An ATS offers the operations of the recruiting profile in the profile's words, or says that it cannot.</summary>
internal static class ProfileRules
{
    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new("CB15", "an ATS offers application.get, interview.write, stage.move and note.add, or declares that it cannot", "Offer it, or declare under 'cannot' why the system cannot, and what serves instead.", NoAts, Offered),
        new("CB16", "operations of the profile take the profile's inputs", "See schemas/recruiting: same members, same values; only the form of ids is the vendor's.", NoAts, InputsTaken),
        new("CB17", "application.get gives what events about applications give", "Give the same members, null when unknown, ids as strings.", t => NoAts(t) ?? (Get(t) is null ? "it cannot read applications" : null), OutputFits),
    ];

    /// <summary>Id of an application, in the form of the system: from a sample.</summary>
    public static string ApplicationId(TestedConnector tested) => Text(Application(tested), "id") ?? "1";

    /// <summary>Id of a stage, in the form of the system: from a sample.</summary>
    public static string StageId(TestedConnector tested) =>
        Application(tested) is { } application && application.TryGetProperty("stage", out JsonElement stage) && Text(stage, "id") is { } id ? id : "1";

    private static string? NoAts(TestedConnector tested) => RecruitingProfile.IsFor(tested.Connector) ? null : "it is not of an ATS";

    private static ConnectorOperation? Get(TestedConnector tested) => tested.Connector.Operations.GetValueOrDefault(RecruitingProfile.Operations[0]);

    private static IEnumerable<BehaviourProblem> Offered(TestedConnector tested) => RecruitingProfile.Operations
        .Where(o => !tested.Connector.Operations.ContainsKey(o) && !tested.Connector.Limitations.ContainsKey(o))
        .Select(o => new BehaviourProblem(tested.At("operations"), $"'{o}' is neither offered nor under 'cannot'."));

    private static IEnumerable<BehaviourProblem> InputsTaken(TestedConnector tested)
    {
        foreach (ConnectorOperation operation in RecruitingProfile.Operations.Select(o => tested.Connector.Operations.GetValueOrDefault(o)).OfType<ConnectorOperation>())
        {
            foreach (JsonObject input in RecruitingProfile.Inputs(operation.Name, ApplicationId(tested), StageId(tested)))
            {
                if (operation.Input.Validate(ConnectorJson.ToElement(input)) is { Count: > 0 } findings)
                {
                    yield return new(tested.At("operations", operation.Name, "input"), $"'{operation.Name}' refuses {input.ToJsonString()}: {Said(findings)}");
                }
            }
        }
    }

    private static IEnumerable<BehaviourProblem> OutputFits(TestedConnector tested)
    {
        ConnectorOperation get = Get(tested)!;
        foreach (SchemaFinding misfit in RecruitingProfile.Misfits(get.Name, get.Sample))
        {
            yield return new(tested.At("operations", get.Name, "sample"), $"'sample' of '{get.Name}': '{misfit.InstancePointer}': {misfit.Message}");
        }
        if (SampleInput.OutputOfReads(tested, get) is { } output)
        {
            foreach (SchemaFinding misfit in RecruitingProfile.Misfits(get.Name, output))
            {
                yield return new(tested.At("operations", get.Name, "output"), $"'output' of '{get.Name}' over the samples of its reads: '{misfit.InstancePointer}': {misfit.Message}");
            }
        }
    }

    private static JsonElement? Application(TestedConnector tested)
    {
        if (Get(tested)?.Sample is { ValueKind: JsonValueKind.Object } output && output.TryGetProperty("application", out JsonElement read))
        {
            return read;
        }
        return SampledEvent.Good(tested).Where(s => s.Misfits(tested).All(m => !m.StartsWith("the mapping", StringComparison.Ordinal)))
            .Select(s => s.Canonical(tested)).Where(c => c.TryGetProperty("application", out JsonElement found) && found.ValueKind == JsonValueKind.Object)
            .Select(c => (JsonElement?)c.GetProperty("application")).FirstOrDefault();
    }

    private static string? Text(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string Said(IReadOnlyList<SchemaFinding> findings) => string.Join("; ", findings.Select(f => $"'{f.InstancePointer}': {f.Message}"));
}

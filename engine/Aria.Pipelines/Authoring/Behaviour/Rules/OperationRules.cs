using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A pipeline that works for one ATS works for another: the same inputs, only the form of ids is the vendor's.</summary>
internal sealed class ProfileInputRule() : BehaviourRule("CB26", "stage.move takes application_id and stage_id, note.add application_id and text, interview.write every status and recommendation.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (ConnectorOperation operation in RecruitingShapes.Operations.Select(o => subject.Connector.Operations.GetValueOrDefault(o)).OfType<ConnectorOperation>())
        {
            foreach (JsonObject input in SampleInputs.Of(subject, operation.Name))
            {
                // Which ids there are only the system knows.
                if (operation.Input.Validate(JsonElement.Parse(input.ToJsonString())).FirstOrDefault(f => f.InstancePointer is not ("/application_id" or "/stage_id") || f.Message.Contains("not known", StringComparison.Ordinal)) is { } wrong)
                {
                    yield return Found(subject.At("operations", operation.Name, "input"), $"'{operation.Name}' refuses {input.ToJsonString()} at '{wrong.InstancePointer}'. {wrong.Message}", "Take the members and values of the recruiting profile, see schemas/recruiting.");
                }
            }
        }
    }
}

/// <summary>What was sent is found again by its bytes, and a marker that is not in them cannot be found at all.</summary>
internal sealed class PreparedRule() : BehaviourRule("CB27", "The same input gives the same request; what is new each time carries a marker that its look-up can find.")
{
    private const string Key = "behaviour-1";

    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        using ServiceProvider services = AriaPipelines.Offline(subject.Time);
        IOperationClient client = services.GetRequiredService<IOperationClient>();
        foreach (ConnectorOperation operation in subject.Connector.Operations.Values.Where(o => o.Parts.Count == 0))
        {
            if (SampleInputs.Of(subject, operation.Name) is not [{ } given, ..] || JsonElement.Parse(given.ToJsonString()) is var input && operation.Input.Validate(input).Count > 0)
            {
                continue;
            }
            Preparation first = client.PrepareOffline(subject.Connection, operation, input, Key);
            // A refusal that is declared is an answer: settings with defaults alone may lack what an account has to name.
            if (first.Problem is { } problem && operation.Refusals.All(r => r.Code != problem.Code))
            {
                yield return Found(subject.At("operations", operation.Name), $"'{operation.Name}' cannot be prepared from {given.ToJsonString()} and its samples. {problem.Summary}", "Correct its mappings, or the samples of its reads.");
            }
            if (first.Frozen is not { } frozen)
            {
                continue;
            }
            if (!frozen.AsSpan().SequenceEqual(client.PrepareOffline(subject.Connection, operation, input, Key).Frozen))
            {
                yield return Found(subject.At("operations", operation.Name, "request"), $"'{operation.Name}' gives another request each time.", "Use no clock and no chance; 'effect.key' is the same whenever the same step is repeated.");
            }
            if (IsAlwaysNew(operation) && operation.EffectFor(subject.Connection) == EffectClass.Lookup && frozen.AsSpan().SequenceEqual(client.PrepareOffline(subject.Connection, operation, input, "behaviour-2").Frozen))
            {
                yield return Found(subject.At("operations", operation.Name, "lookup"), $"'{operation.Name}' makes something new each time, and sends nothing by which its look-up could tell one from another with the same content.", "Put {{ effect.key }} into what is made, and look for it.");
            }
        }
    }

    private static bool IsAlwaysNew(ConnectorOperation operation) => operation.Reference is not null && operation.Name.Split('.')[^1] is "add" or "create";
}

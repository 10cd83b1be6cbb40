using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Effects;

/// <summary>
/// Performs operations of several parts. Each part is an effect of its own, with its own class and look-up, at the path of the step and the
/// part's id. All are planned before the first is sent, so what can be refused beforehand is refused before anything has changed; then they
/// are sent in order, and a part that is confirmed is never sent again.
/// </summary>
internal sealed class EffectParts(EffectLedger ledger)
{
    /// <summary>Takes an action as far as it can go now.</summary>
    /// <param name="whole">The action; its operation has parts.</param>
    /// <param name="known">Finds the effect at a path, as recorded.</param>
    /// <param name="force">Force number of an effect that has to be planned at a path.</param>
    /// <param name="cancellationToken">Gives up; what was sent by then is unknown.</param>
    /// <exception cref="Mapping.MappingException">A mapping of the operation failed.</exception>
    public async Task<EffectResult> PerformAsync(
        EffectRequest whole, Func<string, EffectRecord?> known, Func<string, int> force, CancellationToken cancellationToken)
    {
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(whole.Connection, whole.Operation, whole.Input);
        if (problem is not null)
        {
            return new EffectResult.Failed(problem);
        }
        var planned = new List<(string Id, EffectRequest Request, EffectRecord Effect)>();
        foreach ((OperationPart part, JsonElement? made) in parts)
        {
            string path = part.PathIn(whole.Path);
            EffectRecord? effect = known(path);
            // What was planned is finished, whatever the settings say by now.
            if ((effect is null ? made : JsonElement.Parse(effect.Input)) is not { } input)
            {
                continue;
            }
            EffectRequest request = whole with { Path = path, Operation = part.Operation, Input = input, Force = force(path), StepFollows = true, Ends = null };
            if (effect is null)
            {
                (effect, EffectResult? early) = await ledger.PlanAsync(request, cancellationToken).ConfigureAwait(false);
                if (effect is null)
                {
                    return early!;
                }
            }
            planned.Add((part.Id, request, effect));
        }
        return await SendAsync(whole, planned, cancellationToken).ConfigureAwait(false);
    }

    private async Task<EffectResult> SendAsync(
        EffectRequest whole, List<(string Id, EffectRequest Request, EffectRecord Effect)> planned, CancellationToken cancellationToken)
    {
        var outputs = new JsonObject([.. whole.Operation.Parts.Select(p => KeyValuePair.Create(p.Id, (JsonNode?)null))]);
        Diagnostic? warning = null;
        foreach ((string id, EffectRequest request, EffectRecord effect) in planned)
        {
            EffectResult result = await ledger.PerformAsync(request, effect, cancellationToken).ConfigureAwait(false);
            if (result is not EffectResult.Done done)
            {
                return result;
            }
            outputs[id] = ConnectorJson.ToNode(done.Output);
            warning ??= done.Warning;
        }
        JsonElement output = OperationParts.Output(whole.Connection, whole.Operation, whole.Input, outputs);
        return new EffectResult.Done(output, warning ?? DeclaredShape.OfOutput(whole.Connection, whole.Operation, output));
    }
}

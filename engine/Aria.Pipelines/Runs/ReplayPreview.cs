using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Runs;

/// <summary>
/// Says what a replay of a run would send, without sending or recording anything: the same conditions, mappings and requests as a run, with
/// recorded outputs where there are some. Behind an action that has no output yet, its connector's sample stands in, and is named.
/// </summary>
internal sealed class ReplayPreview(IOperationClient client, TimeProvider time)
{
    /// <summary>Previews the actions of a run, in order.</summary>
    /// <param name="run">The run that would be replayed.</param>
    /// <param name="pipeline">The definition the replay would follow.</param>
    /// <param name="force">True when confirmed effects would be sent again.</param>
    public IReadOnlyList<PreviewedEffect> Of(RunDetail run, Pipeline pipeline, bool force)
    {
        if (!HasRecord(run, StepExecutor.EventPath))
        {
            return [.. WithoutEvent(run, pipeline, force)];
        }
        var results = new JsonObject();
        var effects = new List<PreviewedEffect>();
        string? uncertain = null;
        Dictionary<string, JsonElement> values = Values(run, pipeline);
        foreach (Step step in pipeline.Steps)
        {
            values["steps"] = Element(results);
            try
            {
                bool skipped = !RunConditions.IsTrue(step.When, values);
                results[step.Id] = Result(skipped ? "skipped" : "succeeded", skipped ? null : Output(run, step, values));
                if (step is ActionStep action)
                {
                    List<PreviewedEffect> previewed = skipped ? [Named(action, ReplayVerdict.Skip, uncertain)] : [.. PreviewAll(run, action, pipeline, values, force, uncertain)];
                    effects.AddRange(previewed);
                    if (previewed.Exists(e => e.Verdict == ReplayVerdict.WouldFail) && action.OnFailure == FailurePolicy.Stop)
                    {
                        return effects;
                    }
                    uncertain ??= previewed.TrueForAll(e => e.Verdict is ReplayVerdict.Confirmed or ReplayVerdict.Skip) ? null : $"if the answer to '{step.Id}' is like its sample";
                }
                else if (step is AwaitStep && !skipped && !HasRecord(run, step.Path))
                {
                    uncertain ??= $"after '{step.Id}' has ended";
                }
            }
            catch (MappingException e)
            {
                results[step.Id] = Result("succeeded", null);
                var action = step as ActionStep;
                if (uncertain is null)
                {
                    effects.Add(new PreviewedEffect(
                        step.Path, action?.Connection.Id ?? "", action?.Operation.Name ?? "", ReplayVerdict.WouldFail, $"it cannot be made: {e.Diagnostic.Summary}", null, null));
                    if (action is not { OnFailure: FailurePolicy.Continue })
                    {
                        return effects;
                    }
                }
                else if (action is not null)
                {
                    effects.Add(Named(action, ReplayVerdict.Send, $"its input depends on what comes before it ({uncertain})"));
                }
            }
        }
        return effects;
    }

    /// <summary>A run that ended before its event was complete: only what is recorded of its effects is known.</summary>
    private IEnumerable<PreviewedEffect> WithoutEvent(RunDetail run, Pipeline pipeline, bool force) =>
        from step in pipeline.Steps.OfType<ActionStep>()
        let verdict = Decide(Known(run, step.Path), step, force)
        select verdict is ReplayVerdict.Send or ReplayVerdict.SendAgain or ReplayVerdict.Read
            ? Named(step, ReplayVerdict.AwaitsEvent, null)
            : Preview(run, step, pipeline, () => default, force, null);

    private IEnumerable<PreviewedEffect> PreviewAll(RunDetail run, ActionStep step, Pipeline pipeline, Dictionary<string, JsonElement> values, bool force, string? uncertain)
    {
        JsonElement Input() => Element(step.With?.Evaluate(values) ?? new JsonObject());
        if (step.Operation.Parts.Count == 0)
        {
            return [Preview(run, step, pipeline, Input, force, uncertain)];
        }
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? refused) = OperationParts.Of(step.Connection, step.Operation, Input());
        return refused is not null
            ? [Named(step, ReplayVerdict.WouldFail, Because(refused, uncertain))]
            : from part in parts
              let path = part.Part.PathIn(step.Path)
              where part.Input is not null || Known(run, path) is not null
              select Preview(run, step with { Path = path, Operation = part.Part.Operation }, pipeline, () => part.Input ?? JsonElement.Parse(Known(run, path)!.Input), force, uncertain);
    }

    private PreviewedEffect Preview(RunDetail run, ActionStep step, Pipeline pipeline, Func<JsonElement> input, bool force, string? uncertain)
    {
        EffectRecord? known = Known(run, step.Path);
        switch (Decide(known, step, force))
        {
            case ReplayVerdict.Confirmed:
                return Named(step, ReplayVerdict.Confirmed, $"confirmed {known!.LastAttemptUtc ?? known.CreatedUtc:yyyy-MM-dd HH:mm:ss}Z") with { Reference = known.RemoteReference };
            case (ReplayVerdict.LookUp or ReplayVerdict.Repeat or ReplayVerdict.NeedsReview) and var unknown:
                return Named(step, unknown, $"its outcome is unknown ({known!.Code ?? "no answer"})") with { Request = unknown == ReplayVerdict.Repeat ? Line(known.Request) : null };
            case var send:
                int next = run.Effects.Where(e => e.Path == step.Path).Select(e => e.Force + 1).DefaultIfEmpty(0).Max();
                Preparation prepared = client.PrepareOffline(step.Connection, step.Operation, input(), EffectKey.Of(run.Event.Id, pipeline.Id, step.Path, 0, next));
                return prepared.Problem is { } problem
                    ? Named(step, ReplayVerdict.WouldFail, Because(problem, uncertain))
                    : Named(step, send, uncertain) with { Request = Line(prepared.Frozen!), Reference = known?.RemoteReference };
        }
    }

    private ReplayVerdict Decide(EffectRecord? known, ActionStep step, bool force) => known switch
    {
        null or { State: EffectState.Planned or EffectState.Rejected } => step.Operation.EffectFor(step.Connection) == EffectClass.Read ? ReplayVerdict.Read : ReplayVerdict.Send,
        { Class: EffectClass.Read } => ReplayVerdict.Read,
        { State: EffectState.Confirmed } => force ? ReplayVerdict.SendAgain : ReplayVerdict.Confirmed,
        { State: EffectState.NeedsReview } => ReplayVerdict.NeedsReview,
        { Class: EffectClass.Idempotent or EffectClass.AtLeastOnce } => ReplayVerdict.Repeat,
        { Class: EffectClass.Keyed } when time.GetUtcNow() - known.CreatedUtc < step.Operation.IdempotencyValidity => ReplayVerdict.Repeat,
        { Class: EffectClass.Lookup } => ReplayVerdict.LookUp,
        _ => ReplayVerdict.NeedsReview,
    };

    private static JsonNode? Output(RunDetail run, Step step, Dictionary<string, JsonElement> values) => step switch
    {
        MapStep map => map.Map.Evaluate(values),
        AwaitStep => run.Steps.FirstOrDefault(s => s.Path == step.Path)?.Output is { } recorded ? JsonNode.Parse(recorded) : null,
        ActionStep { Operation.Parts.Count: > 0 } action => run.Steps.FirstOrDefault(s => s.Path == step.Path && s.State == StepState.Succeeded)?.Output is { } whole ? JsonNode.Parse(whole) : JsonNode.Parse(action.Operation.Sample.GetRawText()),
        ActionStep action when Known(run, step.Path) is { State: EffectState.Confirmed, Output: { } output } && action.Operation.EffectFor(action.Connection) != EffectClass.Read => JsonNode.Parse(output),
        ActionStep action => JsonNode.Parse(action.Operation.Sample.GetRawText()),
        _ => null,
    };

    private static Dictionary<string, JsonElement> Values(RunDetail run, Pipeline pipeline)
    {
        byte[] loaded = run.Steps.FirstOrDefault(s => s.Path == StepExecutor.EventPath)?.Output ?? "{}"u8.ToArray();
        return new Dictionary<string, JsonElement>
        {
            ["event"] = EventRecord.Read(loaded, run.Event.Body),
            ["lookups"] = pipeline.Lookups,
            ["now"] = RunProgress.Instant(run.Run.ReceivedUtc),
        };
    }

    private static string Because(Diagnostic problem, string? uncertain) => uncertain is null ? problem.Summary : $"{problem.Summary} ({uncertain})";

    private static EffectRecord? Known(RunDetail run, string path) => run.Effects.SingleOrDefault(e => e.Path == path && e.State != EffectState.Superseded);

    private static bool HasRecord(RunDetail run, string path) => run.Steps.Any(s => s.Path == path && s.State == StepState.Succeeded);

    private static PreviewedEffect Named(ActionStep step, ReplayVerdict verdict, string? detail) =>
        new(step.Path, step.Connection.Id, step.Operation.Name, verdict, detail, null, null);

    private static string? Line(byte[] request) => FrozenRequest.FromBytes(request) is { Method.Length: > 0 } frozen ? $"{frozen.Method} {frozen.Url}" : null;

    private static JsonObject Result(string status, JsonNode? output) => new() { ["status"] = status, ["output"] = output, ["error"] = null };

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node, RunJson.Default.JsonNode);
}

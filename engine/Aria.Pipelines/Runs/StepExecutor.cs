using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Runs;

/// <summary>Executes one step of a run and records its result.</summary>
internal sealed class StepExecutor(IStore store, EffectLedger effects, EffectParts parts, IWebhookReceiver receiver, TimeProvider time)
{
    /// <summary>Path of the record that holds the event as pipelines see it.</summary>
    internal const string EventPath = "$event";
    internal const string AwaitTimeout = "await_timeout";
    internal const string RetriesExhausted = "retries_exhausted";
    internal const string NoManualTrigger = "no_manual_trigger";

    /// <summary>Makes the run's event as pipelines see it: decoded by the connector, or read for a manual trigger. Recorded once per run.</summary>
    /// <returns>Null when it is there; otherwise a failure or when to come back.</returns>
    public async Task<StepResult?> LoadEventAsync(RunProgress run, CancellationToken cancellationToken)
    {
        if (run.Record(EventPath) is { State: StepState.Succeeded } recorded)
        {
            run.Event = EventRecord.Read(recorded.Output!, run.Snapshot.Event.Body);
            return null;
        }
        StoredEvent stored = run.Snapshot.Event;
        DateTimeOffset now = time.GetUtcNow();
        if (stored.Type == ManualTrigger.EventType)
        {
            return await ReadSubjectAsync(run, now, cancellationToken).ConfigureAwait(false);
        }
        if (stored.Type == ScheduleTrigger.EventType)
        {
            JsonObject fired = JsonNode.Parse(stored.Body)!.AsObject();
            fired["type"] = ScheduleTrigger.EventType;
            fired["id"] = stored.Id;
            fired["raw"] = null;
            run.Event = Element(fired);
            Record(run, EventPath, StepState.Succeeded, run.Event, null, now);
            return null;
        }
        Connection connection = run.Pipeline.Triggers.First(t => t.Connection.Id == stored.Connection).Connection;
        JsonElement? reads = null;
        if (connection.Connector.Events.GetValueOrDefault(stored.Type)?.Enrich is { } enrich)
        {
            JsonElement payload = JsonDocument.Parse(stored.Body).RootElement;
            (StepResult? notYet, reads, _) = await ReadEventAsync(run, connection, enrich, payload, isUrgent: false, now, cancellationToken).ConfigureAwait(false);
            if (notYet is not null)
            {
                return notYet;
            }
        }
        try
        {
            run.Event = receiver.Canonical(connection, stored.Type, stored.Id, stored.Body, reads);
        }
        catch (MappingException e)
        {
            return Fail(run, EventPath, e.Diagnostic, now);
        }
        byte[]? misfit = DeclaredShape.OfEvent(connection, stored.Type, run.Event) is { } warning ? StepError.Of(warning) : null;
        var record = new StepRecord(EventPath, 0, StepState.Succeeded, EventRecord.Write(run.Event), misfit, now);
        Record(run, record);
        return null;
    }

    /// <summary>Executes a step that has no result yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step.</param>
    /// <param name="now">The step's first start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StepResult> ExecuteAsync(RunProgress run, Step step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<string, JsonElement> values = run.Values(now);
        try
        {
            if (!RunConditions.IsTrue(step.When, values))
            {
                Record(run, step.Path, StepState.Skipped, null, null, now);
                return new StepResult.Done();
            }
            switch (step)
            {
                case MapStep map:
                    Record(run, step.Path, StepState.Succeeded, Element(map.Map.Evaluate(values, cancellationToken)), null, now);
                    return new StepResult.Done();
                case AwaitStep wait:
                    return await AwaitAsync(run, wait, values, now, cancellationToken).ConfigureAwait(false);
                default:
                    return await ActAsync(run, (ActionStep)step, values, now, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (MappingException e)
        {
            return Fail(run, step.Path, e.Diagnostic, now);
        }
    }

    private async Task<StepResult> ActAsync(RunProgress run, ActionStep step, Dictionary<string, JsonElement> values, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (step.Once is { } once && await ClaimAsync(run, once, values, cancellationToken).ConfigureAwait(false) is { } holder)
        {
            var found = new Diagnostic("once", DiagnosticSeverity.Information, $"Run {holder} holds the key of step '{step.Id}'.", "", null, null, null, DiagnosticFault.Author);
            return new StepResult.Leave(RunProgress.Left(RunState.Skipped, "once", found, time.GetUtcNow()));
        }
        EffectRecord? known = run.Effect(step.Path);
        JsonElement input = known is not null ? JsonDocument.Parse(known.Input).RootElement : Element(step.With is null ? new JsonObject() : step.With.Evaluate(values, cancellationToken));
        var request = new EffectRequest(run.Lease, run.Snapshot.Event.Id, step.Path, 0, step.Connection, step.Operation, input, now, step.Timeout, run.NextForce(step.Path))
        {
            Subject = run.Snapshot.Event.Subject,
            IsUrgent = run.Snapshot.Event.Type == ManualTrigger.EventType,
            AllowsDuplicates = step.AllowsDuplicates,
            Held = run.Held,
            Ends = ReferenceEquals(step, run.Pipeline.Steps[^1]) ? warning => run.Succeeded(warning, time.GetUtcNow()) : null,
        };
        EffectResult result = step.Operation.Parts.Count == 0
            ? await effects.PerformAsync(request, known, cancellationToken).ConfigureAwait(false)
            : await parts.PerformAsync(request, run.Effect, run.NextForce, cancellationToken).ConfigureAwait(false);
        switch (result)
        {
            case EffectResult.Done { EndedRun: true }:
                return new StepResult.Ended();
            case EffectResult.Done done:
                if (known?.State == EffectState.Confirmed || step.Operation.Parts.Count > 0)
                {
                    // Confirmed for an earlier run of this event (replay), or just before a crash, or in parts: only the step is missing.
                    Record(run, step.Path, StepState.Succeeded, done.Output, done.Warning, now);
                }
                else
                {
                    run.Add(new StepRecord(step.Path, 0, StepState.Succeeded, Bytes(done.Output), done.Warning is { } misfit ? StepError.Of(misfit) : null, now));
                }
                return new StepResult.Done();
            case EffectResult.Failed failed:
                return Fail(run, step.Path, failed.Problem, now);
            case EffectResult.Review review:
                return Review(step, review);
            default:
                return Again(run, step, (EffectResult.Again)result, now);
        }
    }

    private StepResult.Leave Review(ActionStep step, EffectResult.Review review)
    {
        Diagnostic? found = review.Message is { } message ? Found(review.Code, $"What '{step.Connection.Id}.{step.Operation.Name}' came to is not known: {message}") : null;
        return new StepResult.Leave(RunProgress.Left(RunState.NeedsReview, review.Code, found, time.GetUtcNow()));
    }

    private static Diagnostic Found(string code, string summary) => new(code, DiagnosticSeverity.Warning, summary, "", null, null, null, DiagnosticFault.Remote);

    private StepResult Again(RunProgress run, ActionStep step, EffectResult.Again again, DateTimeOffset now)
    {
        if (again.CountsAsAttempt && run.Snapshot.Attempts + 1 >= step.Retry.Max)
        {
            var problem = new Diagnostic(
                RetriesExhausted, DiagnosticSeverity.Error, $"Step '{step.Id}' did not succeed in {step.Retry.Max} tries; the last one ended with '{again.Code}'.", "", null, null, null, DiagnosticFault.Remote);
            return Fail(run, step.Path, problem, now);
        }
        if (run.Record(step.Path) is null && run.PlannedAt(step) is null)
        {
            // The step's time must not move when it is tried again before anything was planned.
            run.Held.Add(new StepRecord(step.Path, 0, StepState.Started, null, null, now));
        }
        DateTimeOffset due = again.At ?? time.GetUtcNow() + RetryDelay.Before(run.Snapshot.Attempts + 2, step.Retry.Delay, run.Lease.RunId);
        Diagnostic? found = again.Message is { } message ? Found(again.Code, $"'{step.Connection.Id}.{step.Operation.Name}' is tried again: {message}") : null;
        return new StepResult.Leave(RunProgress.Left(RunState.Ready, again.Code, found, time.GetUtcNow()) with { DueUtc = due, CountsAsAttempt = again.CountsAsAttempt });
    }

    /// <returns>The run that holds the claim; null when this one does.</returns>
    private async Task<string?> ClaimAsync(RunProgress run, Once once, Dictionary<string, JsonElement> values, CancellationToken cancellationToken)
    {
        string key = once.Key.Evaluate(values, cancellationToken)?.ToJsonString() ?? "null";
        DateTimeOffset now = time.GetUtcNow();
        await run.Held.RecordAsync(store, run.Lease, cancellationToken).ConfigureAwait(false);
        return await store.ClaimOnceAsync(run.Lease, once.Scope, key, now, now + once.Within, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StepResult> AwaitAsync(RunProgress run, AwaitStep step, Dictionary<string, JsonElement> values, DateTimeOffset now, CancellationToken cancellationToken)
    {
        WaitRecord? wait = run.Wait(step.Path);
        MatchedEvent? matched = wait?.Event;
        if (wait is null)
        {
            var match = step.Match.Select(m => KeyValuePair.Create(m.Key, Text(m.Value.Evaluate(values, cancellationToken)))).ToList();
            var plan = new WaitPlan(step.Path, 0, [.. step.Events.Select(e => (e.Connection.Id, e.EventType))], match, now + step.Timeout);
            await run.Held.RecordAsync(store, run.Lease, cancellationToken).ConfigureAwait(false);
            FaultPoint.Reach("wait.before_park");
            matched = await store.ParkAsync(run.Lease, plan, cancellationToken).ConfigureAwait(false);
            FaultPoint.Reach("wait.after_park");
            if (matched is null)
            {
                return new StepResult.Parked();
            }
        }
        if (matched is null && !step.ContinueOnTimeout)
        {
            var problem = new Diagnostic(AwaitTimeout, DiagnosticSeverity.Error, $"Await '{step.Id}' saw none of its events in time.", "", null, null, null, DiagnosticFault.Remote);
            return Fail(run, step.Path, problem, now);
        }
        Connection? source = matched is null ? null : step.Events.First(e => e.Connection.Id == matched.Event.Connection).Connection;
        JsonElement? happened = matched is null ? null : receiver.Canonical(source!, matched.Event.Type, matched.Event.Id, matched.Event.Body);
        Diagnostic? misfit = happened is { } canonical ? DeclaredShape.OfEvent(source!, matched!.Event.Type, canonical) : null;
        var output = new JsonObject { ["outcome"] = matched is null ? "timeout" : "event", ["event"] = happened is { } shown ? Node(shown) : null };
        Record(run, step.Path, StepState.Succeeded, Element(output), misfit, now);
        return new StepResult.Done();
    }

    private async Task<StepResult?> ReadSubjectAsync(RunProgress run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.Pipeline.Manual is not { } manual)
        {
            return new StepResult.Failed(new Diagnostic(NoManualTrigger, DiagnosticSeverity.Error, $"Pipeline '{run.Pipeline.Id}' has no manual trigger.", "", null, null, null, DiagnosticFault.Author));
        }
        string id = JsonDocument.Parse(run.Snapshot.Event.Body).RootElement.GetProperty("subject").GetString()!;
        (StepResult? notYet, JsonElement? output, Diagnostic? warning) = await ReadEventAsync(
            run, manual.Connection, manual.Operation, Element(new JsonObject { [manual.IdMember] = id }), isUrgent: true, now, cancellationToken).ConfigureAwait(false);
        if (output is not { } found)
        {
            return notYet;
        }
        JsonObject shaped = JsonNode.Parse(found.GetRawText())!.AsObject();
        shaped["type"] = ManualTrigger.EventType;
        shaped["id"] = run.Snapshot.Event.Id;
        shaped["raw"] ??= null;
        run.Event = Element(shaped);
        Record(run, EventPath, StepState.Succeeded, run.Event, warning, now);
        return null;
    }

    /// <summary>Reads what an event consists of, durably: a failure is tried again from the store, and what was read is kept.</summary>
    private async Task<(StepResult? NotYet, JsonElement? Output, Diagnostic? Warning)> ReadEventAsync(
        RunProgress run, Connection connection, ConnectorOperation operation, JsonElement input, bool isUrgent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var read = new ActionStep(EventPath, EventPath, null, connection, operation) { Retry = new Retry(Definitions.RetryDefaults.Max, Definitions.RetryDefaults.Delay) };
        var request = new EffectRequest(run.Lease, run.Snapshot.Event.Id, EventPath, 0, connection, operation, input, now, null, run.NextForce(EventPath)) { IsUrgent = isUrgent, Held = run.Held, StepFollows = true };
        EffectResult result = await effects.PerformAsync(request, run.Effect(EventPath), cancellationToken).ConfigureAwait(false);
        return result switch
        {
            EffectResult.Done done => (null, done.Output, done.Warning),
            EffectResult.Failed failed => (Fail(run, EventPath, failed.Problem, now), null, null),
            EffectResult.Again again => (Again(run, read, again, now), null, null),
            _ => (Review(read, (EffectResult.Review)result), null, null),
        };
    }

    private static StepResult.Failed Fail(RunProgress run, string path, Diagnostic problem, DateTimeOffset now)
    {
        Record(run, path, StepState.Failed, null, problem, now);
        return new StepResult.Failed(problem);
    }

    private static void Record(RunProgress run, string path, StepState state, JsonElement? output, Diagnostic? problem, DateTimeOffset now) =>
        Record(run, new StepRecord(path, 0, state, output is { } o ? Bytes(o) : null, problem is { } p ? StepError.Of(p) : null, now));

    private static void Record(RunProgress run, StepRecord record)
    {
        run.Held.Add(record);
        if (record.Path == EventPath)
        {
            run.Noted(record);
        }
        else
        {
            run.Add(record);
        }
    }

    private static string Text(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : value?.ToJsonString() ?? "";

    private static JsonElement Element(JsonNode? node) =>
        node is null ? JsonDocument.Parse("null").RootElement : JsonSerializer.SerializeToElement(node, RunJson.Default.JsonNode);

    private static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());

    private static byte[] Bytes(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());
}

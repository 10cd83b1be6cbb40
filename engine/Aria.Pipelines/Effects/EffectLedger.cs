using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Effects;

/// <summary>
/// Performs actions so that each effect happens once wherever the target lets that be known: intent is durable before the first byte (R1, R2),
/// the bytes never change (R3), and an unknown outcome is resolved by class, never by hope.
/// </summary>
internal sealed class EffectLedger(IStore store, IOperationClient client, IRateBudgets budgets, LoopGuard loops, TimeProvider time)
{
    private const int MaxInconclusiveLookups = 3;
    private const string LeaseEnding = "lease_ending";

    // A clock that is set back makes a lease seem longer than any timer can be.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);

    // When effects that a clock ahead dated into the future were first seen here, on the clock that nobody sets.
    private readonly ConcurrentDictionary<string, long> _sentAhead = new();

    /// <summary>Takes an action as far as it can go now.</summary>
    /// <param name="request">The action.</param>
    /// <param name="known">The effect as recorded, when it was planned before.</param>
    /// <param name="cancellationToken">Gives up; what was sent by then is unknown.</param>
    public async Task<EffectResult> PerformAsync(EffectRequest request, EffectRecord? known, CancellationToken cancellationToken)
    {
        if (known is null)
        {
            (EffectPlan? plan, EffectResult? early) = await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
            return plan is null ? early! : await StartAsync(request, plan, cancellationToken).ConfigureAwait(false);
        }
        if (known.State != EffectState.Confirmed)
        {
            await request.Held.RecordAsync(store, request.Lease, cancellationToken).ConfigureAwait(false);
        }
        return known.State switch
        {
            EffectState.Confirmed => Done(request, Json(known.Output)),
            EffectState.Rejected => new EffectResult.Failed(Problem(known.Code ?? "rejected", "The target refused the request earlier.")),
            EffectState.NeedsReview => new EffectResult.Review(known.Code ?? "outcome_unknown"),
            EffectState.Planned => await SendAsync(request, known, cancellationToken).ConfigureAwait(false),
            _ => await ResolveAsync(request, known, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Prepares an action and records its intent (R1); sends nothing but the reads it needs.</summary>
    /// <returns>The planned effect; or null and what came of it instead.</returns>
    public async Task<(EffectRecord? Effect, EffectResult? Early)> PlanAsync(EffectRequest request, CancellationToken cancellationToken)
    {
        (EffectPlan? plan, EffectResult? early) = await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        return plan is null ? (null, early) : (await RecordAsync(request, plan, cancellationToken).ConfigureAwait(false), null);
    }

    private async Task<(EffectPlan? Plan, EffectResult? Early)> PrepareAsync(EffectRequest request, CancellationToken cancellationToken)
    {
        string key = EffectKey.Of(request.EventId, request.Lease.Pipeline, request.Path, request.Iteration, request.Force);
        Preparation prepared = await client.PrepareAsync(request.Connection, request.Operation, request.Input, key, cancellationToken).ConfigureAwait(false);
        if (prepared.Problem is { } problem)
        {
            return (null, new EffectResult.Failed(problem));
        }
        if (prepared.Frozen is not { } frozen)
        {
            return (null, new EffectResult.Again(prepared.RetryAt, prepared.RetryCode ?? "read_failed", prepared.CountsAsAttempt, prepared.RetryMessage));
        }
        var plan = new EffectPlan(
            request.Path,
            request.Iteration,
            request.Class,
            request.Connection.Id,
            request.Operation.Name,
            Bytes(request.Input),
            frozen,
            key,
            request.StartedUtc,
            request.Force);
        FaultPoint.Reach("effect.before_plan");
        return (plan, null);
    }

    private async Task<EffectRecord> RecordAsync(EffectRequest request, EffectPlan plan, CancellationToken cancellationToken)
    {
        await request.Held.RecordAsync(store, request.Lease, cancellationToken).ConfigureAwait(false);
        EffectRecord planned = await store.PlanEffectAsync(request.Lease, plan, cancellationToken).ConfigureAwait(false);
        FaultPoint.Reach("effect.after_plan");
        return planned;
    }

    /// <summary>
    /// Records the intent, takes the permit and opens the attempt in one commit: a crash before it leaves nothing of the effect, and one after
    /// it what a crash between sending and answer leaves.
    /// </summary>
    private async Task<EffectResult> StartAsync(EffectRequest request, EffectPlan plan, CancellationToken cancellationToken)
    {
        if (!FitsIntoLease(request))
        {
            await RecordAsync(request, plan, cancellationToken).ConfigureAwait(false);
            return new EffectResult.Again(time.GetUtcNow(), LeaseEnding, CountsAsAttempt: false);
        }
        EffectStart? start = null;
        PermitRefusal? later = await budgets.TakeAsync(
            request.Budget,
            async permit =>
            {
                start = await store.StartEffectAsync(request.Lease, plan, permit, request.Held.Steps, cancellationToken).ConfigureAwait(false);
                request.Held.Recorded();
                FaultPoint.Reach("effect.after_plan");
                return start.Next;
            }).ConfigureAwait(false);
        if (later is not null)
        {
            if (start is null)
            {
                await RecordAsync(request, plan, cancellationToken).ConfigureAwait(false);
            }
            EngineMetrics.BudgetWaited(request.Connection.Id);
            return new EffectResult.Again(later.At, later.Code, CountsAsAttempt: false);
        }
        if (start!.Attempt is not { } number)
        {
            return await PerformAsync(request, start.Effect, cancellationToken).ConfigureAwait(false);
        }
        FaultPoint.Reach("effect.after_permit");
        using Activity? span = EngineTraces.Attempt(request.Connection.Id, request.Operation.Name, EffectRules.SendPhase);
        return await SendBegunAsync(request, start.Effect, number, span, cancellationToken).ConfigureAwait(false);
    }

    private Task<EffectResult> ResolveAsync(EffectRequest request, EffectRecord effect, CancellationToken cancellationToken) => effect.Class switch
    {
        EffectClass.Read or EffectClass.Idempotent or EffectClass.AtLeastOnce => SendAsync(request, effect, cancellationToken),
        EffectClass.Keyed when time.GetUtcNow() - effect.CreatedUtc < request.Operation.IdempotencyValidity => SendAsync(request, effect, cancellationToken),
        EffectClass.Keyed => ReviewAsync(request, effect, "idempotency_key_expired", cancellationToken),
        EffectClass.Lookup when effect.Lookups >= MaxInconclusiveLookups => ReviewAsync(request, effect, "lookup_inconclusive", cancellationToken),
        EffectClass.Lookup => LookUpAsync(request, effect, cancellationToken),
        _ => ReviewAsync(request, effect, "outcome_unknown", cancellationToken),
    };

    private async Task<EffectResult> SendAsync(EffectRequest request, EffectRecord effect, CancellationToken cancellationToken)
    {
        if (!FitsIntoLease(request))
        {
            return new EffectResult.Again(time.GetUtcNow(), LeaseEnding, CountsAsAttempt: false);
        }
        if (await budgets.TakeAsync(request.Budget, cancellationToken).ConfigureAwait(false) is { } later)
        {
            EngineMetrics.BudgetWaited(request.Connection.Id);
            return new EffectResult.Again(later.At, later.Code, CountsAsAttempt: false);
        }
        FaultPoint.Reach("effect.after_permit");
        using Activity? span = EngineTraces.Attempt(request.Connection.Id, request.Operation.Name, EffectRules.SendPhase);
        int number = await store.BeginAttemptAsync(request.Lease, effect.Id, EffectRules.SendPhase, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return await SendBegunAsync(request, effect, number, span, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends under an attempt that is on the disk (R2), and records what came of it.</summary>
    private async Task<EffectResult> SendBegunAsync(EffectRequest request, EffectRecord effect, int number, Activity? span, CancellationToken cancellationToken)
    {
        FaultPoint.Reach("effect.after_begin");
        loops.Expect(request.Connection.Id, request.Causes, request.Subject, request.EventId);
        OperationAnswer answer = await SendWithinLeaseAsync(request, effect, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome is not (OperationOutcome.Confirmed or OperationOutcome.Unknown))
        {
            loops.Withdraw(request.Connection.Id, request.Causes, request.Subject);
        }
        FaultPoint.Reach("effect.after_send");
        EffectState next = answer.Outcome switch
        {
            OperationOutcome.Confirmed => EffectState.Confirmed,
            OperationOutcome.Rejected => EffectState.Rejected,
            OperationOutcome.Unknown => effect.Class == EffectClass.Unsafe ? EffectState.NeedsReview : EffectState.Unknown,
            // This attempt was not processed; an earlier one may have been, and that stays unknown.
            _ => effect.State == EffectState.Unknown ? EffectState.Unknown : EffectState.Planned,
        };
        EffectResult.Done? done = await EndAsync(request, effect, number, next, answer, cancellationToken).ConfigureAwait(false);
        span?.End(Word(answer.Outcome), answer.Code);
        return done ?? Result(request, next, answer);
    }

    /// <summary>
    /// Sends while nobody else may (R4): what left, or still was on its way, after the lease had ended would be missed by a look-up of the next
    /// owner, and so be done twice.
    /// </summary>
    private async Task<OperationAnswer> SendWithinLeaseAsync(EffectRequest request, EffectRecord effect, CancellationToken cancellationToken)
    {
        // The commit may have waited long for the disk, or the process may have stood still.
        if (!FitsIntoLease(request))
        {
            return new OperationAnswer(OperationOutcome.NotSent, null, null, null, TimeSpan.Zero, LeaseEnding, null, time.GetUtcNow(), null);
        }
        TimeSpan left = request.Lease.Until - time.GetUtcNow();
        using var leaseEnd = new CancellationTokenSource(left < LongestTimer ? left : LongestTimer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaseEnd.Token, cancellationToken);
        try
        {
            return await client.SendAsync(request.Connection, request.Operation, request.Input, effect.Request, request.Timeout, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LeaseLostException(request.Lease.RunId);
        }
    }

    private bool FitsIntoLease(EffectRequest request) =>
        request.Lease.Until - time.GetUtcNow() > (request.Timeout ?? request.Connection.Connector.Http.Timeout);

    private async Task<EffectResult> LookUpAsync(EffectRequest request, EffectRecord effect, CancellationToken cancellationToken)
    {
        DateTimeOffset believable = BelievableFrom(effect, request.Operation.Lookup?.Delay ?? TimeSpan.Zero);
        if (time.GetUtcNow() < believable)
        {
            return new EffectResult.Again(believable, "outcome_unknown", CountsAsAttempt: false);
        }
        if (await budgets.TakeAsync(request.Budget, cancellationToken).ConfigureAwait(false) is { } later)
        {
            EngineMetrics.BudgetWaited(request.Connection.Id);
            return new EffectResult.Again(later.At, later.Code, CountsAsAttempt: false);
        }
        using Activity? span = EngineTraces.Attempt(request.Connection.Id, request.Operation.Name, "lookup");
        int number = await store.BeginAttemptAsync(request.Lease, effect.Id, "lookup", time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        FaultPoint.Reach("lookup.after_begin");
        OperationAnswer answer = await client.LookUpAsync(request.Connection, request.Operation, request.Input, effect.IdempotencyKey, effect.Request, cancellationToken).ConfigureAwait(false);
        FaultPoint.Reach("lookup.after_answer");
        EffectState next = answer.Outcome switch
        {
            OperationOutcome.Confirmed => EffectState.Confirmed,
            OperationOutcome.NotFound => EffectState.Planned,
            _ => EffectState.Unknown,
        };
        EffectResult.Done? done = await EndAsync(request, effect, number, next, answer, cancellationToken).ConfigureAwait(false);
        span?.End(Word(answer.Outcome), answer.Code);
        if (next != EffectState.Unknown)
        {
            _sentAhead.TryRemove(effect.Id, out _);
        }
        return next switch
        {
            EffectState.Confirmed => done!,
            EffectState.Planned => new EffectResult.Again(time.GetUtcNow(), "not_found", CountsAsAttempt: false),
            _ when answer.IsPermanent => NotSent(request, answer),
            _ => new EffectResult.Again(answer.RetryAt, answer.Code ?? "lookup_inconclusive", CountsAsAttempt: answer.Outcome != OperationOutcome.RateLimited, answer.Message),
        };
    }

    /// <summary>A change may stay invisible for a while: when a "not found" can be believed.</summary>
    private DateTimeOffset BelievableFrom(EffectRecord effect, TimeSpan delay)
    {
        DateTimeOffset sent = effect.LastAttemptUtc ?? effect.CreatedUtc;
        DateTimeOffset now = time.GetUtcNow();
        if (sent <= now)
        {
            return sent + delay;
        }
        // The clock was ahead when it was sent, which was before now all the same.
        long seen = _sentAhead.GetOrAdd(effect.Id, _ => time.GetTimestamp());
        return now + delay - time.GetElapsedTime(seen);
    }

    private async Task<EffectResult> ReviewAsync(EffectRequest request, EffectRecord effect, string code, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        int number = await store.BeginAttemptAsync(request.Lease, effect.Id, "review", now, cancellationToken).ConfigureAwait(false);
        FaultPoint.Reach("review.after_begin");
        var result = new AttemptResult(effect.Id, number, EffectState.NeedsReview, "needs_review", null, TimeSpan.Zero, code, null, null, null, now);
        await store.EndAttemptAsync(request.Lease, result, null, cancellationToken).ConfigureAwait(false);
        return new EffectResult.Review(code);
    }

    /// <returns>What was confirmed, if it was.</returns>
    private async Task<EffectResult.Done?> EndAsync(
        EffectRequest request, EffectRecord effect, int number, EffectState next, OperationAnswer answer, CancellationToken cancellationToken)
    {
        // The target did it, whatever it answered: a misfit is recorded in the same commit and changes nothing about the effect.
        EffectResult.Done? done = next == EffectState.Confirmed ? Done(request, answer.Output ?? Json(null)) : null;
        byte[]? output = done is null ? null : Bytes(done.Output);
        byte[]? warning = done?.Warning is { } misfit ? StepError.Of(misfit) : null;
        StepRecord? step = output is null || request.StepFollows ? null : new StepRecord(request.Path, request.Iteration, StepState.Succeeded, output, warning, request.StartedUtc);
        RunTransition? ends = step is null ? null : request.Ends?.Invoke(done!.Warning);
        var result = new AttemptResult(
            effect.Id, number, next, Word(answer.Outcome), answer.Status, answer.Elapsed, answer.Code, output, answer.Reference, answer.Response, time.GetUtcNow())
        {
            CanBeRepeated = effect.Class != EffectClass.Unsafe,
            Ends = ends,
        };
        if (ends is not null)
        {
            FaultPoint.Reach("run.before_release");
        }
        await store.EndAttemptAsync(request.Lease, result, step, cancellationToken).ConfigureAwait(false);
        EngineMetrics.AttemptEnded(request.Connection.Id, request.Operation.Name, StateNames.Of(effect.Class), result.Outcome, answer.Elapsed);
        FaultPoint.Reach("effect.after_end");
        return done is null ? null : done with { EndedRun = ends is not null };
    }

    private static EffectResult.Done Done(EffectRequest request, JsonElement output) =>
        new(output, DeclaredShape.OfOutput(request.Connection, request.Operation, output));

    /// <summary>What an attempt came to that was not confirmed.</summary>
    private static EffectResult Result(EffectRequest request, EffectState next, OperationAnswer answer) => next switch
    {
        EffectState.Rejected => new EffectResult.Failed(Problem(
            answer.Code ?? "rejected",
            $"'{request.Connection.Id}' refused '{request.Operation.Name}'{(answer.Status is { } status ? $" with status {status}" : "")}: {answer.Message ?? "no reason given"}")),
        EffectState.NeedsReview => new EffectResult.Review(answer.Code ?? "outcome_unknown", answer.Message),
        _ when answer.IsPermanent => NotSent(request, answer),
        _ => new EffectResult.Again(answer.RetryAt, answer.Code ?? Word(answer.Outcome), CountsAsAttempt: answer.Outcome != OperationOutcome.RateLimited && answer.Code != LeaseEnding, answer.Message),
    };

    /// <summary>Trying again needs a person first. The effect stays as it is, so that a replay sends it, or looks for it, once the cause is mended.</summary>
    private static EffectResult.Failed NotSent(EffectRequest request, OperationAnswer answer) => new(
        new Diagnostic(answer.Code!, DiagnosticSeverity.Error, $"'{request.Connection.Id}.{request.Operation.Name}' was not sent: {answer.Message}", "", null, null, null, DiagnosticFault.Operator));

    private static string Word(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Confirmed => "confirmed",
        OperationOutcome.Rejected => "rejected",
        OperationOutcome.NotSent => "not_sent",
        OperationOutcome.RateLimited => "rate_limited",
        OperationOutcome.NotFound => "not_found",
        _ => "unknown",
    };

    private static Diagnostic Problem(string code, string summary) =>
        new(code, DiagnosticSeverity.Error, summary, "", null, null, null, DiagnosticFault.Remote);

    private static JsonElement Json(byte[]? bytes) => JsonDocument.Parse(bytes ?? "null"u8.ToArray()).RootElement;

    private static byte[] Bytes(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());
}

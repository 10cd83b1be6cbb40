using System.Diagnostics;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Runs;

/// <summary>
/// The whole life of a run, top to bottom. Everything it has done is in the store, so it can begin anywhere: recorded steps are passed over,
/// and the loop continues with the first one that is not.
/// </summary>
internal sealed partial class RunExecutor(IStore store, PipelineCatalog catalog, StepExecutor steps, TimeProvider time, ILogger<RunExecutor> log)
{
    // A step may take a lease's half (R4); with less than this left, the run is leased anew first.
    private static readonly TimeSpan LeaseReserve = RetryDefaults.LongestAttempt;

    // A run that takes the host down again and again must not keep the others from running (reliability 4.4, row 76).
    private const int MaxCrashes = 3;
    private const string DefinitionInvalid = "definition_invalid";
    private const string InCrashLoop = "crash_loop";

    // What these say is made of names from definitions and of codes. Others may quote an event, or what a target said of a person.
    private static readonly HashSet<string> Impersonal =
        [DefinitionInvalid, InCrashLoop, ContentIntegrityException.Code, StepExecutor.AwaitTimeout, StepExecutor.RetriesExhausted, StepExecutor.NoManualTrigger];

    /// <summary>Executes a leased run until it ends, parks or must wait.</summary>
    /// <param name="lease">The lease; given back in every case.</param>
    /// <param name="stopping">Asks to stop after the step at work.</param>
    /// <param name="abort">Gives up the step at work; its effect is then unknown.</param>
    public async Task ExecuteAsync(RunLease lease, CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            StepResult result = await RunAsync(lease, stopping, abort).ConfigureAwait(false);
            if (result is StepResult.Leave { Transition: var transition })
            {
                FaultPoint.Reach("run.before_release");
                await ReleaseAsync(lease, transition).ConfigureAwait(false);
                Tell(lease, transition);
            }
            FaultPoint.Reach("run.after_release");
            RunState state = result switch
            {
                StepResult.Leave left => left.Transition.State,
                StepResult.Ended => RunState.Succeeded,
                _ => RunState.Waiting,
            };
            EngineMetrics.RunLeft(lease.Pipeline, StateNames.Of(state));
        }
        catch (LeaseLostException)
        {
            // Somebody else has the run by now; what was done since is theirs to resolve.
            return;
        }
    }

    /// <summary>Tells people of a run that does not go on without them.</summary>
    private void Tell(RunLease lease, RunTransition left)
    {
        if (left.State == RunState.NeedsReview)
        {
            LogNeedsReview(log, lease.RunId, lease.Pipeline, left.Code, $"aria runs {lease.RunId}");
        }
        else if (left.State == RunState.Dead)
        {
            string? said = left.Diagnostic is { } diagnostic && Impersonal.Contains(left.Code ?? "") ? JsonSerializer.Deserialize(diagnostic, RunJson.Default.Diagnostic)!.Summary : null;
            LogDead(log, lease.RunId, lease.Pipeline, left.Failure is { Step.Length: > 0 } failure ? $"at step {failure.Step}" : "outside of its steps", left.Code, said ?? $"'aria runs {lease.RunId}' says why.");
        }
    }

    private async Task ReleaseAsync(RunLease lease, RunTransition transition)
    {
        try
        {
            await store.ReleaseAsync(lease, transition, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ContentIntegrityException) when (transition.Diagnostic is not null || transition.Steps.Count > 0)
        {
            // What the diagnostic and the steps would be sealed with is damaged, too; the code says it without.
            await store.ReleaseAsync(lease, transition with { Diagnostic = null, Steps = [] }, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<StepResult> RunAsync(RunLease lease, CancellationToken stopping, CancellationToken abort)
    {
        RunSnapshot snapshot;
        Pipeline? pipeline;
        DiagnosticBag findings;
        try
        {
            snapshot = lease.Snapshot ?? await store.ReadRunAsync(lease, abort).ConfigureAwait(false);
            (pipeline, findings) = await catalog.FindAsync(lease.Pipeline, lease.DefinitionHash, abort).ConfigureAwait(false);
        }
        catch (ContentIntegrityException e)
        {
            // Nothing is under way: whatever was is closed with the lease before this one.
            return Dead(lease, "", ContentIntegrityException.Code, Damaged(e));
        }
        using Activity? span = EngineTraces.Run(snapshot.Event.Id, lease.RunId, lease.Pipeline);
        if (pipeline is null)
        {
            return Dead(lease, "", DefinitionInvalid, findings.Items[0]);
        }
        if (snapshot.Crashes >= MaxCrashes)
        {
            return Dead(lease, "", InCrashLoop, CrashLoop(lease));
        }
        var run = new RunProgress(lease, snapshot, pipeline);
        StepResult result;
        try
        {
            result = await StepsAsync(run, stopping, abort).ConfigureAwait(false);
        }
        catch (MappingException e)
        {
            result = Dead(lease, "", e.Diagnostic.Code, e.Diagnostic);
        }
        return result is StepResult.Leave { Transition: var transition } ? new StepResult.Leave(transition with { Steps = run.Held.Steps }) : result;
    }

    private async Task<StepResult> StepsAsync(RunProgress run, CancellationToken stopping, CancellationToken abort)
    {
        if (await steps.LoadEventAsync(run, abort).ConfigureAwait(false) is { } notReady)
        {
            return notReady is StepResult.Failed noEvent ? Dead(run.Lease, "", noEvent.Problem.Code, noEvent.Problem) : notReady;
        }
        FaultPoint.Reach("run.after_event");
        if (RunConditions.ReasonToSkip(run, time.GetUtcNow()) is { } reason)
        {
            return new StepResult.Leave(RunProgress.Left(RunState.Skipped, reason, null, time.GetUtcNow()));
        }
        foreach (Step step in run.Pipeline.Steps)
        {
            switch (await StepAsync(run, step, stopping, abort).ConfigureAwait(false))
            {
                case StepResult.Failed failed when !GoesOn(step):
                    return await FailAsync(run, step, failed.Problem, stopping, abort).ConfigureAwait(false);
                case not (StepResult.Done or StepResult.Failed) and var left:
                    return left;
            }
        }
        return new StepResult.Leave(run.Succeeded(null, time.GetUtcNow()));
    }

    private async Task<StepResult> FailAsync(RunProgress run, Step failed, Diagnostic problem, CancellationToken stopping, CancellationToken abort)
    {
        IReadOnlyList<Step> own = failed is ActionStep action ? action.OnFailureSteps : [];
        foreach (Step step in own.Concat(run.Pipeline.OnFailure))
        {
            // A failure in here is recorded at its step; the run reports the failure that led here.
            switch (await StepAsync(run, step, stopping, abort).ConfigureAwait(false))
            {
                case StepResult.Parked parked:
                    return parked;
                case StepResult.Leave { Transition.State: not RunState.NeedsReview } leave:
                    return leave;
            }
        }
        return Dead(run.Lease, failed.Path, problem.Code, problem);
    }

    private async Task<StepResult> StepAsync(RunProgress run, Step step, CancellationToken stopping, CancellationToken abort)
    {
        StepRecord? record = run.Record(step.Path);
        if (record is { State: StepState.Succeeded or StepState.Skipped })
        {
            return new StepResult.Done();
        }
        if (record is { State: StepState.Failed })
        {
            return new StepResult.Failed(StepError.Read(record.Error));
        }
        DateTimeOffset now = time.GetUtcNow();
        if (stopping.IsCancellationRequested || run.Lease.Until - now < LeaseReserve)
        {
            return new StepResult.Leave(new RunTransition(RunState.Ready, now, null, null, now));
        }
        using Activity? span = EngineTraces.Step(step.Path);
        return await steps.ExecuteAsync(run, step, record?.StartedUtc ?? run.PlannedAt(step) ?? now, abort).ConfigureAwait(false);
    }

    private static Diagnostic Damaged(ContentIntegrityException e) => new(
        ContentIntegrityException.Code,
        DiagnosticSeverity.Error,
        e.Message,
        "Stop the host, restore the last backup, and replay the event where it is sound.",
        null,
        null,
        null,
        DiagnosticFault.Engine);

    private static Diagnostic CrashLoop(RunLease lease) => new(
        InCrashLoop,
        DiagnosticSeverity.Error,
        $"The host stopped or failed {MaxCrashes} times in a row while working on run {lease.RunId}.",
        "The log names what failed, under the run's id. Replay the event when it is mended.",
        null,
        null,
        null,
        DiagnosticFault.Engine);

    private static bool GoesOn(Step step) => step is ActionStep { OnFailure: FailurePolicy.Continue };

    private StepResult.Leave Dead(RunLease lease, string step, string code, Diagnostic problem) =>
        new(RunProgress.Left(RunState.Dead, code, problem, time.GetUtcNow()) with { Failure = FailureFingerprint.Of(lease.Pipeline, step, problem) });

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "Run {RunId} of pipeline {Pipeline} died {Where}: {Code}. {Summary}")]
    private static partial void LogDead(ILogger log, string runId, string pipeline, string where, string? code, string summary);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning, Message = "Run {RunId} of pipeline {Pipeline} needs review: {Code}. '{Command}' shows what is unknown, and how to decide it")]
    private static partial void LogNeedsReview(ILogger log, string runId, string pipeline, string? code, string command);
}

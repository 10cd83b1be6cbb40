
namespace Aria.Pipelines.Store;

/// <summary>A delivery to be stored: no, one or several events that came in one request.</summary>
/// <param name="Connection">Id of the connection it came through.</param>
/// <param name="Kind"><c>webhook</c>, <c>poll</c>, <c>schedule</c> or <c>manual</c>.</param>
/// <param name="ReceivedUtc">When it had been read.</param>
/// <param name="Headers">Request headers as JSON, secrets masked.</param>
/// <param name="Events">Its events, in order.</param>
internal sealed record Acceptance(string Connection, string Kind, DateTimeOffset ReceivedUtc, byte[] Headers, IReadOnlyList<IncomingEvent> Events)
{
    /// <summary>The cursor to move in the same commit; null for what was not read by polling. Without events, only the cursor moves.</summary>
    public CursorMove? Cursor { get; init; }
}

/// <summary>One event of a delivery.</summary>
/// <param name="Type">Event type as the connector names it, for example <c>application.stage_changed</c>; empty when it could not be decoded.</param>
/// <param name="Subject">What it is about, for example <c>application:100</c>; runs of one subject keep their order; empty when about nothing.</param>
/// <param name="DedupeKey">Bytes that are equal for the same event delivered again (hashed with a secret by the store).</param>
/// <param name="Body">The event's raw bytes: the whole body, or its part of a batch.</param>
/// <param name="Correlation">Declared correlation keys and their values.</param>
/// <param name="Runs">The runs it starts.</param>
/// <param name="QuarantineCode">Why it is quarantined; null for a good event.</param>
/// <param name="KeyIsId">True when the dedupe key is an id that the sender gave, so that another body under it is a contradiction.</param>
internal sealed record IncomingEvent(
    string Type,
    string Subject,
    byte[] DedupeKey,
    byte[] Body,
    IReadOnlyList<KeyValuePair<string, string>> Correlation,
    IReadOnlyList<RunPlan> Runs,
    string? QuarantineCode,
    bool KeyIsId = false);

/// <summary>A run to be created: the pipeline's id and the content hash of the definition it keeps.</summary>
internal sealed record RunPlan(string Pipeline, string DefinitionHash);

/// <summary>What became of an incoming event.</summary>
/// <param name="Id">Public id; of the first one when it is a duplicate.</param>
/// <param name="Sequence">Order of acceptance.</param>
/// <param name="IsDuplicate">True when it had been accepted before.</param>
/// <param name="State">The event's state now.</param>
/// <param name="RunIds">Ids of the runs created by this acceptance.</param>
/// <param name="Code">Why it is quarantined by this acceptance; null when it is not.</param>
internal sealed record AcceptedEvent(string Id, long Sequence, bool IsDuplicate, string State, IReadOnlyList<string> RunIds, string? Code = null);

/// <summary>The right to work on a run until a time; commits under another fence are refused (R4).</summary>
internal sealed record RunLease(string RunId, long EventSequence, string Pipeline, string DefinitionHash, long Fence, DateTimeOffset Until)
{
    /// <summary>What is recorded of the run, where that is known without reading it; null to ask <see cref="IStore.ReadRunAsync"/>.</summary>
    public RunSnapshot? Snapshot { get; init; }
}

/// <summary>A stored event, decrypted.</summary>
internal sealed record StoredEvent(string Id, long Sequence, string Connection, string Type, string Subject, byte[] Body, DateTimeOffset ReceivedUtc);

/// <summary>Everything recorded of a run.</summary>
/// <param name="Event">The event it processes.</param>
/// <param name="Replay">0 for the first run of the event.</param>
/// <param name="Attempts">Failed tries of the step at work; a finished step sets it to 0.</param>
/// <param name="Crashes">How often the host died, or failed, while working on it since the last finished step.</param>
/// <param name="Steps">Recorded results.</param>
/// <param name="Effects">Effects of the event and pipeline, also those of earlier replays.</param>
/// <param name="Waits">Waits, open and ended.</param>
internal sealed record RunSnapshot(
    StoredEvent Event,
    int Replay,
    int Attempts,
    int Crashes,
    IReadOnlyList<StepRecord> Steps,
    IReadOnlyList<EffectRecord> Effects,
    IReadOnlyList<WaitRecord> Waits);

/// <summary>The recorded result of a step.</summary>
/// <param name="Path">Hierarchical id, for example <c>invite</c> or <c>onFailure/failed</c>.</param>
/// <param name="Iteration">0 outside of loops.</param>
/// <param name="State">What became of it.</param>
/// <param name="Output">JSON; null when there is none.</param>
/// <param name="Error">JSON <c>{code, message}</c>; null when there is none.</param>
/// <param name="StartedUtc">First start: the step's <c>now</c>.</param>
internal sealed record StepRecord(string Path, int Iteration, StepState State, byte[]? Output, byte[]? Error, DateTimeOffset StartedUtc)
{
    /// <summary>The row id under which a step's content is sealed.</summary>
    public static string RowOf(string runId, string path, int iteration) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{runId}/{path}/{iteration}");
}

internal enum StepState
{
    Started,
    Succeeded,
    Skipped,
    Failed,
}

/// <summary>An intent to change something outside.</summary>
/// <param name="Path">Step path.</param>
/// <param name="Iteration">0 outside of loops.</param>
/// <param name="Class">What may be done when the outcome is unknown.</param>
/// <param name="Connection">Connection it goes through.</param>
/// <param name="Operation">Operation of its connector.</param>
/// <param name="Input">The operation's input, JSON.</param>
/// <param name="Request">The frozen request (R3).</param>
/// <param name="IdempotencyKey">Key sent with it, or marker to find it by.</param>
/// <param name="CreatedUtc">When it was decided.</param>
/// <param name="Force">0, or one more than the number of the superseded effect in whose place it comes.</param>
internal sealed record EffectPlan(
    string Path,
    int Iteration,
    EffectClass Class,
    string Connection,
    string Operation,
    byte[] Input,
    byte[] Request,
    string IdempotencyKey,
    DateTimeOffset CreatedUtc,
    int Force = 0);

/// <summary>The terms on which a permit is taken from a persisted bucket.</summary>
/// <param name="Scope">Whose bucket.</param>
/// <param name="Limit">Its limit.</param>
/// <param name="Now">When.</param>
internal sealed record Permit(string Scope, BudgetLimit Limit, DateTimeOffset Now);

/// <summary>What starting an effect came to.</summary>
/// <param name="Effect">The effect, as it was before the attempt.</param>
/// <param name="Attempt">Number of the attempt that may send now; null when none may.</param>
/// <param name="Next">When to ask for a permit again; null unless the bucket refused.</param>
internal sealed record EffectStart(EffectRecord Effect, int? Attempt, DateTimeOffset? Next);

/// <summary>An effect as recorded.</summary>
internal sealed record EffectRecord(
    string Id,
    string Path,
    int Iteration,
    EffectClass Class,
    EffectState State,
    string Connection,
    string Operation,
    byte[] Input,
    byte[] Request,
    string IdempotencyKey,
    byte[]? Output,
    string? RemoteReference,
    string? Code,
    int Attempts,
    int Lookups,
    DateTimeOffset CreatedUtc,
    DateTimeOffset? LastAttemptUtc,
    int Force = 0);

/// <summary>How an attempt ended.</summary>
/// <param name="EffectId">The effect.</param>
/// <param name="Number">Attempt number given by <see cref="IStore.BeginAttemptAsync"/>.</param>
/// <param name="State">The effect's next state.</param>
/// <param name="Outcome">Word for people: confirmed, rejected, not_sent, rate_limited, unknown, found, not_found, inconclusive.</param>
/// <param name="HttpStatus">Status of the answer, when there was one.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Code">Code of the failure; null on success.</param>
/// <param name="Output">The operation's output, JSON, when confirmed.</param>
/// <param name="RemoteReference">Id of the thing made at the remote system, when known.</param>
/// <param name="Response">Masked answer (status, headers, body excerpt) as JSON, for people.</param>
/// <param name="EndedUtc">When.</param>
internal sealed record AttemptResult(
    string EffectId,
    int Number,
    EffectState State,
    string Outcome,
    int? HttpStatus,
    TimeSpan Elapsed,
    string? Code,
    byte[]? Output,
    string? RemoteReference,
    byte[]? Response,
    DateTimeOffset EndedUtc)
{
    /// <summary>True when this result may be lost with the power for a moment: the attempt would then be unknown, and its effect's class settles that without a person.</summary>
    public bool CanBeRepeated { get; init; }

    /// <summary>How the run ends with it, in the same commit; null when the run goes on.</summary>
    public RunTransition? Ends { get; init; }
}

/// <summary>A wait for one of several events of one or more connections.</summary>
/// <param name="Path">Step path.</param>
/// <param name="Iteration">0 outside of loops.</param>
/// <param name="Events">Connection and event type of each event that may end it.</param>
/// <param name="Match">Correlation keys and values, all of which must be equal.</param>
/// <param name="DueUtc">The deadline.</param>
internal sealed record WaitPlan(
    string Path,
    int Iteration,
    IReadOnlyList<(string Connection, string Type)> Events,
    IReadOnlyList<KeyValuePair<string, string>> Match,
    DateTimeOffset DueUtc);

/// <summary>A wait as recorded: open, matched or timed out.</summary>
internal sealed record WaitRecord(string Path, int Iteration, WaitState State, MatchedEvent? Event, DateTimeOffset DueUtc);

internal enum WaitState
{
    Open,
    Matched,
    TimedOut,
}

/// <summary>The event that ended a wait.</summary>
internal sealed record MatchedEvent(StoredEvent Event);

/// <summary>The next state of a run when its lease is given back.</summary>
/// <param name="State">Next state.</param>
/// <param name="DueUtc">When it is due again, for <see cref="RunState.Ready"/>.</param>
/// <param name="Code">Reason or error code, for people and for grouping.</param>
/// <param name="Diagnostic">Full finding as JSON; null when there is none.</param>
/// <param name="Now">When.</param>
/// <param name="CountsAsAttempt">True when this was a failed try that uses up the retry allowance.</param>
/// <param name="Failure">Where and how it failed, for <see cref="RunState.Dead"/>.</param>
internal sealed record RunTransition(
    RunState State, DateTimeOffset? DueUtc, string? Code, byte[]? Diagnostic, DateTimeOffset Now, bool CountsAsAttempt = false, RunFailure? Failure = null)
{
    /// <summary>Results of steps that are recorded in the same commit.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];
}

internal enum RunState
{
    Ready,
    Leased,
    Waiting,
    NeedsReview,
    Succeeded,
    Skipped,
    Dead,
    Cancelled,
}

/// <summary>A token bucket: holds at most <paramref name="Limit"/> in every rolling <paramref name="Window"/>.</summary>
/// <param name="Limit">Requests per window that the remote system allows.</param>
/// <param name="Window">Length of the window.</param>
internal sealed record BudgetLimit(int Limit, TimeSpan Window)
{
    /// <summary>Permits that whoever takes with this leaves in the bucket, for those who may not wait.</summary>
    public int Keep { get; init; }
}

/// <summary>Which runs to list.</summary>
internal sealed record RunQuery(string? Pipeline, RunState? State, int Max)
{
    /// <summary>Connections with subjects, exactly as they are recorded: only runs about one of them. Null for all.</summary>
    public IReadOnlyList<(string Connection, string Subject)>? Subjects { get; init; }
}

/// <summary>One row of the list of runs.</summary>
internal sealed record RunSummary(
    string Id, string EventId, string EventType, string Connection, string Pipeline, string DefinitionHash, RunState State, string? Code,
    DateTimeOffset ReceivedUtc, DateTimeOffset? DueUtc, int Replay = 0, string? FailedStep = null, string? Fingerprint = null)
{
    /// <summary>What its event is about; null where that was not asked for, and when it cannot be read.</summary>
    public string? Subject { get; init; }

    /// <summary>The latest run of the same event and pipeline, when it is another one; null where that was not asked for.</summary>
    public string? ReplayedAs { get; init; }
}

/// <summary>One run in full.</summary>
internal sealed record RunDetail(RunSummary Run, StoredEvent Event, IReadOnlyList<StepRecord> Steps, IReadOnlyList<EffectRecord> Effects, IReadOnlyList<AttemptRecord> Attempts, byte[]? Diagnostic);

/// <summary>One try at an effect, as recorded.</summary>
internal sealed record AttemptRecord(string EffectId, int Number, string Phase, DateTimeOffset StartedUtc, string? Outcome, int? HttpStatus, long? Milliseconds, string? Code, byte[]? Response);

/// <summary>Counts by state, for health, tests and the demo.</summary>
internal sealed record StoreCounts(IReadOnlyDictionary<string, long> Events, IReadOnlyDictionary<string, long> Runs, IReadOnlyDictionary<string, long> Effects, long DuplicateDeliveries);

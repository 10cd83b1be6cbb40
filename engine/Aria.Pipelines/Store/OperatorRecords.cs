namespace Aria.Pipelines.Store;

/// <summary>Who does something, when and why: becomes part of the audit row.</summary>
/// <param name="By">Who asked, for example the user of the operating system.</param>
/// <param name="Reason">In the operator's words; null when none was given.</param>
/// <param name="AtUtc">When.</param>
internal sealed record OperatorAct(string By, string? Reason, DateTimeOffset AtUtc);

/// <summary>What becomes of an effect under review.</summary>
/// <param name="EffectId">The effect.</param>
/// <param name="SendAgain">True to send it again under the next force number; false when it was done.</param>
/// <param name="Output">Its output, JSON, when it was done; null stands for JSON null, and corrects nothing.</param>
internal sealed record EffectDecision(string EffectId, bool SendAgain, byte[]? Output);

/// <summary>What a decision came to.</summary>
/// <param name="EffectId">The effect that counts from now on: the same one, or the one that takes its place.</param>
/// <param name="ResumedRunId">The run that goes on; null when none was waiting for the decision.</param>
/// <param name="IsCorrection">True when it was decided before, and only its answer is another one now.</param>
internal sealed record EffectDecided(string EffectId, string? ResumedRunId, bool IsCorrection = false);

/// <summary>One run to be replayed.</summary>
/// <param name="RunId">The latest run of its event and pipeline.</param>
/// <param name="DefinitionHash">The definition of the new run.</param>
/// <param name="Force">True to send confirmed effects again.</param>
internal sealed record ReplayOrder(string RunId, string DefinitionHash, bool Force);

/// <summary>What became of an order: exactly one of the last two is given.</summary>
/// <param name="FormerRunId">The run that was to be replayed.</param>
/// <param name="RunId">The new run.</param>
/// <param name="Refusal">Why there is none.</param>
internal sealed record ReplayedRun(string FormerRunId, string? RunId, string? Refusal);

/// <summary>Which latest runs to find. Absent members do not restrict.</summary>
/// <param name="EventId">Of this event.</param>
/// <param name="Pipeline">Of this pipeline.</param>
/// <param name="Connection">Of events of this connection.</param>
/// <param name="States">In one of these states; empty for those that have ended.</param>
/// <param name="Code">With this code.</param>
/// <param name="Fingerprint">Failed like this.</param>
/// <param name="Since">Of events received at or after.</param>
/// <param name="Until">Of events received before.</param>
internal sealed record LatestRunQuery(
    string? EventId = null,
    string? Pipeline = null,
    string? Connection = null,
    IReadOnlyList<RunState>? States = null,
    string? Code = null,
    string? Fingerprint = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null);

/// <summary>Dead runs that failed alike.</summary>
/// <param name="Fingerprint">Equal for failures with the same pipeline, step, code and message, numbers and ids aside.</param>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Step">Path of the step that failed; empty when it was none.</param>
/// <param name="Code">The code.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstUtc">When the first of them failed.</param>
/// <param name="LastUtc">When the last of them failed.</param>
/// <param name="ExampleRunId">The last one.</param>
internal sealed record FailureGroup(
    string Fingerprint, string Pipeline, string Step, string? Code, long Count, DateTimeOffset FirstUtc, DateTimeOffset LastUtc, string ExampleRunId);

/// <summary>Which events to list.</summary>
internal sealed record EventQuery(string? State, string? Connection, int Max);

/// <summary>One row of the list of events.</summary>
/// <param name="Id">Public id.</param>
/// <param name="Sequence">Order of acceptance.</param>
/// <param name="Connection">Connection it came through.</param>
/// <param name="Kind">How it came, see <see cref="Acceptance.Kind"/>.</param>
/// <param name="Type">Event type; empty when it could not be decoded.</param>
/// <param name="State">One of <see cref="EventStates"/>.</param>
/// <param name="Code">Why it is quarantined, or a mark such as <c>late_replay</c>; null for neither.</param>
/// <param name="ReceivedUtc">When it came.</param>
/// <param name="Duplicates">How often it came again.</param>
/// <param name="DecodedFrom">Id of the quarantined event it was decoded from; null for others.</param>
internal sealed record EventSummary(
    string Id, long Sequence, string Connection, string Kind, string Type, string State, string? Code, DateTimeOffset ReceivedUtc, long Duplicates, string? DecodedFrom);

/// <summary>An event in full.</summary>
/// <param name="Event">Its row.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Headers">Headers of its request, JSON as stored.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="DecodedInto">Ids of the events that were decoded from it later.</param>
/// <param name="Runs">Its runs, oldest first.</param>
internal sealed record EventDetail(
    EventSummary Event, string Subject, byte[] Headers, byte[] Body, IReadOnlyList<string> DecodedInto, IReadOnlyList<RunSummary> Runs);

/// <summary>What is to be added to the audit chain.</summary>
/// <param name="AtUtc">When it happened.</param>
/// <param name="Act">What happened: <c>effect.done</c>, <c>delivery.refused</c> and so on.</param>
/// <param name="Detail">The rest, JSON; no content of events and no secrets.</param>
internal sealed record AuditEntry(DateTimeOffset AtUtc, string Act, byte[] Detail);

/// <summary>An entry of the chain with its number, from 1.</summary>
internal sealed record AuditRow(long Number, AuditEntry Entry);

/// <summary>How the chain stands.</summary>
/// <param name="Rows">How many rows verified before the first bad one.</param>
/// <param name="FirstBad">Number of the first bad row; null when all are good.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Anchor">Where it stands; null when it has no rows, or a bad one.</param>
internal sealed record AuditVerdict(long Rows, long? FirstBad, string? Reason, AuditAnchor? Anchor = null);

/// <summary>Where and how a run failed, so that failures can be grouped.</summary>
/// <param name="Fingerprint">See <see cref="FailureGroup.Fingerprint"/>.</param>
/// <param name="Step">Path of the step; empty when it was none.</param>
internal sealed record RunFailure(string Fingerprint, string Step);

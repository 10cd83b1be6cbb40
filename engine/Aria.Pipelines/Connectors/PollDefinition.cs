using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>How an event is found at a source that does not send it. Templates see <c>settings</c> and <c>poll</c>: <c>since</c>, <c>until</c>, <c>now</c>, <c>token</c>, <c>after</c>, <c>given</c>, <c>page</c>, <c>next</c>, <c>parent</c>.</summary>
internal sealed record PollDefinition
{
    /// <summary>No pipeline learns of a change later than this: the longest interval.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(5);

    /// <summary>The shortest interval: a source that is asked more often needs webhooks.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(5);

    public required RequestTemplate Request { get; init; }

    /// <summary>JSON pointer to the records: an array, one object, or null for none.</summary>
    public required string Items { get; init; }

    /// <summary>Mapping over <c>response</c>, <c>poll</c>, <c>settings</c> to the list of records, where they do not lie in the answer as they are; null when <see cref="Items"/> says it.</summary>
    public CompiledMapping? Records { get; init; }

    /// <summary>Condition over <c>item</c> and <c>settings</c>: records for which it is not true are left out. Null takes all.</summary>
    public CompiledMapping? When { get; init; }

    /// <summary>Mapping over <c>response</c>, <c>poll</c>, <c>settings</c> to what <c>poll.next</c> is on the next page; null ends the list. Absent: one page, or the <c>Link</c> header when <see cref="Linked"/>.</summary>
    public CompiledMapping? Next { get; init; }

    /// <summary>True when pages are linked by the <c>Link</c> header.</summary>
    public bool Linked { get; init; }

    /// <summary>The records that each have a list of their own, all of which are read in one pass; null where there is one list.</summary>
    public PollEach? Each { get; init; }

    /// <summary>How to wait for a page that the source makes meanwhile; null when it is there at once.</summary>
    public ReadyDefinition? Ready { get; init; }

    public required PollCursor Cursor { get; init; }

    /// <summary>True when records come oldest change first, filtered by <c>poll.since</c> or <c>poll.after</c>: the cursor may then move with every page.</summary>
    public bool Ascending { get; init; }

    /// <summary>Completes each record that is an event by one request; null for none.</summary>
    public PollDetail? Detail { get; init; }

    /// <summary>Sent when the records of a page are on stable storage; sees <c>response</c>, and <c>item</c> (the page's first record).</summary>
    public RequestTemplate? Acknowledge { get; init; }

    /// <summary>JSON pointers into the record whose bytes make its dedupe key; empty for the whole record.</summary>
    public IReadOnlyList<string> Dedupe { get; init; } = [];

    /// <summary>JSON pointer to the vendor's word for the type, when the records are events of several types; null when all are this event.</summary>
    public string? TypePointer { get; init; }

    /// <summary>How often the source is asked, when no setting says it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Name of the setting that says how often the source is asked; null when <see cref="Interval"/> stands.</summary>
    public string? IntervalSetting { get; init; }

    /// <summary>How often the source of a connection is asked, within the limits.</summary>
    public TimeSpan IntervalFor(Connection connection)
    {
        TimeSpan interval = IntervalSetting is { } name && connection.Settings.TryGetProperty(name, out JsonElement given)
            && given.ValueKind == JsonValueKind.String ? JsonCursor.ParseDuration(given.GetString()!) ?? Interval : Interval;
        return interval < ShortestInterval ? ShortestInterval : interval > LongestInterval ? LongestInterval : interval;
    }
}

/// <summary>The records that each have a list of their own.</summary>
/// <param name="Request">Reads them; sees <c>settings</c>, <c>poll</c>.</param>
/// <param name="Paged">True to follow all pages.</param>
/// <param name="Items">JSON pointer to them. While the list of one is read, it is <c>poll.parent</c>.</param>
internal sealed record PollEach(RequestTemplate Request, bool Paged, string Items);

/// <summary>One request per record.</summary>
/// <param name="Request">Sees <c>item</c>, <c>settings</c>.</param>
/// <param name="Value">Mapping over <c>item</c>, <c>response</c> to the event's payload; null for the answer's body.</param>
internal sealed record PollDetail(RequestTemplate Request, CompiledMapping? Value);

/// <summary>The position of what a queue gave out last.</summary>
/// <param name="Request">Asks for it. Its refusal means that the source does not know the queue.</param>
/// <param name="Value">Mapping over <c>response</c> to it; <c>poll.given</c> in a replay, which is left out when it is <c>poll.after</c>.</param>
internal sealed record QueueGiven(RequestTemplate Request, CompiledMapping Value);

/// <summary>What tells the records that are new.</summary>
internal abstract record PollCursor
{
    /// <summary>True when records are told from what was read of them before, so that a content which comes back is news again.</summary>
    public virtual bool IsCompared => false;

    /// <summary>A time of change in each record.</summary>
    /// <param name="Field">JSON pointer to it.</param>
    /// <param name="Format">How <c>poll.since</c> is written.</param>
    /// <param name="Overlap">How far each pass reads back: changes become visible late. What was read before is known by its dedupe key.</param>
    /// <param name="Skew">How far ahead of ours the source's clock may be; later times do not move the cursor.</param>
    public sealed record Timestamp(string Field, TimeFormat Format, TimeSpan Overlap, TimeSpan Skew) : PollCursor
    {
        /// <summary>JSON pointer to what identifies a record; with it, one that is read again is an event only when it differs from what was read of it before. Null for none.</summary>
        public string? Key { get; init; }

        /// <summary>JSON pointers to what is compared.</summary>
        public IReadOnlyList<string> Compare { get; init; } = [];

        public override bool IsCompared => Key is not null;

        /// <summary>How a time is written where <see cref="Format"/> is <see cref="TimeFormat.Pattern"/>, in UTC.</summary>
        public string? Pattern { get; init; }
    }

    /// <summary>The source gives a token at the end of a pass, and later what changed since.</summary>
    /// <param name="Value">Mapping over <c>response</c> to the token; null keeps the one before.</param>
    /// <param name="Expired">Condition over <c>response</c>: the token is refused, so everything is read again. Null for never.</param>
    /// <param name="Key">JSON pointer to what identifies a record; with it, reading everything again yields only what differs.</param>
    public sealed record Token(CompiledMapping Value, CompiledMapping? Expired, string? Key) : PollCursor;

    /// <summary>Ids that only grow.</summary>
    /// <param name="Field">JSON pointer to the id.</param>
    public sealed record Watermark(string Field) : PollCursor;

    /// <summary>The source cannot say what changed: each record is compared with what was read of it before.</summary>
    /// <param name="Key">JSON pointer to what identifies a record.</param>
    /// <param name="Compare">JSON pointers to what is compared.</param>
    /// <param name="Emit">Which records are events.</param>
    /// <param name="UntilKnown">True when changed records come first: a page without any ends the pass.</param>
    public sealed record Diff(string Key, IReadOnlyList<string> Compare, DiffEmit Emit, bool UntilKnown) : PollCursor
    {
        public override bool IsCompared => true;
    }

    /// <summary>Reading takes records away, or the acknowledgement does.</summary>
    /// <param name="Position">Mapping over <c>response</c> to what <c>poll.after</c> is from then on; null for nothing.</param>
    /// <param name="Replay">Sent instead of the request after a start or a failure, because the source may have given records that were not stored. Its refusal means that there are none.</param>
    public sealed record Queue(CompiledMapping? Position, RequestTemplate? Replay) : PollCursor
    {
        /// <summary>Makes the queue: sent when its reading begins, and when the source does not know it any more. Null when it is there by itself.</summary>
        public RequestTemplate? Open { get; init; }

        /// <summary>What the source gave out last, asked before a replay; null when the source cannot tell.</summary>
        public QueueGiven? Given { get; init; }
    }
}

internal enum TimeFormat
{
    /// <summary>2026-01-31T09:00:00.000Z</summary>
    Iso,

    /// <summary>2026-01-31T09:00:00Z</summary>
    Seconds,

    /// <summary>2026-01-31 09:00:00, UTC</summary>
    Sql,

    /// <summary>2026-01-31</summary>
    Date,

    /// <summary>Seconds since 1970.</summary>
    Unix,

    /// <summary>Milliseconds since 1970.</summary>
    UnixMilliseconds,

    /// <summary>In a pattern of the connector's own.</summary>
    Pattern,
}

internal enum DiffEmit
{
    /// <summary>New and changed records.</summary>
    Any,

    /// <summary>Only records never seen before.</summary>
    New,

    /// <summary>Only records seen before with other content.</summary>
    Changed,
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What <c>connector.json</c> says of events that are found by asking.</summary>
internal static class PollShapes
{
    public static readonly Shape Poll = new("poll", "A feed: a list that is read again and again. Templates see 'settings' and 'poll' (since, until, now, token, after, given, page, next, parent).",
    [
        Optional("each", Kind.Of("pollEach", "The records that each have a list of their own: all of them are read in one pass.")),
        Required("request", Kind.Of("request", "Reads one page.")),
        Optional("ready", Kind.Of("ready", "How to wait for a page that the source makes meanwhile.")),
        Required("items", new JsonObject
        {
            ["description"] = "Where the answer holds the records, \"\" for the answer itself; or a mapping over 'response', 'poll' and 'settings' to the list of them.",
            ["type"] = new JsonArray("string", "object"),
            ["pattern"] = "^(/.*)?$",
        }),
        Optional("when", Kind.Text("JavaScript expression over 'item' and 'settings': other records are left out.").Example("item.status !== null")),
        Optional("next", Kind.Value("Over 'response', 'poll' and 'settings': what 'poll.next' is on the next page, or its URL; null ends the list.").Example("{{ response.body?.nextCursor }}")),
        Optional("paged", Kind.Flag("True when pages are linked as http.paging says.").Default(false)),
        Required("cursor", Kind.Of("cursor", "What tells the records that are new.")),
        Optional("order", Kind.OneOf("\"ascending\" when the oldest change comes first and the list is filtered by 'poll.since': the cursor then moves with every page.", "ascending", "any").Default("any")),
        Optional("detail", Kind.Of("detail", "One request for each record that is an event.")),
        Optional("acknowledge", Kind.Of("request", "Sent when a page is on stable storage. Sees 'response' and 'item', the first record.")),
        Optional("dedupe", Kind.List("What makes two records the same event: JSON pointers into the record; the whole record when absent.", Kind.Pointer("A pointer."))),
        Optional("type", Kind.Pointer("Where a record holds the vendor's word for its type, when the feed yields several events.")),
        Optional("interval", new JsonObject
        {
            ["description"] = "How often it is read: 5s to 5m, or { \"setting\": name } for what a connection says.",
            ["anyOf"] = new JsonArray(Kind.Duration("A duration."), Kind.Ref("bySetting")),
            ["default"] = "1m",
        }),
    ]);

    public static readonly Shape Choice = new("pollChoice", "Several feeds for one event, because accounts differ in what they offer.",
    [
        Required("setting", Kind.Text("The setting that chooses: a string with a default and the names of the feeds as 'allowed'.").Example("feed")),
        Required("feeds", Kind.Map("The feeds, all with the same kind of cursor; \"webhook\" in place of one where the system sends the event.", "^[a-z][A-Za-z0-9]{0,63}$", new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = PollChoice.Webhook }, Kind.Ref("poll")) })),
    ]);

    public static readonly Shape BySetting = new("bySetting", "What a connection says.",
    [
        Required("setting", Kind.Text("A setting of type string with a default.").Example("pollInterval")),
    ]);

    public static readonly Shape Cursor = new("cursor", "Exactly one kind.",
    [
        Optional("timestamp", Kind.Of("timestampCursor", "A time of change in each record.")),
        Optional("token", Kind.Of("tokenCursor", "A token that the source gives at the end of a pass.")),
        Optional("watermark", Kind.Of("watermarkCursor", "Ids that only grow, read in ascending order from 'poll.after'.")),
        Optional("diff", Kind.Of("diffCursor", "Records are compared with what was read of them before.")),
        Optional("queue", Kind.Of("queueCursor", "Reading takes records away, or their acknowledgement does.")),
    ]);

    public static readonly Shape Timestamp = new("timestampCursor", "A time of change in each record.",
    [
        Required("field", Kind.Pointer("Where a record holds the time of its last change.").Example("/attributes/updated-at")),
        Optional("format", new JsonObject
        {
            ["description"] = "How 'poll.since' is written: one of the known ways, or a pattern of year, month, day and time in UTC.",
            ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray("iso", "seconds", "sql", "date", "unix", "unixMilliseconds") }, new JsonObject { ["type"] = "string", ["pattern"] = "yyyy" }),
            ["default"] = "iso",
            ["examples"] = new JsonArray("yyyy-MM-dd HH:mm"),
        }),
        Optional("overlap", Kind.Duration("How far each pass reads back, because changes become visible late.").Default("2m")),
        Optional("skew", Kind.Duration("How far the source's clock may be ahead.").Default("5m")),
        Optional("remember", Kind.Of("remembered", "For answers that hold what stands now and not what happened: a record that is read again is an event when it differs from what was read of it before.")),
    ]);

    public static readonly Shape Remembered = new("remembered", "What is remembered of each record; only keyed hashes are kept.",
    [
        Required("key", Kind.Pointer("Where a record holds its id.").Example("/id")),
        Required("compare", Kind.List("What is compared; \"\" is the whole record.", Kind.Pointer("A pointer.")).Example(new JsonArray("/status/id"))),
    ]);

    public static readonly Shape Token = new("tokenCursor", "A token that the source gives at the end of a pass.",
    [
        Required("value", Kind.Value("Over 'response' of the last page: the token, or null to keep the one before.").Example("{{ response.body?.syncToken }}")),
        Optional("expired", Kind.Text("JavaScript expression over 'response': the token is refused and everything is read again.").Example("response.status === 410")),
        Optional("key", Kind.Pointer("Where a record holds its id; with it, reading everything again yields only what differs.")),
    ]);

    public static readonly Shape Watermark = new("watermarkCursor", "Ids that only grow.", [Required("field", Kind.Pointer("Where a record holds its id.").Example("/id"))]);

    public static readonly Shape Diff = new("diffCursor", "Records are compared with what was read of them before; only keyed hashes are kept.",
    [
        Required("key", Kind.Pointer("Where a record holds its id.").Example("/id")),
        Required("compare", Kind.List("What is compared; \"\" is the whole record.", Kind.Pointer("A pointer.")).Example(new JsonArray("/status/id"))),
        Optional("emit", Kind.OneOf("Which records are events.", "any", "new", "changed").Default("any")),
        Optional("untilKnown", Kind.Flag("True when the latest change comes first: a page without changes ends the pass.").Default(false)),
    ]);

    public static readonly Shape Queue = new("queueCursor", "Reading takes records away, or their acknowledgement does.",
    [
        Optional("position", Kind.Value("Over 'response': what 'poll.after' is from then on.").Example("{{ response.body?.requestId }}")),
        Optional("replay", Kind.Of("request", "Asks again for what was given out and perhaps not stored; sent first after a start or a failure.")),
        Optional("open", Kind.Of("request", "Makes the queue, and its answer gives 'position' too. Sent when reading begins, and when the source does not know the queue any more.")),
        Optional("given", Kind.Of("queueGiven", "What the source gave out last: asked after a start or a failure, and 'replay' is sent only when it is another than 'poll.after'.")),
    ]);

    public static readonly Shape QueueGiven = new("queueGiven", "The position of what a queue gave out last.",
    [
        Required("request", Kind.Of("request", "Asks for it; its refusal means that the source does not know the queue.")),
        Required("value", Kind.Value("Over 'response': the position; 'poll.given' in 'replay'.").Example("{{ response.body.result }}")),
    ]);

    public static readonly Shape Each = new("pollEach", "The records that each have a list of their own, such as the jobs of which each has applications. With the cursors 'timestamp' and 'diff'.",
    [
        Required("request", Kind.Of("request", "Reads them; sees 'settings' and 'poll'.")),
        Optional("paged", Kind.Flag("True when their pages are linked as http.paging says.").Default(false)),
        Required("items", Kind.Pointer("Where the answer holds them. While the list of one is read, it is 'poll.parent'.").Example("/jobs")),
    ]);

    public static readonly Shape Detail = new("detail", "Completes a record by one request.",
    [
        Required("request", Kind.Of("request", "Sees 'item' and 'settings'.")),
        Optional("value", Kind.Value("Over 'item', 'response' and 'settings': the event's payload; the answer's body when absent.")),
    ]);

    public static readonly IReadOnlyList<Shape> Parts = [Poll, Each, Choice, BySetting, Cursor, Timestamp, Remembered, Token, Watermark, Diff, Queue, QueueGiven, Detail];
}

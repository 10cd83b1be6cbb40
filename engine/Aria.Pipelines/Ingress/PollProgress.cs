using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Ingress;

/// <summary>How a cursor moves over pages, for each kind.</summary>
internal static class PollProgress
{
    // Sources that keep seconds order the records within one as they like.
    private static readonly TimeSpan Granularity = TimeSpan.FromSeconds(1);

    /// <summary>True when reading may go on in the middle of a pass after a stop: the pages do not move while they are read.</summary>
    public static bool CanResume(PollDefinition poll) => poll.Cursor switch
    {
        PollCursor.Token or PollCursor.Watermark => true,
        PollCursor.Timestamp => poll.Ascending,
        _ => false,
    };

    /// <summary>The position with the lower bound of the pass that begins there.</summary>
    public static PollPosition Begin(PollDefinition poll, PollPosition position) =>
        poll.Cursor is PollCursor.Timestamp timestamp && position.From is null && position.Since is { } since
            ? position with { From = since - timestamp.Overlap }
            : position;

    /// <summary>True for a record that the cursor has not passed. A source that ignores the bound it is given is held to it here.</summary>
    public static bool IsNews(PollDefinition poll, PollPosition position, JsonElement item) => poll.Cursor switch
    {
        PollCursor.Timestamp timestamp => PollTime.Read(JsonPointer.Find(item, timestamp.Field)) is not { } at
            || ((position.From is not { } from || at >= from) && (position.Until is not { } until || at < until)),
        PollCursor.Watermark watermark => position.After is not { } after || Compare(TextAt(item, watermark.Field), after) > 0,
        _ => true,
    };

    /// <summary>The records as they are remembered; null when the cursor needs no memory.</summary>
    public static IReadOnlyList<PolledRecord>? Remembered(PollDefinition poll, IReadOnlyList<JsonElement> items) => poll.Cursor switch
    {
        PollCursor.Diff diff => [.. items.Select(i => new PolledRecord(TextAt(i, diff.Key), Content(i, diff.Compare)))],
        PollCursor.Timestamp { Key: { } key, Compare: var compare } => [.. items.Select(i => new PolledRecord(TextAt(i, key), Content(i, compare)))],
        PollCursor.Token { Key: { } key } => [.. items.Select(i => new PolledRecord(TextAt(i, key), ConnectorJson.RawBytes(i)))],
        _ => null,
    };

    /// <summary>Where reading stands behind a page that was asked for at <paramref name="now"/>, and whether there is another.</summary>
    public static (PollPosition Position, bool HasMore) After(PollDefinition poll, PollPosition position, PollPage page, DateTimeOffset now, bool endsHere)
    {
        (PollPosition after, bool more) = Moved(poll, position, page, now, endsHere);
        PollPosition first = page.BeginsAnother && more ? after with { Page = 1, Next = null } : after;
        return (more ? first with { Parents = page.Parents } : first, more);
    }

    private static (PollPosition Position, bool HasMore) Moved(PollDefinition poll, PollPosition position, PollPage page, DateTimeOffset now, bool endsHere)
    {
        bool more = page.HasMore && !endsHere;
        switch (poll.Cursor)
        {
            case PollCursor.Timestamp timestamp:
                return AfterTimes(poll, timestamp, position, page, more, now);
            case PollCursor.Watermark watermark:
                return AfterIds(watermark, position, page, more);
            case PollCursor.Token token when !more:
                string? given = ConnectorJson.Text(ConnectorJson.ToElement(token.Value.Evaluate(new Dictionary<string, JsonElement> { ["response"] = page.Response })));
                return Turned(position with { Token = string.IsNullOrEmpty(given) ? position.Token : given }, page, more);
            case PollCursor.Queue { Position: { } mapping }:
                string? read = ConnectorJson.Text(ConnectorJson.ToElement(mapping.Evaluate(new Dictionary<string, JsonElement> { ["response"] = page.Response })));
                // A queue may hold more whenever it gave something.
                return (position with { After = string.IsNullOrEmpty(read) ? position.After : read, Given = null }, more || page.Items.Count > 0);
            case PollCursor.Queue:
                return (position, more || page.Items.Count > 0);
            default:
                return Turned(position, page, more);
        }
    }

    /// <summary>How long the oldest of some changes had to wait; null when the source does not say.</summary>
    public static TimeSpan? Lag(PollDefinition poll, IReadOnlyList<JsonElement> items, DateTimeOffset now) =>
        poll.Cursor is PollCursor.Timestamp timestamp && items.Min(i => PollTime.Read(JsonPointer.Find(i, timestamp.Field))) is { } oldest ? now - oldest : null;

    private static (PollPosition Position, bool HasMore) AfterTimes(
        PollDefinition poll, PollCursor.Timestamp timestamp, PollPosition position, PollPage page, bool more, DateTimeOffset now)
    {
        DateTimeOffset latest = now + timestamp.Skew;
        DateTimeOffset? high = page.Items.Select(i => PollTime.Read(JsonPointer.Find(i, timestamp.Field))).Append(position.High).Where(t => t <= latest).Max();
        position = position with { High = high, Began = position.Began ?? Date(page) ?? now };
        if (!more)
        {
            // The overlap is counted from the beginning of the pass: what became visible behind it while it went on is read again.
            DateTimeOffset? since = high < position.Began ? high : high is null ? null : position.Began;
            return (position.Restarted with { Since = since > position.Since ? since : position.Since, Pass = position.Pass + 1 }, false);
        }
        // Counted pages shift while records change; asking anew from what is known does not.
        if (poll.Ascending && high - Granularity > position.From)
        {
            return (position with { From = high - Granularity, Page = 1, Next = null }, true);
        }
        return (position with { Page = position.Page + 1, Next = page.Next }, true);
    }

    private static DateTimeOffset? Date(PollPage page) =>
        page.Response.GetProperty("headers").TryGetProperty("date", out JsonElement date) ? PollTime.Read(date) : null;

    /// <summary>Ids come in ascending order, so every page moves the cursor, and the next page is asked for from there.</summary>
    private static (PollPosition Position, bool HasMore) AfterIds(PollCursor.Watermark watermark, PollPosition position, PollPage page, bool more)
    {
        string? after = position.After;
        foreach (string id in page.Items.Select(i => TextAt(i, watermark.Field)))
        {
            after = after is null || Compare(id, after) > 0 ? id : after;
        }
        PollPosition moved = position with { After = after };
        return more && after != position.After ? (moved with { Page = 1, Next = null }, true) : Turned(moved, page, more);
    }

    private static (PollPosition Position, bool HasMore) Turned(PollPosition position, PollPage page, bool more) => more
        ? (position with { Page = position.Page + 1, Next = page.Next }, true)
        : (position.Restarted with { Pass = position.Pass + 1, Silent = false, Again = false }, false);

    private static byte[] Content(JsonElement item, IReadOnlyList<string> compare) =>
        Encoding.UTF8.GetBytes(string.Join('\n', compare.Select(p => JsonPointer.Find(item, p) is { } found ? found.GetRawText() : "")));

    private static string TextAt(JsonElement item, string pointer) => JsonPointer.Find(item, pointer) is { } found ? ConnectorJson.Text(found) ?? found.GetRawText() : "";

    private static int Compare(string a, string b) =>
        decimal.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out decimal first) && decimal.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out decimal second)
            ? first.CompareTo(second)
            : string.CompareOrdinal(a, b);
}

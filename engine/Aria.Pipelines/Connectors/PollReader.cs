using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>events.&lt;name&gt;.poll</c>.</summary>
internal static class PollReader
{
    private static readonly string[] PageRoots = ["settings", "poll"];

    public static PollChoice Read(JsonCursor owner, HttpDefinition? http, ConnectorSource source)
    {
        if (owner.Optional("poll") is not { } poll || !poll.IsObject(source.Bag))
        {
            return PollChoice.None;
        }
        return poll.Optional("setting") is null && poll.Optional("feeds") is null ? PollChoice.One(ReadOne(poll, http, source)) : ReadChoice(poll, http, source);
    }

    private static PollChoice ReadChoice(JsonCursor poll, HttpDefinition? http, ConnectorSource source)
    {
        poll.AllowOnly(source.Bag, "setting", "feeds");
        string name = poll.RequiredText("setting", source.Bag);
        var feeds = new Dictionary<string, PollDefinition>();
        var pushed = new List<string>();
        if (poll.Required("feeds", source.Bag) is { } owner && owner.IsObject(source.Bag))
        {
            foreach ((string choice, JsonCursor feed) in owner.Properties())
            {
                if (feed.Kind == JsonValueKind.String)
                {
                    if (feed.OneOf(source.Bag, PollChoice.Webhook) is null)
                    {
                        return PollChoice.None;
                    }
                    pushed.Add(choice);
                }
                else if (feed.IsObject(source.Bag))
                {
                    feeds.TryAdd(choice, ReadOne(feed, http, source));
                }
            }
        }
        if (name.Length == 0 || feeds.Count == 0)
        {
            return PollChoice.None;
        }
        bool fits = source.Settings.TryGetValue(name, out SettingDefinition? setting) && setting is { Type: "string", Default: not null } && setting.Allowed.ToHashSet().SetEquals([.. pushed, .. feeds.Keys]);
        if (!fits)
        {
            source.Bag.Error(ConnectorCodes.UnknownSetting, poll.Optional("setting")!.Value.Position, $"Setting '{name}' cannot choose among these feeds.",
                $"Declare it as a string with a default and \"allowed\": [{string.Join(", ", pushed.Concat(feeds.Keys).Select(f => $"\"{f}\""))}].");
            return PollChoice.None;
        }
        if (feeds.Values.Select(f => f.Cursor.GetType()).Distinct().Count() > 1)
        {
            source.Bag.Error(ConnectorCodes.Contradiction, poll.Position, "Feeds among which a setting chooses have to have the same kind of cursor.", "Where one stood, the other goes on.");
        }
        return new PollChoice(feeds.GetValueOrDefault(setting!.Default!.Value.GetString()!), name, feeds) { Pushed = pushed };
    }

    private static PollDefinition ReadOne(JsonCursor poll, HttpDefinition? http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        poll.AllowOnly(bag, "each", "request", "ready", "items", "when", "next", "paged", "cursor", "order", "detail", "acknowledge", "dedupe", "type", "interval");
        JsonCursor? request = poll.Required("request", bag);
        CompiledMapping? records = poll.Optional("items") is { Kind: JsonValueKind.Object } made ? source.Value(made, "response", "poll", "settings") : null;
        bool linked = ReadsReader.Paged(poll, http, bag);
        if (linked && poll.Optional("next") is { } extra)
        {
            bag.Error(ConnectorCodes.Contradiction, extra.NamePosition, "The pages are linked by a header already.", "Remove 'paged' or 'next'.");
        }
        return new PollDefinition
        {
            Request = request is { } r && r.IsObject(bag) ? RequestReader.Read(r, source, PageRoots) : RequestReader.Unusable,
            Items = records is null ? Pointer(poll, "items", bag) ?? "" : "",
            Records = records,
            When = source.OptionalCondition(poll, "when", "item", "settings"),
            Next = source.OptionalValue(poll, "next", "response", "poll", "settings"),
            Linked = linked,
            Each = ReadEach(poll, http, source),
            Ready = ReadyReader.Read(poll, source),
            Cursor = poll.Required("cursor", bag) is { } cursor && cursor.IsObject(bag) ? ReadCursor(cursor, source) : new PollCursor.Queue(null, null),
            Ascending = poll.Optional("order")?.OneOf(bag, "ascending", "any") == "ascending",
            Detail = ReadDetail(poll, source),
            Acknowledge = poll.Optional("acknowledge") is { } ack && ack.IsObject(bag) ? RequestReader.Read(ack, source, "settings", "poll", "response", "item") : null,
            Dedupe = [.. poll.OptionalTexts("dedupe", bag)],
            TypePointer = poll.Optional("type") is { } type ? HttpReader.ReadPointer(type, bag) : null,
            Interval = ReadInterval(poll, source, out string? setting),
            IntervalSetting = setting,
        };
    }

    private static TimeSpan ReadInterval(JsonCursor poll, ConnectorSource source, out string? setting)
    {
        DiagnosticBag bag = source.Bag;
        setting = null;
        if (poll.Optional("interval") is { Kind: JsonValueKind.Object } by)
        {
            by.AllowOnly(bag, "setting");
            setting = by.RequiredText("setting", bag);
            source.Settings.TryGetValue(setting, out SettingDefinition? definition);
            if (definition is { Type: "string", Default.ValueKind: JsonValueKind.String } && JsonCursor.ParseDuration(definition.Default.Value.GetString()!) is { } otherwise)
            {
                return otherwise;
            }
            bag.Error(ConnectorCodes.UnknownSetting, by.Position, $"Setting '{setting}' cannot hold an interval.", "Declare it as a string with a default such as \"1m\".");
            return TimeSpan.FromMinutes(1);
        }
        TimeSpan interval = poll.OptionalDuration("interval", bag) ?? TimeSpan.FromMinutes(1);
        if (interval < PollDefinition.ShortestInterval || interval > PollDefinition.LongestInterval)
        {
            bag.Error(ConnectorCodes.PollInterval, poll.Optional("interval")!.Value.Position, "A source is asked every 5 s to 5 m.", "Candidates are invited within five minutes of a change: write 1m, or at most 5m.");
        }
        return interval;
    }

    private static PollEach? ReadEach(JsonCursor poll, HttpDefinition? http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        if (poll.Optional("each") is not { } each || !each.IsObject(bag))
        {
            return null;
        }
        each.AllowOnly(bag, "request", "paged", "items");
        JsonCursor? cursor = poll.Optional("cursor") is { Kind: JsonValueKind.Object } given ? given : null;
        if (poll.Optional("order") is not null || cursor is { } kind && (kind.Optional("timestamp") ?? kind.Optional("diff")) is null || cursor?.Optional("diff") is { Kind: JsonValueKind.Object } diff && diff.Optional("untilKnown") is not null)
        {
            bag.Error(ConnectorCodes.Contradiction, each.NamePosition, "Several lists have no order together.", "Use the cursor 'timestamp' or 'diff', without 'order' and 'untilKnown'.");
        }
        return each.Required("request", bag) is { } request && request.IsObject(bag)
            ? new PollEach(RequestReader.Read(request, source, PageRoots), ReadsReader.Paged(each, http, bag), Pointer(each, "items", bag) ?? "")
            : null;
    }

    private static PollDetail? ReadDetail(JsonCursor poll, ConnectorSource source)
    {
        if (poll.Optional("detail") is not { } detail || !detail.IsObject(source.Bag))
        {
            return null;
        }
        detail.AllowOnly(source.Bag, "request", "value");
        return detail.Required("request", source.Bag) is { } request && request.IsObject(source.Bag)
            ? new PollDetail(RequestReader.Read(request, source, "settings", "item"), source.OptionalValue(detail, "value", "item", "response", "settings"))
            : null;
    }

    private static PollCursor ReadCursor(JsonCursor cursor, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        cursor.AllowOnly(bag, "timestamp", "token", "watermark", "diff", "queue");
        (string Name, JsonCursor Value)[] kinds = [.. cursor.Properties()];
        if (kinds.Length != 1)
        {
            bag.Error(ConnectorCodes.Contradiction, cursor.Position, "A cursor is exactly one kind.", "Known: timestamp, token, watermark, diff, queue.");
        }
        else if (kinds[0].Value.IsObject(bag))
        {
            return ReadKind(kinds[0].Name, kinds[0].Value, source);
        }
        return new PollCursor.Queue(null, null);
    }

    private static PollCursor ReadKind(string name, JsonCursor kind, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        switch (name)
        {
            case "timestamp":
                kind.AllowOnly(bag, "field", "format", "overlap", "skew", "remember");
                string format = kind.Optional("format") is { Kind: System.Text.Json.JsonValueKind.String } pattern && IsPattern(pattern.Element.GetString()!)
                    ? nameof(TimeFormat.Pattern)
                    : kind.Optional("format")?.OneOf(bag, "iso", "seconds", "sql", "date", "unix", "unixMilliseconds") ?? "iso";
                JsonCursor? remember = kind.Optional("remember") is { } remembered && remembered.IsObject(bag) ? remembered : null;
                remember?.AllowOnly(bag, "key", "compare");
                return new PollCursor.Timestamp(
                    Pointer(kind, "field", bag) ?? "",
                    Enum.Parse<TimeFormat>(format, ignoreCase: true),
                    kind.OptionalDuration("overlap", bag) ?? TimeSpan.FromMinutes(2),
                    kind.OptionalDuration("skew", bag) ?? TimeSpan.FromMinutes(5))
                {
                    Key = remember is { } by ? Pointer(by, "key", bag) : null,
                    Compare = remember is { } with ? ReadCompared(with, bag) : [],
                    Pattern = format == nameof(TimeFormat.Pattern) ? kind.OptionalText("format", bag) : null,
                };
            case "token":
                kind.AllowOnly(bag, "value", "expired", "key");
                return new PollCursor.Token(
                    source.RequiredValue(kind, "value", "response"),
                    source.OptionalCondition(kind, "expired", "response"),
                    kind.Optional("key") is { } key ? HttpReader.ReadPointer(key, bag) : null);
            case "watermark":
                kind.AllowOnly(bag, "field");
                return new PollCursor.Watermark(Pointer(kind, "field", bag) ?? "");
            case "diff":
                return ReadDiff(kind, bag);
            default:
                return ReadQueue(kind, source);
        }
    }

    private static PollCursor.Queue ReadQueue(JsonCursor kind, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        kind.AllowOnly(bag, "position", "replay", "open", "given");
        var queue = new PollCursor.Queue(source.OptionalValue(kind, "position", "response"), ReadRequest(kind, "replay", source))
        {
            Open = ReadRequest(kind, "open", source),
            Given = kind.Optional("given") is { } given && given.IsObject(bag) ? ReadGiven(given, source) : null,
        };
        if (queue.Position is null && (queue.Open ?? queue.Given?.Request) is not null)
        {
            bag.Error(ConnectorCodes.Contradiction, kind.Position, "The queue tells what it gave out, but nothing keeps it.", "Add \"position\": what 'poll.after' is after an answer.");
        }
        return queue;
    }

    private static QueueGiven? ReadGiven(JsonCursor given, ConnectorSource source)
    {
        given.AllowOnly(source.Bag, "request", "value");
        return given.Required("request", source.Bag) is { } request && request.IsObject(source.Bag)
            ? new QueueGiven(RequestReader.Read(request, source, PageRoots), source.RequiredValue(given, "value", "response"))
            : null;
    }

    private static RequestTemplate? ReadRequest(JsonCursor owner, string name, ConnectorSource source) =>
        owner.Optional(name) is { } request && request.IsObject(source.Bag) ? RequestReader.Read(request, source, PageRoots) : null;

    private static PollCursor.Diff ReadDiff(JsonCursor kind, DiagnosticBag bag)
    {
        kind.AllowOnly(bag, "key", "compare", "emit", "untilKnown");
        return new PollCursor.Diff(
            Pointer(kind, "key", bag) ?? "",
            ReadCompared(kind, bag),
            Enum.Parse<DiffEmit>(kind.Optional("emit")?.OneOf(bag, "any", "new", "changed") ?? "any", ignoreCase: true),
            kind.OptionalFlag("untilKnown", false, bag));
    }

    private static List<string> ReadCompared(JsonCursor kind, DiagnosticBag bag)
    {
        List<string> compare = [];
        if (kind.Required("compare", bag) is { } list && list.IsArray(bag))
        {
            compare = [.. list.Items().Select(i => HttpReader.ReadPointer(i, bag)).OfType<string>()];
            if (!list.Items().Any())
            {
                bag.Error(DefinitionCodes.InvalidValue, list.Position, "Nothing is compared.", "Name what changes: [\"/status/id\"]; [\"\"] compares the whole record.");
            }
        }
        return compare;
    }

    /// <summary>A pattern names at least year, month and day: <c>yyyy-MM-dd HH:mm</c>.</summary>
    private static bool IsPattern(string text) => text.Contains("yyyy", StringComparison.Ordinal) && text.Contains("MM", StringComparison.Ordinal) && text.Contains("dd", StringComparison.Ordinal);

    private static string? Pointer(JsonCursor owner, string name, DiagnosticBag bag) =>
        owner.Required(name, bag) is { } value ? HttpReader.ReadPointer(value, bag) : null;
}

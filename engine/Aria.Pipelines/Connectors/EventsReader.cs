using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>events</c>.</summary>
internal static partial class EventsReader
{
    public static IReadOnlyDictionary<string, ConnectorEvent> Read(JsonCursor root, HttpDefinition? http, WebhookDefinition? webhook, ConnectorSource source)
    {
        var events = new Dictionary<string, ConnectorEvent>();
        if (root.Optional("events") is not { } owner || !owner.IsObject(source.Bag))
        {
            return events;
        }
        if (webhook is null && root.Optional("webhook") is null && owner.Properties().Any(e => e.Value.Optional("poll") is null))
        {
            source.Bag.Error(ConnectorCodes.Contradiction, owner.NamePosition, "The connector declares events, but not how they arrive.", "Add \"webhook\", or \"poll\" to each event.");
        }
        foreach ((string name, JsonCursor value) in owner.Properties())
        {
            CheckName(name, value, source.Bag);
            if (value.IsObject(source.Bag))
            {
                events.TryAdd(name, ReadOne(name, value, http, webhook, source));
            }
        }
        ShareReads(owner, events, source.Bag);
        CheckWireTypes(owner, events, source.Bag);
        CheckFeeds(owner, events, source.Bag);
        CheckUnsigned(root, events, webhook, source.Bag);
        return events;
    }

    /// <summary>Names of events and operations: at least two words joined by dots.</summary>
    public static void CheckName(string name, JsonCursor value, DiagnosticBag bag)
    {
        if (!DottedPattern().IsMatch(name))
        {
            bag.Error(ConnectorCodes.Name, value.NamePosition, $"'{name}' is not a name for an event or operation.", "Write a noun and a verb in lower case, joined by a dot: application.stage_changed, note.add.");
        }
        else if (name.StartsWith("raw.", StringComparison.Ordinal))
        {
            bag.Error(ConnectorCodes.Name, value.NamePosition, $"'{name}' begins with 'raw.', which names wire types that a connector does not describe.");
        }
    }

    private static ConnectorEvent ReadOne(string name, JsonCursor value, HttpDefinition? http, WebhookDefinition? webhook, ConnectorSource source)
    {
        value.AllowOnly(source.Bag, "wireType", "description", "poll", "subject", "correlation", "enrich", "canonical", "schema", "samples");
        string? feed = value.Optional("poll") is { Kind: JsonValueKind.String } with ? with.Element.GetString() : null;
        PollChoice polls = feed is null ? PollReader.Read(value, http, source) : PollChoice.None;
        // A feed of one event alone needs no word for it.
        bool isSent = value.Optional("poll") is null || polls.Pushed.Count > 0;
        string wireType = !isSent && feed is null ? value.OptionalText("wireType", source.Bag) ?? name : value.RequiredText("wireType", source.Bag);
        WebhookDefinition? sampled = isSent ? webhook : null;
        return new ConnectorEvent(
            name,
            wireType,
            source.RequiredValue(value, "subject", "payload"),
            source.NamedValues(value, "correlation", "payload").ToDictionary(c => c.Key, c => c.Value),
            source.RequiredValue(value, "canonical", "payload", "settings", "reads"),
            ReadSamples(value, wireType, sampled, source))
        {
            Description = value.OptionalText("description", source.Bag) ?? "",
            Schema = SchemaReader.Read(value, "schema", source),
            Enrich = value.Optional("enrich") is { Kind: JsonValueKind.String } ? null : ReadEnrich(name, value, http, source),
            Poll = polls.Default,
            FeedSetting = polls.Setting,
            Feeds = polls.Feeds,
            Pushed = polls.Pushed,
            PolledWith = feed,
        };
    }

    private static ConnectorOperation? ReadEnrich(string name, JsonCursor value, HttpDefinition? http, ConnectorSource source)
    {
        IReadOnlyList<ConnectorRead> reads = ReadsReader.Read(value, http, source, "enrich");
        if (reads.Count == 0)
        {
            return null;
        }
        JsonElement any = JsonElement.Parse("{}");
        return new ConnectorOperation
        {
            Name = $"{name}.enrich",
            Effect = EffectClass.Read,
            InputSchema = any,
            Input = SchemaCompiler.Compile(any),
            Reads = reads,
            Output = new ReadsOutput(),
            Sample = PrerequisiteReads.Samples(reads),
        };
    }

    /// <summary>Gives events that name another one's <c>enrich</c> the same reads.</summary>
    private static void ShareReads(JsonCursor owner, Dictionary<string, ConnectorEvent> events, DiagnosticBag bag)
    {
        string[] complete = [.. events.Values.Where(e => e.Enrich is not null).Select(e => e.Type)];
        foreach ((string name, JsonCursor value) in owner.Properties().Where(e => e.Value.Kind == JsonValueKind.Object))
        {
            if (value.Optional("enrich") is not { Kind: JsonValueKind.String } with)
            {
                continue;
            }
            string named = with.Element.GetString()!;
            if (complete.Contains(named))
            {
                events[name] = events[name] with { Enrich = events[named].Enrich! with { Name = $"{name}.enrich" } };
            }
            else
            {
                bag.Error(ConnectorCodes.Contradiction, with.Position, $"'{named}' is not an event with 'enrich' of its own.", Suggestion.For(named, complete));
            }
        }
    }

    private static List<EventSample> ReadSamples(JsonCursor value, string wireType, WebhookDefinition? webhook, ConnectorSource source)
    {
        var samples = new List<EventSample>();
        if (value.Required("samples", source.Bag) is not { } owner || !owner.IsArray(source.Bag))
        {
            return samples;
        }
        foreach (JsonCursor item in owner.Items())
        {
            JsonCursor? name = item;
            bool constructed = item.Kind == JsonValueKind.Object;
            if (constructed)
            {
                item.AllowOnly(source.Bag, "constructed");
                name = item.Required("constructed", source.Bag);
            }
            if (name?.Text(source.Bag) is { } file && ReadSample(name.Value, file, wireType, webhook, source) is { } body)
            {
                samples.Add(new EventSample(file, constructed, body));
            }
        }
        if (samples.Count == 0 && !owner.Items().Any())
        {
            source.Bag.Error(ConnectorCodes.Sample, owner.Position, "An event needs at least one sample.", "Copy one from the vendor's documentation, or make one and mark it {\"constructed\": \"samples/…\"}.");
        }
        return samples;
    }

    private static byte[]? ReadSample(JsonCursor at, string file, string wireType, WebhookDefinition? webhook, ConnectorSource source)
    {
        byte[]? body = source.Files.Read(file);
        if (body is null)
        {
            source.Bag.Error(DefinitionCodes.MissingFile, at.Position, $"Sample '{file}' does not exist.", $"Expected at {source.Files.PathOf(file)}.");
            return null;
        }
        if (webhook is null or { DecodedByCode: true } or { Split: not null } or { TypePointer: "" })
        {
            return body;
        }
        StrictJson json = StrictJson.Read(body);
        if (json.Code is { } code)
        {
            source.Bag.Error(ConnectorCodes.Sample, at.Position, $"Sample '{file}' is not a JSON object that a delivery could hold ({code}).");
        }
        else if (JsonPointer.Text(json.Root, webhook.TypePointer) is var found && found != wireType)
        {
            source.Bag.Error(ConnectorCodes.Sample, at.Position, $"Sample '{file}' has the wire type '{found ?? "none"}', not '{wireType}'.");
        }
        return body;
    }

    private static void CheckWireTypes(JsonCursor owner, Dictionary<string, ConnectorEvent> events, DiagnosticBag bag)
    {
        foreach (IGrouping<string, ConnectorEvent> same in events.Values.GroupBy(e => e.WireType).Where(g => g.Count() > 1))
        {
            ConnectorEvent second = same.ElementAt(1);
            JsonCursor at = owner.Optional(second.Type)!.Value.Optional("wireType") ?? owner.Optional(second.Type)!.Value;
            bag.Error(ConnectorCodes.DuplicateWireType, at.Position, $"Wire type '{same.Key}' belongs to '{same.First().Type}' already.", "One wire type is one event; pipelines tell finer differences apart with 'when'.");
        }
    }

    /// <summary>Whoever knows the URL of a source that signs nothing can send in its name; reads of the system itself make that harmless.</summary>
    private static void CheckUnsigned(JsonCursor root, Dictionary<string, ConnectorEvent> events, WebhookDefinition? webhook, DiagnosticBag bag)
    {
        if (webhook?.Token is { } token && events.Values.Any(e => e is { Enrich: null, PolledWith: null } && (e.Poll is null || e.Pushed.Count > 0)))
        {
            bag.Warning(ConnectorCodes.HookToken, root.Optional("webhook")!.Value.Optional("token")!.Value.Position, $"The source signs nothing: whoever {(token.Kind == TokenKind.Url ? "knows the URL" : "has seen a delivery")} can send in its name.",
                "Have the events completed by reads ('enrich'), so that what is believed comes from the system itself.");
        }
    }

    private static void CheckFeeds(JsonCursor owner, Dictionary<string, ConnectorEvent> events, DiagnosticBag bag)
    {
        string[] shared = [.. events.Values.Where(e => e.Poll?.TypePointer is not null).Select(e => e.Type)];
        foreach (ConnectorEvent lost in events.Values.Where(e => e.PolledWith is { } feed && !shared.Contains(feed)))
        {
            bag.Error(ConnectorCodes.Contradiction, owner.Optional(lost.Type)!.Value.Optional("poll")!.Value.Position,
                $"'{lost.PolledWith}' is not an event whose 'poll' says by 'type' how several events are told apart.", Suggestion.For(lost.PolledWith!, shared));
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex DottedPattern();
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads what comes before an operation's request: <c>reads</c> and <c>refuse</c>.</summary>
internal static partial class ReadsReader
{
    private static readonly JsonElement NoSample = JsonElement.Parse("null");

    public static IReadOnlyList<ConnectorRead> Read(JsonCursor operation, HttpDefinition? http, ConnectorSource source, string member = "reads")
    {
        var reads = new List<ConnectorRead>();
        if (operation.Optional(member) is not { } owner || !owner.IsArray(source.Bag))
        {
            return reads;
        }
        foreach (JsonCursor item in owner.Items().Where(i => i.IsObject(source.Bag)))
        {
            ConnectorRead read = ReadOne(item, http, source);
            if (reads.Exists(r => r.Id == read.Id))
            {
                source.Bag.Error(ConnectorCodes.Name, item.Optional("id")!.Value.Position, $"Read '{read.Id}' appears twice.");
            }
            reads.Add(read);
        }
        return reads;
    }

    public static IReadOnlyList<OperationRefusal> Refusals(JsonCursor operation, ConnectorSource source)
    {
        var refusals = new List<OperationRefusal>();
        if (operation.Optional("refuse") is not { } owner || !owner.IsArray(source.Bag))
        {
            return refusals;
        }
        foreach (JsonCursor item in owner.Items().Where(i => i.IsObject(source.Bag)))
        {
            item.AllowOnly(source.Bag, "code", "fault", "message");
            string code = item.RequiredText("code", source.Bag);
            if (code.Length > 0 && !CodePattern().IsMatch(code))
            {
                source.Bag.Error(ConnectorCodes.Name, item.Optional("code")!.Value.Position, $"'{code}' is not a code.", "Use snake_case, for example field_missing.");
            }
            string fault = item.Optional("fault")?.OneOf(source.Bag, "author", "connector", "operator", "remote") ?? "author";
            refusals.Add(new OperationRefusal(code, fault, source.RequiredValue(item, "message", "input", "settings", "reads")));
        }
        return refusals;
    }

    /// <summary>Reads <c>paged</c>, which needs <c>http.paging</c>.</summary>
    public static bool Paged(JsonCursor owner, HttpDefinition? http, DiagnosticBag bag)
    {
        bool paged = owner.OptionalFlag("paged", false, bag);
        if (paged && http is { Paging: null })
        {
            bag.Error(ConnectorCodes.PagingMissing, owner.Optional("paged")!.Value.Position, "The request is paged, but the connector does not say how lists are paged.", "Add \"paging\" to 'http', for example { \"link\": \"next\" }.");
        }
        return paged;
    }

    /// <summary>Where the pages of a paged request hold their records: what it says itself, or else <c>http.paging</c>; null when it is not paged.</summary>
    public static string? Items(JsonCursor owner, HttpDefinition? http, DiagnosticBag bag)
    {
        bool paged = Paged(owner, http, bag);
        if (owner.Optional("items") is not { } items)
        {
            return paged ? http?.Paging?.Items ?? "" : null;
        }
        if (!paged)
        {
            bag.Error(ConnectorCodes.Contradiction, items.NamePosition, "'items' says where a page holds its records, and this request is not paged.", "Add \"paged\": true, or pick the records with 'value'.");
        }
        return HttpReader.ReadPointer(items, bag) ?? "";
    }

    private static ConnectorRead ReadOne(JsonCursor item, HttpDefinition? http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        item.AllowOnly(bag, "id", "when", "request", "ready", "paged", "items", "optional", "cache", "value", "sample");
        string id = item.RequiredText("id", bag);
        if (id.Length > 0 && !CodePattern().IsMatch(id))
        {
            bag.Error(ConnectorCodes.Name, item.Optional("id")!.Value.Position, $"'{id}' is not a name for a read.", "Use snake_case letters and digits, beginning with a letter.");
        }
        RequestTemplate request = item.Required("request", bag) is { } r && r.IsObject(bag)
            ? RequestReader.Read(r, source)
            : RequestReader.Unusable;
        TimeSpan? cacheFor = null;
        CompiledMapping? subject = null;
        if (item.Optional("cache") is { } cache && cache.IsObject(bag))
        {
            cache.AllowOnly(bag, "for", "subject");
            cacheFor = cache.Required("for", bag)?.Duration(bag);
            subject = source.OptionalValue(cache, "subject", "input", "reads");
            if (request.Method != "GET")
            {
                bag.Error(ConnectorCodes.Contradiction, cache.NamePosition, "Only a GET request can be cached.");
            }
        }
        return new ConnectorRead(
            id, request, Items(item, http, bag), cacheFor, subject,
            source.OptionalValue(item, "value", "input", "settings", "reads", "response"),
            item.Required("sample", bag)?.Element.Clone() ?? NoSample)
        {
            When = source.OptionalCondition(item, "when", "input", "settings", "reads"),
            IsOptional = item.OptionalFlag("optional", false, bag),
            Ready = ReadyReader.Read(item, source),
        };
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex CodePattern();
}

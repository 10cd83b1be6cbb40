using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>http</c>.</summary>
internal static partial class HttpReader
{
    public static HttpDefinition Read(JsonCursor http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        http.AllowOnly(bag, "baseUrl", "headers", "format", "auth", "clientCertificate", "paging", "errors", "limits", "timeout");
        JsonCursor? limits = http.Optional("limits") is { } l && l.IsObject(bag) ? l : null;
        JsonCursor? certificate = http.Optional("clientCertificate") is { } c && c.IsObject(bag) ? c : null;
        string? format = ReadFormat(http, source);
        AuthDefinition? auth = http.Optional("auth") is { } a ? AuthReader.Read(a, source) : null;
        return new HttpDefinition
        {
            BaseUrl = source.RequiredValue(http, "baseUrl", "settings"),
            Headers = source.NamedValues(http, "headers", "settings"),
            Auth = auth,
            Certificate = certificate is { } shown ? ReadCertificate(shown, source.WithSecrets()) : null,
            AuthSecrets = [.. Secrets(http.Optional("auth"), source).Concat(Secrets(certificate, source)).Concat(auth is AuthDefinition.Login { Rotated: { } rotated } ? [rotated] : []).Distinct()],
            BodiesByCode = format == "code",
            ReadsXml = format == "xml",
            Errors = ReadErrors(http, source),
            Paging = ReadPaging(http, source),
            Limit = limits is { } some ? ReadLimit(some, bag) : null,
            MoreLimits = limits?.Optional("also") is { } also && also.IsArray(bag) ? ReadMoreLimits(also, bag) : [],
            Concurrent = limits is { } l0 ? ReadConcurrent(l0, bag) : null,
            RemainingHeader = limits?.OptionalText("remaining", bag),
            Reset = limits is { } l1 ? ReadTimeHeader(l1, "reset", bag) : null,
            RetryAfter = limits is { } l2 ? ReadTimeHeader(l2, "retryAfter", bag) : null,
            Timeout = AttemptTime.Read(http, bag) ?? TimeSpan.FromSeconds(30),
        };
    }

    private static IEnumerable<string> Secrets(JsonCursor? owner, ConnectorSource source) => owner is { } some ? SettingReferences.Secrets(source, some) : [];

    private static CertificateDefinition ReadCertificate(JsonCursor certificate, ConnectorSource source)
    {
        certificate.AllowOnly(source.Bag, "certificate", "key");
        return new CertificateDefinition(source.RequiredValue(certificate, "certificate", "settings"), source.RequiredValue(certificate, "key", "settings"));
    }

    private static TimeHeader? ReadTimeHeader(JsonCursor limits, string name, DiagnosticBag bag)
    {
        if (limits.Optional(name) is not { } header || !header.IsObject(bag))
        {
            return null;
        }
        header.AllowOnly(bag, "header", "unit");
        string text = header.RequiredText("header", bag);
        string unit = header.Required("unit", bag)?.OneOf(bag, "seconds", "milliseconds", "epoch", "date") ?? "seconds";
        return new TimeHeader(text, Enum.Parse<TimeUnit>(unit, ignoreCase: true));
    }

    private static string? ReadFormat(JsonCursor http, ConnectorSource source)
    {
        if (http.Optional("format") is not { } format)
        {
            return null;
        }
        string? name = format.OneOf(source.Bag, "json", "xml", "code");
        if (name == "code")
        {
            source.NeedCode<ITranslatesBodies>(format);
        }
        return name;
    }

    private static Paging? ReadPaging(JsonCursor http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        if (http.Optional("paging") is not { } paging || !paging.IsObject(bag))
        {
            return null;
        }
        paging.AllowOnly(bag, "link", "next", "parameter", "items");
        string? link = paging.Optional("next") is null ? paging.RequiredText("link", bag) : paging.OptionalText("link", bag);
        CompiledMapping? next = source.OptionalValue(paging, "next", "response", "page", "settings");
        if (link is not null && paging.Optional("next") is { } both)
        {
            bag.Error(ConnectorCodes.Contradiction, both.NamePosition, "The pages are linked by a header already.", "Remove 'link' or 'next'.");
        }
        if (link is not null && paging.Optional("parameter") is { } unused)
        {
            bag.Error(ConnectorCodes.Contradiction, unused.NamePosition, "A link is a URL and needs no parameter.", "Remove 'parameter', or say with 'next' what it is on the next page.");
        }
        return new Paging(link, next, paging.OptionalText("parameter", bag), paging.Optional("items") is { } items ? ReadPointer(items, bag) ?? "" : "");
    }

    private static BudgetLimit? ReadLimit(JsonCursor limits, DiagnosticBag bag)
    {
        limits.AllowOnly(bag, "requests", "per", "also", "concurrent", "remaining", "reset", "retryAfter");
        return ReadWindow(limits, bag);
    }

    private static BudgetLimit[] ReadMoreLimits(JsonCursor also, DiagnosticBag bag)
    {
        var limits = new List<BudgetLimit>();
        foreach (JsonCursor window in also.Items().Where(w => w.IsObject(bag)))
        {
            window.AllowOnly(bag, "requests", "per");
            if (ReadWindow(window, bag) is { } limit)
            {
                limits.Add(limit);
            }
        }
        return [.. limits];
    }

    private static int? ReadConcurrent(JsonCursor limits, DiagnosticBag bag)
    {
        int? concurrent = limits.OptionalCount("concurrent", bag);
        if (concurrent == 0)
        {
            bag.Error(DefinitionCodes.InvalidValue, limits.Optional("concurrent")!.Value.Position, "With 0 requests at once none is ever sent.", "Leave 'concurrent' out when there is no such limit.");
            return null;
        }
        return concurrent;
    }

    private static BudgetLimit? ReadWindow(JsonCursor limits, DiagnosticBag bag)
    {
        _ = limits.Required("requests", bag);
        _ = limits.Required("per", bag);
        int? requests = limits.OptionalCount("requests", bag);
        TimeSpan? window = limits.OptionalDuration("per", bag);
        if (requests == 0 || window == TimeSpan.Zero)
        {
            bag.Error(DefinitionCodes.InvalidValue, limits.Position, "A limit of 0 requests, or per no time, lets nothing through.", "Leave 'limits' out when there is none.");
        }
        return requests is { } count && window is { } per ? new BudgetLimit(count, per) : null;
    }

    private static List<ErrorRule> ReadErrors(JsonCursor http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        var rules = new List<ErrorRule>();
        if (http.Optional("errors") is not { } errors || !errors.IsArray(bag))
        {
            return rules;
        }
        foreach (JsonCursor item in errors.Items().Where(i => i.IsObject(bag)))
        {
            item.AllowOnly(bag, "status", "when", "is", "message", "wait");
            string? kind = item.Optional("is")?.OneOf(bag, "success", "rejected", "rateLimited", "reauthenticate", "unknown");
            (int From, int To)? range = item.Required("status", bag) is { } status ? ReadStatus(status, bag) : null;
            string? message = item.Optional("message") is { } place ? ReadMessage(place, bag) : null;
            if (item.Optional("is") is null && item.Optional("message") is null)
            {
                bag.Error(DefinitionCodes.MissingProperty, item.Position, "A rule needs 'is', 'message' or both.");
            }
            var rule = new ErrorRule(range?.From ?? 0, range?.To ?? 0, kind is null ? null : Enum.Parse<AnswerKind>(kind, ignoreCase: true), message)
            {
                When = source.OptionalCondition(item, "when", "response"),
                Wait = source.OptionalValue(item, "wait", "response"),
            };
            if (range is not null)
            {
                rules.Add(rule);
            }
        }
        return rules;
    }

    private static (int From, int To)? ReadStatus(JsonCursor status, DiagnosticBag bag)
    {
        if (status.Kind == JsonValueKind.Number && status.Element.TryGetInt32(out int one) && one is >= 100 and <= 599)
        {
            return (one, one);
        }
        if (status.Kind == JsonValueKind.String && RangePattern().Match(status.Element.GetString()!) is { Success: true } match)
        {
            int from = int.Parse(match.Groups["from"].Value, CultureInfo.InvariantCulture);
            int to = int.Parse(match.Groups["to"].Value, CultureInfo.InvariantCulture);
            if (from <= to)
            {
                return (from, to);
            }
        }
        bag.Error(DefinitionCodes.InvalidValue, status.Position, "This is not an HTTP status.", "Write 429, or a range such as \"400-499\".");
        return null;
    }

    private static string? ReadMessage(JsonCursor message, DiagnosticBag bag) =>
        message.Kind == JsonValueKind.String && message.Element.GetString()!.StartsWith(AnswerClassifier.HeaderMessage, StringComparison.Ordinal)
            ? message.Element.GetString()
            : ReadPointer(message, bag);

    /// <summary>A JSON pointer: empty, or beginning with a slash.</summary>
    public static string? ReadPointer(JsonCursor cursor, DiagnosticBag bag)
    {
        string? text = cursor.Text(bag);
        if (text is null or "" || text[0] == '/')
        {
            return text;
        }
        bag.Error(DefinitionCodes.InvalidValue, cursor.Position, $"'{text}' is not a JSON pointer.", $"Begin with a slash: \"/{text}\".");
        return null;
    }

    [GeneratedRegex("^(?<from>[1-5][0-9]{2})-(?<to>[1-5][0-9]{2})$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex RangePattern();
}

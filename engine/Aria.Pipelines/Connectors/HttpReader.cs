using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>http</c>.</summary>
internal static partial class HttpReader
{
    public static HttpDefinition Read(JsonCursor http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        http.AllowOnly(bag, "baseUrl", "headers", "format", "auth", "paging", "errors", "limits", "timeout");
        JsonCursor? limits = http.Optional("limits") is { } l && l.IsObject(bag) ? l : null;
        return new HttpDefinition
        {
            BaseUrl = source.RequiredValue(http, "baseUrl", "settings"),
            Headers = source.NamedValues(http, "headers", "settings"),
            BodiesByCode = IsByCode(http, source),
            Auth = http.Optional("auth") is { } auth ? AuthReader.Read(auth, source) : null,
            AuthSecrets = http.Optional("auth") is { } a ? [.. SettingReferences.Secrets(source, a)] : [],
            Errors = ReadErrors(http, source),
            LinkRelation = ReadPaging(http, bag),
            Limit = limits is { } some ? ReadLimit(some, bag) : null,
            RemainingHeader = limits?.OptionalText("remaining", bag),
            Timeout = AttemptTime.Read(http, bag) ?? TimeSpan.FromSeconds(30),
        };
    }

    private static bool IsByCode(JsonCursor http, ConnectorSource source)
    {
        if (http.Optional("format") is not { } format || format.OneOf(source.Bag, "json", "code") is not "code")
        {
            return false;
        }
        source.NeedCode<ITranslatesBodies>(format);
        return true;
    }

    private static string? ReadPaging(JsonCursor http, DiagnosticBag bag)
    {
        if (http.Optional("paging") is not { } paging || !paging.IsObject(bag))
        {
            return null;
        }
        paging.AllowOnly(bag, "link");
        return paging.RequiredText("link", bag);
    }

    private static BudgetLimit? ReadLimit(JsonCursor limits, DiagnosticBag bag)
    {
        limits.AllowOnly(bag, "requests", "per", "remaining");
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
            item.AllowOnly(bag, "status", "when", "is", "message");
            string? kind = item.Optional("is")?.OneOf(bag, "success", "rejected", "rateLimited", "reauthenticate", "unknown");
            (int From, int To)? range = item.Required("status", bag) is { } status ? ReadStatus(status, bag) : null;
            string? message = item.Optional("message") is { } pointer ? ReadPointer(pointer, bag) : null;
            if (item.Optional("is") is null && item.Optional("message") is null)
            {
                bag.Error(DefinitionCodes.MissingProperty, item.Position, "A rule needs 'is', 'message' or both.");
            }
            if (range is { } r)
            {
                AnswerKind? means = kind is null ? null : Enum.Parse<AnswerKind>(kind, ignoreCase: true);
                rules.Add(new ErrorRule(r.From, r.To, means, message) { When = source.OptionalCondition(item, "when", "response") });
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

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>
/// What a status means: the connector's rules first, then 2xx success, 401 log in again, 408, 409, 425 and 5xx unknown, 429 over a limit,
/// everything else a definite refusal (3xx too: redirects are never followed).
/// </summary>
internal static class AnswerClassifier
{
    /// <summary>No target can make us wait longer than this at a time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Begins a message that stands in a header instead of the body.</summary>
    public const string HeaderMessage = "header:";

    public static Verdict Classify(IReadOnlyList<ErrorRule> rules, ConnectorResponse response, Func<ConnectorResponse, JsonElement?> read)
    {
        var body = new Lazy<JsonElement?>(() => read(response));
        int status = response.Status;
        ErrorRule[] fitting = [.. rules.Where(r => status >= r.From && status <= r.To && Holds(r, response, body))];
        AnswerKind kind = fitting.Select(r => r.Kind).FirstOrDefault(k => k is not null) ?? status switch
        {
            >= 200 and <= 299 => AnswerKind.Success,
            401 => AnswerKind.Reauthenticate,
            429 => AnswerKind.RateLimited,
            408 or 409 or 425 or >= 500 => AnswerKind.Unknown,
            _ => AnswerKind.Rejected,
        };
        if (kind == AnswerKind.Success)
        {
            return new(kind, null, null);
        }
        string? message = fitting.Select(r => r.Message).OfType<string>().Select(p => Message(response, body.Value, p)).FirstOrDefault(m => m is not null);
        string? wait = fitting.Select(r => r.Wait).OfType<CompiledMapping>().Select(w => Wait(w, response, body)).FirstOrDefault(w => !string.IsNullOrEmpty(w));
        return new(kind, message, wait);
    }

    /// <summary>Code of a failure.</summary>
    public static string Code(AnswerKind kind, int status) => kind switch
    {
        AnswerKind.RateLimited => "rate_limited",
        AnswerKind.Reauthenticate => "unauthorized",
        AnswerKind.Unknown => "remote_error",
        _ when status is >= 300 and <= 399 => "redirect_refused",
        _ => "remote_rejected",
    };

    /// <summary>The time in a <c>Retry-After</c> header (seconds or HTTP date), at most one hour ahead; null when absent, negative or no time at all.</summary>
    public static DateTimeOffset? RetryAfter(ConnectorResponse response, DateTimeOffset now) =>
        DeliveryHeaders.Find(response.Headers, "Retry-After") is [{ } text] ? RetryAt(text, now) : null;

    /// <summary>A time as <c>Retry-After</c> writes it, at most one hour ahead.</summary>
    public static DateTimeOffset? RetryAt(string text, DateTimeOffset now)
    {
        DateTimeOffset at;
        string trimmed = text.Trim();
        if (trimmed.Length > 0 && trimmed.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
        {
            at = now + (long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < LongestWait.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : LongestWait);
        }
        else if (!DateTimeOffset.TryParseExact(trimmed, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at))
        {
            return null;
        }
        DateTimeOffset latest = now + LongestWait;
        return at < now ? now : at > latest ? latest : at;
    }

    private static bool Holds(ErrorRule rule, ConnectorResponse response, Lazy<JsonElement?> body)
    {
        if (rule.When is not { } condition)
        {
            return true;
        }
        try
        {
            return condition.Evaluate(Seen(response, body)) is JsonValue value && value.TryGetValue(out bool holds) && holds;
        }
        catch (MappingException)
        {
            // An answer of another shape than the rule expects is not the one it is about.
            return false;
        }
    }

    private static string? Wait(CompiledMapping wait, ConnectorResponse response, Lazy<JsonElement?> body)
    {
        try
        {
            return ConnectorJson.Text(wait, Seen(response, body));
        }
        catch (MappingException)
        {
            // The same; the wait is then what headers say, or the usual one.
            return null;
        }
    }

    private static Dictionary<string, JsonElement> Seen(ConnectorResponse response, Lazy<JsonElement?> body) =>
        new() { ["response"] = AnswerReader.Value(response, body.Value ?? ConnectorJson.Null) };

    private static string? Message(ConnectorResponse response, JsonElement? body, string place)
    {
        string? text = place.StartsWith(HeaderMessage, StringComparison.Ordinal)
            ? DeliveryHeaders.Find(response.Headers, place[HeaderMessage.Length..]) is [{ } header, ..] ? header : null
            : body is { } read && JsonPointer.Find(read, place) is { } found
                ? ConnectorJson.Text(found) ?? (found.ValueKind == JsonValueKind.Null ? "" : found.GetRawText())
                : null;
        text = text?.ReplaceLineEndings(" ");
        return text?.Length switch
        {
            null or 0 => null,
            > 500 => text[..500] + "…",
            _ => text,
        };
    }
}

/// <summary>What an answer means.</summary>
/// <param name="Kind">Its class.</param>
/// <param name="Message">What the remote system says, for people; null when it says nothing.</param>
/// <param name="Wait">The wait that a rule found in the answer, as text; null when none did.</param>
internal sealed record Verdict(AnswerKind Kind, string? Message, string? Wait);

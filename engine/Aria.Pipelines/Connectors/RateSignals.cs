using System.Globalization;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>
/// What a system says of its own limit: the header that the connector names, the usual <c>X-RateLimit-*</c> and <c>RateLimit-*</c>, or the
/// <c>RateLimit</c> field of the IETF draft (<c>"default";r=50;t=30</c>, earlier <c>limit=100, remaining=50, reset=30</c>).
/// </summary>
internal static partial class RateSignals
{
    private static readonly string[] RemainingHeaders = ["X-RateLimit-Remaining", "RateLimit-Remaining"];
    private static readonly string[] ResetHeaders = ["X-RateLimit-Reset", "RateLimit-Reset"];

    // Seconds left are few, points in time are many.
    private const long FirstEpoch = 1_000_000_000;

    /// <summary>Reads them.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="http">Which headers the connector names.</param>
    /// <param name="now">Where seconds count from.</param>
    /// <returns>Requests left, and when there are more; null where nothing is said or it cannot be understood.</returns>
    public static (int? Remaining, DateTimeOffset? Reset) Named(ConnectorResponse response, HttpDefinition http, DateTimeOffset now)
    {
        (int? remaining, DateTimeOffset? reset) = Read(response, http.RemainingHeader, now);
        return (remaining, http.Reset is { } named ? At(response, named, now) : reset);
    }

    /// <summary>The time in a header whose unit is known; null when it is absent or something else.</summary>
    public static DateTimeOffset? At(ConnectorResponse response, TimeHeader header, DateTimeOffset now)
    {
        if (DeliveryHeaders.Find(response.Headers, header.Name) is not [{ } text, ..])
        {
            return null;
        }
        if (header.Unit == TimeUnit.Date)
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset date) ? date : null;
        }
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double number) || number > FirstEpoch * 100_000d)
        {
            return null;
        }
        return header.Unit switch
        {
            TimeUnit.Epoch => Time((long)number, now),
            TimeUnit.Milliseconds => now.AddMilliseconds(Math.Min(number, 86_400_000)),
            _ => now.AddSeconds(Math.Min(number, 86_400)),
        };
    }

    /// <returns>Requests left, and when there are more; null where nothing is said or it cannot be understood.</returns>
    public static (int? Remaining, DateTimeOffset? Reset) Read(ConnectorResponse response, string? named, DateTimeOffset now)
    {
        int? remaining = (named is null ? RemainingHeaders : [named]).Select(h => Number(response, h)).FirstOrDefault(n => n is not null) is { } left ? (int)Math.Min(left, int.MaxValue) : null;
        DateTimeOffset? reset = ResetHeaders.Select(h => Number(response, h)).FirstOrDefault(n => n is not null) is { } at ? Time(at, now) : null;
        if (DeliveryHeaders.Find(response.Headers, "RateLimit") is [{ } draft, ..] && DraftPattern().Match(draft) is { Success: true } match)
        {
            remaining ??= int.TryParse(match.Groups["remaining"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int some) ? some : null;
            reset ??= long.TryParse(match.Groups["reset"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? Time(seconds, now) : null;
        }
        return (remaining, reset);
    }

    private static DateTimeOffset? Time(long value, DateTimeOffset now) => value switch
    {
        < FirstEpoch => now.AddSeconds(Math.Min(value, 86_400)),
        < FirstEpoch * 100 => DateTimeOffset.FromUnixTimeSeconds(value),
        < FirstEpoch * 100_000 => DateTimeOffset.FromUnixTimeMilliseconds(value),
        _ => null,
    };

    private static long? Number(ConnectorResponse response, string header) =>
        DeliveryHeaders.Find(response.Headers, header) is [{ } text] && long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    [GeneratedRegex("(?:remaining=|;\\s*r=)(?<remaining>[0-9]{1,9})(?:.*?(?:reset=|;\\s*t=)(?<reset>[0-9]{1,9}))?", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex DraftPattern();
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Connectors;

/// <summary>Times as sources write them.</summary>
internal static class PollTime
{
    // Later seconds would be milliseconds of 1978, and no source counts in seconds beyond the year 5138.
    private const long LargestSeconds = 99_999_999_999;

    // 0001-01-01 and its like are how programs write that they have no time.
    private const int FirstYear = 1900;

    public static JsonNode Write(DateTimeOffset time, TimeFormat format, string? pattern = null) => format switch
    {
        TimeFormat.Pattern => Text(time, pattern!),
        TimeFormat.Unix => JsonValue.Create(time.ToUnixTimeSeconds()),
        TimeFormat.UnixMilliseconds => JsonValue.Create(time.ToUnixTimeMilliseconds()),
        TimeFormat.Seconds => Text(time, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        TimeFormat.Sql => Text(time, "yyyy-MM-dd HH:mm:ss"),
        TimeFormat.Date => Text(time, "yyyy-MM-dd"),
        _ => Text(time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
    };

    /// <summary>The time in a record: ISO 8601 (UTC when no offset is given), or a number of seconds or milliseconds since 1970. Null when there is none, as for a year before 1900.</summary>
    public static DateTimeOffset? Read(JsonElement? value)
    {
        string? text = value is { } element ? ConnectorJson.Text(element) : null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return number <= LargestSeconds ? DateTimeOffset.FromUnixTimeSeconds(number) : number < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) && time.Year >= FirstYear ? time : null;
    }

    private static JsonValue Text(DateTimeOffset time, string format) => JsonValue.Create(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
}

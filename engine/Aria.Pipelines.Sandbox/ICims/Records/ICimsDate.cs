using System.Globalization;

namespace Aria.Pipelines.Sandbox.ICims.Records;

/// <summary>The vendor's dates with time: UTC, in minutes.</summary>
internal static class ICimsDate
{
    public const string Format = "yyyy-MM-dd hh:mm tt";

    public static string Write(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset Minute(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));

    /// <summary>Reads <c>yyyy-MM-dd hh:mm a</c> or <c>yyyy-MM-dd</c>; null for anything else.</summary>
    public static DateTimeOffset? TryRead(string? text) =>
        DateTimeOffset.TryParseExact(text, [Format, "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;
}

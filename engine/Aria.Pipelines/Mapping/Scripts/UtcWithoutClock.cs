using System.Globalization;
using Jint.Runtime;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>Dates are parsed and shown in UTC on every machine; the present time cannot be asked for.</summary>
internal sealed class UtcWithoutClock : ITimeSystem
{
    private readonly DefaultTimeSystem _utc = new(TimeZoneInfo.Utc, CultureInfo.InvariantCulture);

    public TimeZoneInfo DefaultTimeZone => TimeZoneInfo.Utc;

    public DateTimeOffset GetUtcNow() => throw new MappingLimitException(
        MappingCodes.ScriptError, "The script asks for the present time.", "A mapping has no clock, so that it always makes the same result. Use the root 'now'.");

    public bool TryParse(string date, out long epochMilliseconds) => _utc.TryParse(date, out epochMilliseconds);

    public TimeSpan GetUtcOffset(long epochMilliseconds) => TimeSpan.Zero;
}

using System.Globalization;
using System.Text.Json.Nodes;
using Cronos;

namespace Aria.Pipelines.Pipelines;

/// <summary>Times at which a pipeline starts by itself.</summary>
/// <param name="Text">As written; with the pipeline it names the cursor, so a republished pipeline goes on where it was.</param>
/// <param name="Cron">Five fields; null when <paramref name="Every"/> is given.</param>
/// <param name="Zone">Where the clock hangs that the fields speak of.</param>
/// <param name="Every">A period, counted from 1970 so that a restart does not shift it.</param>
internal sealed record ScheduleTrigger(string Text, CronExpression? Cron, TimeZoneInfo Zone, TimeSpan? Every)
{
    /// <summary>Type of the event that a schedule makes.</summary>
    public const string EventType = "schedule.fired";

    /// <summary>What stands in the place of a connection. No file can have this name.</summary>
    public const string ConnectionId = "$schedule";

    /// <summary>What the pipeline says in <c>cron</c> or <c>every</c>: names it where somebody plays its time.</summary>
    public string Name => Every switch
    {
        { } days when days.Ticks % TimeSpan.TicksPerDay == 0 => $"{(long)days.TotalDays}d",
        { } hours when hours.Ticks % TimeSpan.TicksPerHour == 0 => $"{(long)hours.TotalHours}h",
        { } minutes when minutes.Ticks % TimeSpan.TicksPerMinute == 0 => $"{(long)minutes.TotalMinutes}m",
        { } other => $"{(long)other.TotalMilliseconds}ms",
        null => Text[..Text.LastIndexOf(' ')],
    };

    /// <summary>Whether these words name it: its name, for a cron expression also with its zone, or a period of the same length.</summary>
    /// <param name="words">What somebody wrote.</param>
    /// <param name="period">The same, read as a duration; null when it is none.</param>
    public bool IsCalled(string words, TimeSpan? period) => words == Name || words == Text || (Every is not null && period == Every);

    /// <summary>What its event holds.</summary>
    /// <param name="due">The time that has come.</param>
    /// <param name="missed">How many before it nobody saw.</param>
    public static JsonObject Fired(DateTimeOffset due, int missed) =>
        new() { ["scheduled_at"] = due.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["missed"] = missed };

    /// <summary>The first time after another; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (Every is { } period)
        {
            long passed = (after - DateTimeOffset.UnixEpoch).Ticks / period.Ticks;
            return DateTimeOffset.UnixEpoch + (period * (passed + 1));
        }
        return Cron!.GetNextOccurrence(after, Zone)?.ToUniversalTime();
    }
}

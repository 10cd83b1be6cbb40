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

using System.Globalization;
using System.Text;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Ingress;

/// <summary>
/// Starts pipelines at their times. The last time is kept in the commit of its event: no time fires twice, and of those that passed while the
/// host was down the last one fires, once, saying how many it stands for.
/// </summary>
internal sealed partial class ScheduleLoop(PipelineCatalog catalog, IStore store, EventIntake intake, TimeProvider time, ILogger<ScheduleLoop> log) : BackgroundService
{
    private const int MostCounted = 100_000;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(15);

    // A last time this far ahead was kept while the clock was wrong.
    private static readonly TimeSpan FarAhead = TimeSpan.FromHours(1);
    private readonly Dictionary<string, DateTimeOffset> _last = [];

    /// <summary>Fires what is due.</summary>
    /// <returns>When something is due next; null for nothing.</returns>
    public async Task<DateTimeOffset?> FireDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (Pipeline pipeline in catalog.Current.Pipelines.Values.Where(p => p.Enabled))
        {
            foreach (ScheduleTrigger schedule in pipeline.Schedules)
            {
                DateTimeOffset? own = await FireDueAsync(pipeline, schedule, cancellationToken).ConfigureAwait(false);
                next = next is null || own < next ? own : next;
            }
        }
        return next;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan sleep = LongestSleep;
            try
            {
                if (await FireDueAsync(stoppingToken).ConfigureAwait(false) is { } next && next - time.GetUtcNow() < sleep)
                {
                    sleep = next - time.GetUtcNow();
                }
            }
            catch (StoreUnavailableException e)
            {
                LogNotStored(log, e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(sleep > TimeSpan.Zero ? sleep : TimeSpan.Zero, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<DateTimeOffset?> FireDueAsync(Pipeline pipeline, ScheduleTrigger schedule, CancellationToken cancellationToken)
    {
        string cursor = ScheduledEvent.Cursor(pipeline, schedule);
        DateTimeOffset now = time.GetUtcNow();
        if (!_last.TryGetValue(cursor, out DateTimeOffset last))
        {
            byte[]? stored = await store.Cursors.ReadAsync(ScheduleTrigger.ConnectionId, cursor, cancellationToken).ConfigureAwait(false);
            last = stored is null ? now : DateTimeOffset.Parse(Encoding.UTF8.GetString(stored), CultureInfo.InvariantCulture);
            if (stored is null)
            {
                // A schedule begins when it is published first; that it has done so must survive a restart before its first time.
                await intake.AcceptAsync(ScheduleTrigger.ConnectionId, "schedule", [], ScheduledEvent.Move(pipeline, schedule, now), cancellationToken).ConfigureAwait(false);
            }
            _last[cursor] = last;
        }
        if (last > now + FarAhead)
        {
            LogSetBack(log, pipeline.Id, last);
            await intake.AcceptAsync(ScheduleTrigger.ConnectionId, "schedule", [], ScheduledEvent.Move(pipeline, schedule, now), cancellationToken).ConfigureAwait(false);
            _last[cursor] = last = now;
        }
        DateTimeOffset? fires = null;
        int count = 0;
        DateTimeOffset? next = schedule.Next(last);
        while (next is { } at && at <= now && count < MostCounted)
        {
            fires = at;
            count++;
            next = schedule.Next(at);
        }
        if (fires is { } due)
        {
            await intake.FireAsync(pipeline, ScheduledEvent.Of(pipeline, schedule, due, count - 1), ScheduledEvent.Move(pipeline, schedule, due), cancellationToken).ConfigureAwait(false);
            _last[cursor] = due;
        }
        return next;
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "A schedule could not fire because the store is not available; it fires when the store is back: {Trouble}")]
    private static partial void LogNotStored(ILogger log, string trouble);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Warning, Message = "The schedule of pipeline {Pipeline} stood at {Future:O}, a time that has not come: the clock of this machine was wrong. It goes on from now")]
    private static partial void LogSetBack(ILogger log, string pipeline, DateTimeOffset future);
}

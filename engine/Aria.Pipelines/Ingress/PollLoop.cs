using System.Collections.Concurrent;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Ingress;

/// <summary>
/// Reads every feed that a pipeline in force needs, each in its interval. A backfill has a feed and a cursor of its own and gives one page at a
/// time, and only while no run waits, so live events stand behind one page of it at most.
/// </summary>
internal sealed partial class PollLoop(PipelineCatalog catalog, PollParts parts, ILogger<PollLoop> log) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Connection, string Cursor), Watched> _feeds = new();

    /// <summary>How each feed stands.</summary>
    public IReadOnlyList<PollStatus> Status => [.. _feeds.Values.Select(f => f.Status).OrderBy(s => (s.Connection, s.Cursor))];

    /// <summary>Begins to read what changed since a time (or everything, where the source has no times) beside the live feed.</summary>
    /// <returns>False when the connection has no such feed.</returns>
    public async Task<bool> BackfillAsync(string connection, string eventType, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (!catalog.Current.Connections.TryGetValue(connection, out Connection? found)
            || !found.Connector.Events.TryGetValue(eventType, out ConnectorEvent? feed) || feed.PollFor(found) is not { Cursor: not PollCursor.Queue } poll)
        {
            return false;
        }
        string cursor = PollFeed.Backfill(eventType);
        byte[]? live = await parts.Store.Cursors.ReadAsync(connection, eventType, cancellationToken).ConfigureAwait(false);
        var begin = new PollPosition
        {
            Since = since,
            From = since,
            Until = poll.Cursor is PollCursor.Timestamp ? (live is null ? null : PollPosition.FromBytes(live).Since) ?? parts.Time.GetUtcNow() : null,
        };
        await parts.Intake.AcceptAsync(connection, "poll", [], new CursorMove(cursor, begin.ToBytes(), []), cancellationToken).ConfigureAwait(false);
        _feeds[(connection, cursor)] = new Watched(new PollFeed(parts, eventType, cursor), connection, cursor);
        return true;
    }

    /// <summary>Starts to read every feed that is due and not being read.</summary>
    public IReadOnlyList<Task> StartDue(CancellationToken cancellationToken)
    {
        CatalogSnapshot snapshot = catalog.Current;
        DateTimeOffset now = parts.Time.GetUtcNow();
        var started = new List<Task>();
        foreach (Connection connection in snapshot.Connections.Values)
        {
            foreach (ConnectorEvent feed in connection.Connector.Events.Values.Where(e => e.PollFor(connection) is not null && IsNeeded(snapshot, connection, e)))
            {
                foreach (string cursor in (string[])[feed.Type, PollFeed.Backfill(feed.Type)])
                {
                    Watched watched = _feeds.GetOrAdd((connection.Id, cursor), _ => new Watched(new PollFeed(parts, feed.Type, cursor), connection.Id, cursor));
                    if (watched.Due <= now && watched.Running.IsCompleted)
                    {
                        started.Add(watched.Running = Task.Run(() => ReadAsync(watched, connection, feed.PollFor(connection)!.IntervalFor(connection), cursor != feed.Type, cancellationToken), CancellationToken.None));
                    }
                }
            }
        }
        return started;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            StartDue(stoppingToken);
            Watched[] read = [.. _feeds.Values.Where(f => !f.Running.IsCompleted)];
            TimeSpan next = _feeds.Values.Except(read).Select(f => f.Due - parts.Time.GetUtcNow()).Append(LongestSleep).Min();
            using var asleep = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            // A feed that has been read knows now when it is due: one that a budget sent away perhaps at once.
            await Task.WhenAny([Task.Delay(next < FirstBackoff / 50 ? FirstBackoff / 50 : next, parts.Time, asleep.Token), .. read.Select(f => f.Running)]).ConfigureAwait(false);
            await asleep.CancelAsync().ConfigureAwait(false);
        }
        await Task.WhenAll(_feeds.Values.Select(f => f.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static bool IsNeeded(CatalogSnapshot snapshot, Connection connection, ConnectorEvent feed) =>
        connection.Connector.Events.Values.Any(e => (e == feed || e.PolledWith == feed.Type) && snapshot.Needs(connection.Id, e.Type));

    private async Task ReadAsync(Watched watched, Connection connection, TimeSpan interval, bool isBackfill, CancellationToken cancellationToken)
    {
        PollStep step = new(false);
        try
        {
            if (isBackfill && !await MayFillAsync(watched, connection, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
            do
            {
                step = await watched.Feed.StepAsync(connection, cancellationToken).ConfigureAwait(false);
                if (step.Failure is null)
                {
                    watched.Note(step, parts.Time.GetUtcNow());
                }
                if (step.IsMissing)
                {
                    LogMissing(log, connection.Id, watched.Status.Cursor);
                }
                if (step.SetBackFrom is { } future)
                {
                    LogSetBack(log, connection.Id, watched.Status.Cursor, future);
                }
            }
            while (step.HasMore && !isBackfill && !cancellationToken.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (StoreUnavailableException e)
        {
            step = Broken("store_unavailable", e.Message);
        }
        catch (MappingException e)
        {
            step = Broken(e.Diagnostic.Code, e.Diagnostic.ToString());
        }
        catch (Exception e)
        {
            // Whatever it is, the feed must be seen to fail and be read again: a feed that stands still is silent.
            LogBroken(log, connection.Id, watched.Status.Cursor, e);
            step = Broken("feed_failed", $"{e.GetType().Name}: {e.Message}");
        }
        Finish(watched, connection, step, interval, isBackfill);
    }

    private void Finish(Watched watched, Connection connection, PollStep step, TimeSpan interval, bool isBackfill)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        if (step.Failure is { IsOverBudget: true, RetryAt: { } turn })
        {
            // Nothing is wrong with the source, and whoever does not come at its turn keeps others from theirs.
            EngineMetrics.BudgetWaited(connection.Id);
            watched.Due = turn;
            return;
        }
        if (step.Failure is { } failure)
        {
            watched.Note(step, now);
            TimeSpan wait = FirstBackoff * Math.Pow(2, Math.Min(watched.Status.Failures - 1, 8));
            DateTimeOffset again = now + (wait > PollDefinition.LongestInterval ? PollDefinition.LongestInterval : wait);
            watched.Due = failure.RetryAt > again ? failure.RetryAt.Value : again;
            LogFailed(log, connection.Id, watched.Status.Cursor, failure.Code ?? "unknown", failure.Message ?? "no reason given", watched.Due);
            return;
        }
        watched.Due = step.IsFinished ? DateTimeOffset.MaxValue : isBackfill ? now : now + interval;
    }

    /// <summary>True when there is a backfill to go on with and no run waits.</summary>
    private async Task<bool> MayFillAsync(Watched watched, Connection connection, CancellationToken cancellationToken)
    {
        if (await parts.Store.Cursors.ReadAsync(connection.Id, watched.Status.Cursor, cancellationToken).ConfigureAwait(false) is null)
        {
            watched.Due = DateTimeOffset.MaxValue;
            return false;
        }
        IReadOnlyDictionary<RunState, long> open = await parts.Store.CountOpenRunsAsync(cancellationToken).ConfigureAwait(false);
        if (open.GetValueOrDefault(RunState.Ready) + open.GetValueOrDefault(RunState.Leased) == 0)
        {
            return true;
        }
        watched.Due = parts.Time.GetUtcNow() + LongestSleep;
        return false;
    }

    private static PollStep Broken(string code, string message) =>
        PollStep.Failed(new Exchange(OperationOutcome.Unknown, null, code, message, null, TimeSpan.Zero));

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Feed {Cursor} of {Connection} could not be read: {Code}: {Text} It is read again at {Again:O}, from where it stood")]
    private static partial void LogFailed(ILogger log, string connection, string cursor, string code, string text, DateTimeOffset again);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "The source of feed {Cursor} of {Connection} no longer has what it gave out last or kept for it: changes before now may be missing. Compare the records by hand, or send them with 'aria send'")]
    private static partial void LogMissing(ILogger log, string connection, string cursor);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Error, Message = "Reading feed {Cursor} of {Connection} failed in a way that is not foreseen; please report it")]
    private static partial void LogBroken(ILogger log, string connection, string cursor, Exception error);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Warning, Message = "Feed {Cursor} of {Connection} stood at {Future:O}, a time that has not come: the clock of this machine was wrong when it was read. It goes on from now; what changed before may be missing, and 'aria poll backfill' reads it")]
    private static partial void LogSetBack(ILogger log, string connection, string cursor, DateTimeOffset future);

    private sealed class Watched(PollFeed feed, string connection, string cursor)
    {
        public PollFeed Feed { get; } = feed;

        public Task Running { get; set; } = Task.CompletedTask;

        public DateTimeOffset Due { get; set; } = DateTimeOffset.MinValue;

        public PollStatus Status { get; private set; } = new(connection, cursor);

        public void Note(PollStep step, DateTimeOffset now) => Status = step.Failure is { } failure
            ? Status with { Failures = Status.Failures + 1, Code = failure.Code }
            : Status with
            {
                Failures = 0,
                Code = null,
                ReadUtc = now,
                Accepted = Status.Accepted + step.Accepted,
                Lag = step.Accepted > 0 ? step.Lag : Status.Lag,
                IsFinished = step.IsFinished,
            };
    }
}

/// <summary>How a feed stands, for operators and metrics.</summary>
/// <param name="Connection">The account.</param>
/// <param name="Cursor">The event, with its lane.</param>
internal sealed record PollStatus(string Connection, string Cursor)
{
    /// <summary>When it was last read; null when it was not since the start.</summary>
    public DateTimeOffset? ReadUtc { get; init; }

    /// <summary>How long the oldest change of the last page with news had to wait.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Events accepted since the start.</summary>
    public long Accepted { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Why the last reading failed.</summary>
    public string? Code { get; init; }

    /// <summary>True for a backfill that is through.</summary>
    public bool IsFinished { get; init; }
}

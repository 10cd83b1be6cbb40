using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Ingress;

/// <summary>
/// Logs refused deliveries: a few of each source and code in a minute one by one, and when the minute is over how many more there were. A
/// flood must not push everything else out of the log.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> log) : IDisposable
{
    /// <summary>How many of one source and code are shown in a minute.</summary>
    public const int MostShown = 10;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Dictionary<(string Source, string Code), Shown> _shown = [];

    /// <summary>Logs a delivery that its sender is to blame for.</summary>
    /// <param name="source">Id of the connection, or what stands for those that are none.</param>
    /// <param name="status">HTTP status of the answer.</param>
    /// <param name="code">Code of the answer.</param>
    /// <param name="length">Bytes of the body.</param>
    /// <param name="trace">The id that the sender was given.</param>
    /// <param name="hint">What people may look at, which the sender is not told; null for nothing.</param>
    public void Refused(string source, int status, string code, long length, string trace, string? hint)
    {
        if (MayShow(source, code))
        {
            LogRefused(log, source, status, code, length, trace, hint is null ? "" : $" {hint}");
        }
    }

    /// <summary>Logs a delivery that the store did not take.</summary>
    /// <param name="source">Id of the connection.</param>
    /// <param name="code">Code of the answer.</param>
    /// <param name="trouble">Why.</param>
    /// <param name="trace">The id that the sender was given.</param>
    public void NotStored(string source, string code, string trouble, string trace)
    {
        if (MayShow(source, code))
        {
            LogNotStored(log, source, trouble, trace);
        }
    }

    public void Dispose()
    {
        (string, string)[] open;
        lock (_shown)
        {
            open = [.. _shown.Keys];
        }
        foreach ((string source, string code) in open)
        {
            End(source, code);
        }
    }

    private bool MayShow(string source, string code)
    {
        lock (_shown)
        {
            if (!_shown.TryGetValue((source, code), out Shown? shown))
            {
                _shown[(source, code)] = shown = new Shown(time.CreateTimer(_ => End(source, code), null, Minute, Timeout.InfiniteTimeSpan));
            }
            shown.Count++;
            return shown.Count <= MostShown;
        }
    }

    private void End(string source, string code)
    {
        Shown? shown;
        lock (_shown)
        {
            if (!_shown.Remove((source, code), out shown))
            {
                return;
            }
        }
        shown.Timer.Dispose();
        if (shown.Count > MostShown)
        {
            LogNotShown(log, source, shown.Count - MostShown, code);
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "A delivery for {Connection} was refused with {Status}: {Code} ({Length} bytes, trace {Trace}){Hint}")]
    private static partial void LogRefused(ILogger log, string connection, int status, string code, long length, string trace, string hint);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "A delivery for {Connection} could not be stored; the sender was told to try again: {Trouble} (trace {Trace})")]
    private static partial void LogNotStored(ILogger log, string connection, string trouble, string trace);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "Deliveries for {Connection}: {Count} more were refused within a minute and are not shown one by one: {Code}")]
    private static partial void LogNotShown(ILogger log, string connection, int count, string code);

    /// <summary>What was refused since the first that was shown.</summary>
    private sealed class Shown(ITimer timer)
    {
        public ITimer Timer { get; } = timer;

        public int Count { get; set; }
    }
}

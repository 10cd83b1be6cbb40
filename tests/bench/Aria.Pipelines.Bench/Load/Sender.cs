using System.Diagnostics;
using System.Net.Sockets;

namespace Aria.Pipelines.Bench.Load;

/// <summary>Posts signed deliveries, each with an id of its own, and notes when each was sent and answered.</summary>
internal sealed class Sender(SignedDelivery delivery, Uri target)
{
    public const int MaxEvents = 4_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(20);
    private static long s_next;

    private readonly Lock _gate = new();
    private bool _stopped;
    private long _errors;

    /// <summary>The id that comes next; ids are never used twice, whoever they are sent to.</summary>
    public static long Next => Interlocked.Read(ref s_next);

    public static long[] SentAt { get; } = new long[MaxEvents];

    public static long[] AnsweredAt { get; } = new long[MaxEvents];

    public static short[] Statuses { get; } = new short[MaxEvents];

    /// <summary>Requests that ended without an answer.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Sends nothing more: whoever answered has gone.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
        }
    }

    /// <summary>Sends for a while over as many connections.</summary>
    /// <param name="connections">Connections, each waiting for its answer before the next request.</param>
    /// <param name="duration">How long.</param>
    /// <param name="perSecond">Requests a second, due at fixed times whatever the answers do; 0 for as many as there are answers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="events">Ends behind so many requests; null for the time alone.</param>
    public async Task RunAsync(int connections, TimeSpan duration, double perSecond, CancellationToken cancellationToken, long? events = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(duration + Patience);
        var clock = new Clock(Stopwatch.GetTimestamp(), duration, perSecond, events ?? long.MaxValue);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(clock, limit.Token), limit.Token)));
    }

    /// <summary>One event, at once.</summary>
    /// <returns>Its id when it was answered with 2xx.</returns>
    public async Task<long?> OneAsync(CancellationToken cancellationToken)
    {
        using var connection = new RawConnection(target);
        byte[] buffer = delivery.NewBuffer();
        long id = Interlocked.Increment(ref s_next) - 1;
        delivery.Fill(buffer, id);
        return await TrySendAsync(connection, buffer, id, Stopwatch.GetTimestamp(), cancellationToken) && Statuses[id] is >= 200 and < 300 ? id : null;
    }

    private async Task SendAsync(Clock clock, CancellationToken cancellationToken)
    {
        using var connection = new RawConnection(target);
        byte[] buffer = delivery.NewBuffer();
        while (!IsStopped() && await clock.NextAsync(cancellationToken) is { } due)
        {
            long id = Interlocked.Increment(ref s_next) - 1;
            delivery.Fill(buffer, id);
            if (!await TrySendAsync(connection, buffer, id, due, cancellationToken))
            {
                Interlocked.Increment(ref _errors);
                connection.Dispose();
                await Task.Delay(AfterError, TimeProvider.System, cancellationToken);
            }
        }
    }

    private static async Task<bool> TrySendAsync(RawConnection connection, byte[] request, long id, long due, CancellationToken cancellationToken)
    {
        SentAt[id] = due;
        try
        {
            Statuses[id] = (short)await connection.SendAsync(request, cancellationToken);
            AnsweredAt[id] = Stopwatch.GetTimestamp();
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }

    private bool IsStopped()
    {
        lock (_gate)
        {
            return _stopped;
        }
    }

    /// <summary>When requests are due. Latency counts from then, so that a stall is not hidden by the requests that could not be sent.</summary>
    private sealed class Clock(long start, TimeSpan duration, double perSecond, long events)
    {
        private readonly long _end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        private long _slots = -1;

        public async ValueTask<long?> NextAsync(CancellationToken cancellationToken)
        {
            long now = Stopwatch.GetTimestamp();
            long slot = Interlocked.Increment(ref _slots);
            if (slot >= events)
            {
                return null;
            }
            if (perSecond <= 0)
            {
                return now < _end ? now : null;
            }
            long due = start + (long)(slot / perSecond * Stopwatch.Frequency);
            if (due >= _end)
            {
                return null;
            }
            TimeSpan wait = Stopwatch.GetElapsedTime(now, due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, cancellationToken);
            }
            return due;
        }
    }
}

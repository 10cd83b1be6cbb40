using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns.FaultyCode;

/// <summary>What else the host has to do meanwhile: ten orders a second for two other pipelines, and how long each takes from its delivery to its effect.</summary>
internal sealed class OtherPipelines : IAsyncDisposable
{
    private const int PerSecond = 10;

    // On a machine that others use, shorter times say nothing.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(250);
    private readonly Testbed _bed;
    private readonly ConcurrentBag<(string Event, long Sent)> _sent = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    public OtherPipelines(Testbed bed)
    {
        _bed = bed;
        _sending = SendAsync();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
    }

    /// <summary>Holds them to the time they took before, where the host lives.</summary>
    public void Judge(CodeFault fault, long began, Tally tally, long seed)
    {
        if (!fault.EndsTheHost)
        {
            TimeSpan before = At99(t => t.Sent < began);
            TimeSpan meanwhile = At99(t => t.Sent >= began);
            tally.Demand(meanwhile < Noise || meanwhile < 2 * before, seed, $"Other pipelines took {meanwhile.TotalMilliseconds:0} ms (p99) under '{fault.Name}', and {before.TotalMilliseconds:0} ms before");
        }
    }

    public string Said(long began) => $"{_sent.Count} other orders, p99 {Words(At99(t => t.Sent < began))} before, {Words(At99(t => t.Sent >= began))} meanwhile";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        Sender sender = _bed.NewSender();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond), TimeProvider.System);
        List<Task> open = [];
        for (int number = 0; !_stop.IsCancellationRequested; number++)
        {
            open.Add(SendOneAsync(sender, new Order(number, "placed", $"p{number}", _bed.Canaries.Person)));
            await ((Task)ticks.WaitForNextTickAsync(_stop.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(open);
    }

    private async Task SendOneAsync(Sender sender, Order order)
    {
        long sent = Stopwatch.GetTimestamp();
        Acknowledgement? told;
        while ((told = await sender.SendOnceAsync(order, CancellationToken.None)) is not { EventId.Length: > 0 })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        _sent.Add((told.EventId, sent));
    }

    // An unsafe effect that an end of the host left unknown is for a person, and its order is never told.
    private static string Words(TimeSpan took) => took == TimeSpan.MaxValue ? "with more than one in a hundred left to a person" : string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0} ms");

    private TimeSpan At99(Func<(string Event, long Sent), bool> which)
    {
        IReadOnlyDictionary<string, TargetEntry> entries = _bed.Target.Entries();
        TimeSpan[] took = [.. _sent.Where(which).Select(t => entries.TryGetValue($"{t.Event}/told", out TargetEntry? entry) ? Stopwatch.GetElapsedTime(t.Sent, entry.FirstAt) : TimeSpan.MaxValue).Order()];
        return took.Length == 0 ? TimeSpan.Zero : took[(int)((took.Length - 1) * 0.99)];
    }
}

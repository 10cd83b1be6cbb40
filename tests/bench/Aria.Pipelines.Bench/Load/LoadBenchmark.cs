using System.Diagnostics;
using System.Net.Sockets;

namespace Aria.Pipelines.Bench.Load;

/// <summary>One job for several engines, one after the other in one run: signed webhook, verify, map, post. Ratios count, not figures.</summary>
internal sealed class LoadBenchmark : IDisposable
{
    private const double Slow = 20;
    private const double Steady = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    private readonly LoadOptions _options;
    private readonly Sink _sink;
    private readonly byte[] _payload = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Load", "payload.json"));
    private readonly LoadReport _report = new();

    private LoadBenchmark(LoadOptions options, Sink sink)
    {
        _options = options;
        _sink = sink;
    }

    /// <summary>Measures every peer that is here, and prints a line of JSON for each and a table.</summary>
    /// <param name="args">See <see cref="LoadOptions"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        LoadOptions options = LoadOptions.Read(args);
        await using Sink sink = await Sink.StartAsync(Peer.SinkPort, cancellationToken);
        using var benchmark = new LoadBenchmark(options, sink);
        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (Peer peer in options.Peers)
            {
                if (peer.Missing is { } why)
                {
                    await Console.Error.WriteLineAsync($"{peer.Name} is skipped: {why}.");
                    continue;
                }
                await benchmark.MeasureAsync(peer, cancellationToken);
            }
        }
        benchmark._report.Print();
        return 0;
    }

    public void Dispose()
    {
        foreach (Peer peer in _options.Peers.Where(p => p.Missing is null))
        {
            peer.Dispose();
        }
    }

    private async Task MeasureAsync(Peer peer, CancellationToken cancellationToken)
    {
        LoadFigures figures = _report.Begin(peer.Name);
        peer.Clean();
        var delivery = new SignedDelivery(peer.Url, _payload, Peer.Secret);
        var sender = new Sender(delivery, peer.Url);
        await StartAsync(peer, sender, figures, cancellationToken);
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        figures["idle MB"] = ProcessTree.MemoryMegabytes(peer.Processes);
        await SendAsync(sender, _options.Warm, 0, cancellationToken, _options.Events);
        if (_options.Only.Contains("saturation"))
        {
            await SaturateAsync(peer, sender, figures, cancellationToken);
        }
        if (_options.Only.Contains("rate"))
        {
            Measurement steady = await SendAsync(sender, _options.Duration, Steady, cancellationToken);
            figures["accept p50 ms at 100/s"] = steady.Acceptance(0.5);
            figures["accept p99 ms at 100/s"] = steady.Acceptance(0.99);
            figures["end-to-end p50 ms at 100/s"] = steady.EndToEnd(0.5);
            figures["end-to-end p99 ms at 100/s"] = steady.EndToEnd(0.99);
        }
        if (_options.Only.Contains("sync") && SyncCounter.IsInstalled)
        {
            figures["syncs/event at 20/s"] = await SyncsAsync(peer, sender, Slow, cancellationToken);
            figures["syncs/event at saturation"] = await SyncsAsync(peer, sender, 0, cancellationToken);
        }
        if (_options.Only.Contains("kill"))
        {
            await KillAsync(peer, delivery, figures, cancellationToken);
        }
        figures["malformed"] = _sink.Malformed;
        peer.Clean();
        LoadReport.PrintLine(figures);
    }

    private async Task StartAsync(Peer peer, Sender sender, LoadFigures figures, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        long delivered = _sink.Unique;
        peer.Start();
        await FirstAsync(peer, sender, cancellationToken);
        figures["cold start ms"] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await UntilAsync(() => _sink.Unique > delivered, Patience, cancellationToken);
        figures["first delivery ms"] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private async Task SaturateAsync(Peer peer, Sender sender, LoadFigures figures, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> processes = peer.Processes;
        double peak = 0;
        using var measuring = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task memory = WatchAsync(() => peak = Math.Max(peak, ProcessTree.MemoryMegabytes(processes)), measuring.Token);
        double before = ProcessTree.ProcessorSeconds(processes);
        double written = ProcessTree.WrittenKilobytes(processes);
        double machine = ProcessTree.MachineSeconds();
        double own = ProcessTree.ProcessorSeconds([Environment.ProcessId]);
        long started = Stopwatch.GetTimestamp();
        Measurement all = await SendAsync(sender, _options.Duration, 0, cancellationToken, _options.Events);
        double used = ProcessTree.ProcessorSeconds(processes) - before;
        double generator = ProcessTree.ProcessorSeconds([Environment.ProcessId]) - own;
        double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await measuring.CancelAsync();
        await memory;
        figures["accepted/s"] = all.AcceptedPerSecond;
        figures["end-to-end/s"] = all.DeliveredPerSecond;
        figures["accept p50 ms"] = all.Acceptance(0.5);
        figures["accept p99 ms"] = all.Acceptance(0.99);
        figures["CPU µs/event"] = used * 1e6 / Math.Max(1, all.Delivered);
        figures["KB written/event"] = (ProcessTree.WrittenKilobytes(processes) - written) / Math.Max(1, all.Delivered);
        figures["peak MB"] = peak;
        figures["lost"] = all.Lost;
        figures["doubled"] = all.Doubled;
        figures["foreign cores"] = (ProcessTree.MachineSeconds() - machine - used - generator) / elapsed;
    }

    private async Task<double> SyncsAsync(Peer peer, Sender sender, double perSecond, CancellationToken cancellationToken)
    {
        using SyncCounter counter = await SyncCounter.AttachAsync(peer.Processes, cancellationToken);
        Measurement all = await SendAsync(sender, _options.Duration, perSecond, cancellationToken);
        return (double)await counter.CountAsync(cancellationToken) / Math.Max(1, all.Delivered);
    }

    private async Task KillAsync(Peer peer, SignedDelivery delivery, LoadFigures figures, CancellationToken cancellationToken)
    {
        var sender = new Sender(delivery, peer.Url);
        long first = Sender.Next;
        long started = Stopwatch.GetTimestamp();
        Task sending = sender.RunAsync(_options.Connections, _options.Duration, 0, cancellationToken);
        await Task.Delay(_options.Duration / 2, TimeProvider.System, cancellationToken);
        ProcessTree.Kill(peer.Processes is [var main, ..] ? [main] : []);
        sender.Stop();
        TimeSpan sent = Stopwatch.GetElapsedTime(started);
        await sending;
        long end = Sender.Next;
        long restarted = Stopwatch.GetTimestamp();
        peer.Start();
        await DrainAsync(end, Quiet, cancellationToken);
        var all = new Measurement(first, end, started, sent, _sink);
        figures["killed: acknowledged"] = all.Acknowledged;
        figures["killed: lost"] = all.Lost;
        figures["killed: doubled"] = all.Doubled;
        figures["killed: first redelivery s"] = all.FirstArrivalAfter(restarted) ?? 0;
    }

    private async Task<Measurement> SendAsync(Sender sender, TimeSpan duration, double perSecond, CancellationToken cancellationToken, long? events = null)
    {
        long first = Sender.Next;
        long started = Stopwatch.GetTimestamp();
        await sender.RunAsync(_options.Connections, events is null ? duration : Longest, perSecond, cancellationToken, events);
        TimeSpan sent = Stopwatch.GetElapsedTime(started);
        await DrainAsync(Sender.Next, Quiet, cancellationToken);
        return new Measurement(first, Sender.Next, started, sent, _sink);
    }

    /// <summary>Waits until every acknowledged event has arrived, or none has for a while.</summary>
    private async Task DrainAsync(long end, TimeSpan quiet, CancellationToken cancellationToken)
    {
        long seen = -1;
        long changed = Stopwatch.GetTimestamp();
        await UntilAsync(
            () =>
            {
                if (_sink.Unique != seen)
                {
                    seen = _sink.Unique;
                    changed = Stopwatch.GetTimestamp();
                }
                return seen >= end || Stopwatch.GetElapsedTime(changed) > quiet;
            },
            Patience * 4,
            cancellationToken);
    }

    private static async Task FirstAsync(Peer peer, Sender sender, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            try
            {
                if (await sender.OneAsync(cancellationToken).WaitAsync(Answer, TimeProvider.System, cancellationToken) is not null)
                {
                    return;
                }
            }
            catch (TimeoutException)
            {
                // Some engines take what comes while they start, and never answer it.
            }
            catch (SocketException)
            {
                // Nobody listens yet.
            }
            await Task.Delay(Look / 4, TimeProvider.System, cancellationToken);
        }
        throw new TimeoutException($"{peer.Name} accepted nothing on {peer.Url} within {Patience.TotalSeconds:0} s.");
    }

    private static async Task UntilAsync(Func<bool> isSo, TimeSpan patience, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (!isSo() && Stopwatch.GetElapsedTime(started) < patience)
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task WatchAsync(Action look, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        try
        {
            do
            {
                look();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            look();
        }
    }
}

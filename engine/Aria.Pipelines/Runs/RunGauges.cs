using System.Diagnostics.Metrics;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Aria.Pipelines.Runs;

/// <summary>Keeps the gauge of open runs: <c>ready</c> is the queue, <c>leased</c> is at work. Counted now and then, and only when somebody looks at it.</summary>
internal sealed class RunGauges : BackgroundService
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);

    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly ObservableGauge<long> _open;
    private volatile IReadOnlyDictionary<RunState, long> _counts = new Dictionary<RunState, long>();

    public RunGauges(IStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        _open = _meter.CreateObservableGauge("aria.runs.open", Read, "{run}", "Runs that have not ended, by state");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Apart, _time);
        try
        {
            do
            {
                await CountAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        if (!_open.Enabled)
        {
            return;
        }
        try
        {
            _counts = await _store.CountOpenRunsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // What is not known is not shown; the host's readiness says why.
            _counts = new Dictionary<RunState, long>();
        }
    }

    private IEnumerable<Measurement<long>> Read() =>
        _counts.Select(c => new Measurement<long>(c.Value, new KeyValuePair<string, object?>("state", StateNames.Of(c.Key))));
}

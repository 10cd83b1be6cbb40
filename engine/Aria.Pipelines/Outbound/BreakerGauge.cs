using System.Diagnostics.Metrics;
using Aria.Pipelines.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Aria.Pipelines.Outbound;

/// <summary>Shows the breakers that opened: 1 while nothing but a probe is sent to the connection, 0 when it answers again.</summary>
internal sealed class BreakerGauge : IHostedService, IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);

    public BreakerGauge(CircuitBreakers breakers) => _meter.CreateObservableGauge(
        "aria.breaker.open",
        () => breakers.Opened.Select(b => new Measurement<long>(b.IsClosed ? 0 : 1, new KeyValuePair<string, object?>("connection", b.Connection))),
        "{breaker}",
        "Whether the breaker of a connection is open, for those that opened since the start");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}

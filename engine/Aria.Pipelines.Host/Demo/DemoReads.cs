using System.Diagnostics.Metrics;
using System.Globalization;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Host.Demo;

/// <summary>How many reads of one connection asked its system, and how many the cache answered.</summary>
internal sealed class DemoReads : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _connection;
    private int _asked;
    private int _kept;

    public DemoReads(string connection)
    {
        _connection = connection;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineMetrics.MeterName && instrument.Name == "aria.reads")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{_asked + _kept} reads, {_kept} of them answered from the cache ({(_asked + _kept == 0 ? 0 : 100.0 * _kept / (_asked + _kept)):F0} %)");

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, long count, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (tags[0].Value is string connection && connection == _connection)
        {
            Interlocked.Add(ref tags[1].Value is "cache" ? ref _kept : ref _asked, (int)count);
        }
    }
}

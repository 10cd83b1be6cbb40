using System.Globalization;
using System.Text;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>The requests to a system since the last look, and what is done to one of them. Safe from any thread.</summary>
/// <param name="time">The clock of the system.</param>
internal sealed class PassingRequests(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<(string Line, DateTimeOffset At)> _lines = [];
    private (int Number, ProxyFault Fault)? _planned;

    /// <summary>First lines of the requests since <see cref="Begin"/>.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines.Select(l => l.Line)];
            }
        }
    }

    /// <summary>When each of them came.</summary>
    public IReadOnlyList<DateTimeOffset> Times
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines.Select(l => l.At)];
            }
        }
    }

    /// <summary>An answer of the proxy's own.</summary>
    public static ProxyFault Answer(int status, string headers = "") => new(
        CutPhase.None,
        Instead: Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Refused\r\nContent-Type: application/json\r\n{headers}Content-Length: 2\r\n\r\n{{}}")));

    /// <summary>Counts anew, and does something to one request.</summary>
    public void Begin(int number = -1, ProxyFault? fault = null)
    {
        lock (_gate)
        {
            _lines.Clear();
            _planned = fault is null ? null : (number, fault);
        }
    }

    /// <summary>The fault of a request that comes now.</summary>
    public ProxyFault Next(string line)
    {
        lock (_gate)
        {
            _lines.Add((line, time.GetUtcNow()));
            return _planned is { } planned && planned.Number == _lines.Count - 1 ? planned.Fault : ProxyFault.None;
        }
    }
}

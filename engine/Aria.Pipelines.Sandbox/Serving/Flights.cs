namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>Counts the requests under way, for vendors that limit how many there may be at once. Safe from any thread.</summary>
internal sealed class Flights
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _kinds = [];
    private int _together;

    public Flight Enter(string kind)
    {
        lock (_gate)
        {
            int alike = _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
            return new Flight(this, kind, ++_together, alike);
        }
    }

    public void Leave(string kind)
    {
        lock (_gate)
        {
            _together--;
            if (--_kinds[kind] == 0)
            {
                _kinds.Remove(kind);
            }
        }
    }
}

/// <summary>One request under way, until it is disposed of.</summary>
internal sealed class Flight(Flights flights, string kind, int together, int alike) : IDisposable
{
    /// <summary>All that were under way when it came, itself included.</summary>
    public int Together { get; } = together;

    /// <summary>Those of its kind, itself included.</summary>
    public int Alike { get; } = alike;

    public void Dispose() => flights.Leave(kind);
}

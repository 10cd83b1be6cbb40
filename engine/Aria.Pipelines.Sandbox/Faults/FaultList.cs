namespace Aria.Pipelines.Sandbox.Faults;

/// <summary>Faults in the order they were added; the first that matches a request meets it. Safe from any thread.</summary>
public sealed class FaultList
{
    private readonly Lock _gate = new();
    private readonly List<(Fault Fault, int Left)> _faults = [];

    /// <summary>Faults not yet used up.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _faults.Count;
            }
        }
    }

    /// <summary>Adds a fault for the coming requests.</summary>
    public void Add(Fault fault)
    {
        lock (_gate)
        {
            _faults.Add((fault, fault.Times));
        }
    }

    /// <summary>Removes every fault.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    internal Fault? Take(string method, string path)
    {
        lock (_gate)
        {
            int index = _faults.FindIndex(f =>
                (f.Fault.Method is null || string.Equals(f.Fault.Method, method, StringComparison.OrdinalIgnoreCase))
                && (f.Fault.PathPrefix is null || path.StartsWith(f.Fault.PathPrefix, StringComparison.Ordinal)));
            if (index < 0)
            {
                return null;
            }

            (Fault fault, int left) = _faults[index];
            if (left <= 1)
            {
                _faults.RemoveAt(index);
            }
            else
            {
                _faults[index] = (fault, left - 1);
            }

            return fault;
        }
    }
}

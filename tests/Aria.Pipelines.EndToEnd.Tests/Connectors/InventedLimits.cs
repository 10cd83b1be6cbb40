using System.Globalization;
using Aria.Pipelines.Sandbox.Limits;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>What Orchard lets through: 20 requests a second, 600 a minute, and two at once. Each answer says how many are left in the second, and when there are more.</summary>
internal sealed class InventedLimits(TimeProvider time)
{
    private const int MostAtOnce = 2;
    private readonly Lock _gate = new();
    private readonly RollingWindow _second = new(time, 20, TimeSpan.FromSeconds(1));
    private readonly RollingWindow _minute = new(time, 600, TimeSpan.FromMinutes(1));
    private int _underWay;

    /// <summary>The headers that say how much is left.</summary>
    public static Dictionary<string, string> Headers(int left, TimeSpan more) => new()
    {
        ["X-Left"] = left.ToString(CultureInfo.InvariantCulture),
        ["X-More-In-Ms"] = Math.Max(1, Math.Ceiling(more.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A request comes. Disposed of when it has its answer.</summary>
    public Turn Enter()
    {
        lock (_gate)
        {
            _underWay++;
            Allowance second = _second.Take();
            Allowance minute = _minute.Take();
            bool isRefused = _underWay > MostAtOnce || !second.Allowed || !minute.Allowed;
            Allowance tells = minute.Allowed ? second : minute;
            return new Turn(this, isRefused, Headers(tells.Remaining, tells.Reset - tells.Now));
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _underWay--;
        }
    }

    /// <summary>A request that is under way.</summary>
    internal sealed class Turn(InventedLimits limits, bool isRefused, Dictionary<string, string> headers) : IDisposable
    {
        public bool IsRefused => isRefused;

        public Dictionary<string, string> Headers => headers;

        public void Dispose() => limits.Leave();
    }
}

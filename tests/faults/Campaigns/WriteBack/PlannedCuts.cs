using System.Globalization;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns.WriteBack;

/// <summary>Which of the coming requests are cut, and how. Safe from any thread.</summary>
internal sealed class PlannedCuts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ProxyFault> _planned = [];
    private int _request;

    /// <summary>Plans one to three cuts among the coming requests.</summary>
    /// <returns>The plan in words.</returns>
    public string Plan(Dice dice, int among, IReadOnlyList<CutPhase> phases)
    {
        lock (_gate)
        {
            _planned.Clear();
            _request = 0;
            for (int cuts = dice.Of([1, 1, 2, 3]); cuts > 0; cuts--)
            {
                _planned[dice.Below(among)] = new ProxyFault(dice.Of(phases), dice.Percent(50));
            }
            return string.Join(", ", _planned.OrderBy(c => c.Key).Select(c => string.Create(CultureInfo.InvariantCulture, $"request {c.Key + 1} {c.Value.Cut} {(c.Value.Reset ? "RST" : "FIN")}")));
        }
    }

    /// <summary>The fault of the request that comes now.</summary>
    public ProxyFault Next()
    {
        lock (_gate)
        {
            return _planned.GetValueOrDefault(_request++) ?? ProxyFault.None;
        }
    }

    /// <summary>No cuts from now on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _planned.Clear();
        }
    }
}

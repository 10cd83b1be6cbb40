using System.Globalization;
using System.Text.Json;

namespace Aria.Pipelines.Bench.Load;

/// <summary>The figures of all rounds; prints their medians side by side.</summary>
internal sealed class LoadReport
{
    private const string Floor = "floor";
    private readonly List<LoadFigures> _all = [];

    public LoadFigures Begin(string peer)
    {
        var figures = new LoadFigures(peer);
        _all.Add(figures);
        return figures;
    }

    public static void PrintLine(LoadFigures figures) =>
        Console.WriteLine($"{{\"peer\":{JsonSerializer.Serialize(figures.Peer)},{string.Join(',', figures.Select(f => $"{JsonSerializer.Serialize(f.Key)}:{Text(f.Value)}"))}}}");

    /// <summary>A Markdown table, and what each peer does of the floor's end-to-end rate.</summary>
    public void Print()
    {
        string[] peers = [.. _all.Select(f => f.Peer).Distinct()];
        string[] names = [.. _all.SelectMany(f => f.Keys).Distinct()];
        Console.WriteLine();
        Console.WriteLine($"| figure | {string.Join(" | ", peers)} |");
        Console.WriteLine($"|---|{string.Concat(peers.Select(_ => "---|"))}");
        foreach (string name in names)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", peers.Select(p => Median(p, name) is { } value ? Text(value) : "–"))} |");
        }
        if (Median(Floor, "end-to-end/s") is { } floor)
        {
            Console.WriteLine($"| end-to-end against the floor | {string.Join(" | ", peers.Select(p => Median(p, "end-to-end/s") is { } rate ? Text(rate / floor) + "×" : "–"))} |");
        }
    }

    private double? Median(string peer, string name)
    {
        double[] values = [.. _all.Where(f => f.Peer == peer && f.ContainsKey(name)).Select(f => f[name]).Order()];
        return values.Length == 0 ? null : values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }

    private static string Text(double value) => value.ToString(value >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture);
}

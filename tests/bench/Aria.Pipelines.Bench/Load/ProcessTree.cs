using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Aria.Pipelines.Bench.Load;

/// <summary>What a set of processes with their children uses, as <c>/proc</c> says (Linux, proc(5)).</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    public static IReadOnlyList<int> Of(IReadOnlyList<int> roots)
    {
        var parents = new Dictionary<int, int>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && Stat(id) is { } stat)
            {
                parents[id] = int.Parse(stat[1], CultureInfo.InvariantCulture);
            }
        }
        List<int> found = [.. roots.Where(parents.ContainsKey)];
        for (int at = 0; at < found.Count; at++)
        {
            found.AddRange(parents.Where(p => p.Value == found[at] && !found.Contains(p.Key)).Select(p => p.Key));
        }
        return found;
    }

    /// <summary>Seconds of processor time used so far, ended children included.</summary>
    public static double ProcessorSeconds(IReadOnlyList<int> roots) =>
        Of(roots).Select(Stat).OfType<string[]>().Sum(s => s[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture))) / TicksPerSecond;

    /// <summary>Memory in MB, shared pages counted in proportion.</summary>
    public static double MemoryMegabytes(IReadOnlyList<int> roots) => Of(roots).Sum(id => Field($"/proc/{id}/smaps_rollup", "Pss:")) / 1024;

    /// <summary>KB given to the disk so far.</summary>
    public static double WrittenKilobytes(IReadOnlyList<int> roots) => Of(roots).Sum(id => Field($"/proc/{id}/io", "write_bytes:")) / 1024;

    /// <summary>Seconds of processor time used by everything on this machine.</summary>
    public static double MachineSeconds() =>
        File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries) is var f
            ? new[] { 1, 2, 3, 6, 7, 8 }.Sum(i => long.Parse(f[i], CultureInfo.InvariantCulture)) / TicksPerSecond
            : 0;

    /// <summary>Kills them all with SIGKILL: no handler runs.</summary>
    public static void Kill(IReadOnlyList<int> roots)
    {
        foreach (int id in Of(roots))
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended by itself since it was listed.
            }
        }
    }

    /// <summary>The fields behind the name; null when the process has gone.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Field(string file, string name)
    {
        try
        {
            string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

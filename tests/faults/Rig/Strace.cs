using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>System calls of a host that fail, or kill it, at a chosen call. Calls are counted per thread; one thread writes to the store.</summary>
internal static partial class Strace
{
    public const string Syncs = "fsync,fdatasync";
    public const string Writes = "pwrite64";

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? Missing { get; } = Try();

    /// <summary>Kills the host when it makes the n-th of these calls.</summary>
    /// <remarks>Without <c>--seccomp-bpf</c>, with which strace 6.1 never delivers the signal.</remarks>
    public static string Kill(string calls, int number) =>
        $"strace -D -f -qq -e trace={calls} -e inject={calls}:signal=SIGKILL:when={number.ToString(CultureInfo.InvariantCulture)} -o /dev/null";

    /// <summary>Makes the n-th of these calls fail.</summary>
    /// <param name="calls">Names of the calls.</param>
    /// <param name="error"><c>EIO</c> or <c>ENOSPC</c>.</param>
    /// <param name="number">Which call.</param>
    /// <param name="andLater">True when all later ones fail too.</param>
    public static string Fail(string calls, string error, int number, bool andLater) =>
        $"strace -D -f --seccomp-bpf -qq -e trace={calls} -e inject={calls}:error={error}:when={number.ToString(CultureInfo.InvariantCulture)}{(andLater ? "+" : "")} -o /dev/null";

    /// <summary>Writes the calls to a file.</summary>
    public static string Watch(string file) => $"strace -D -f --seccomp-bpf -qq -e trace={Syncs},{Writes} -o {file}";

    /// <summary>The most calls of a kind that one thread made, in a file that <see cref="Watch"/> wrote.</summary>
    public static int Most(string file, string calls)
    {
        string[] names = calls.Split(',');
        return File.ReadLines(file)
            .Select(l => Call().Match(l))
            .Where(m => m.Success && names.Contains(m.Groups["name"].Value))
            .GroupBy(m => m.Groups["thread"].Value)
            .Select(g => g.Count())
            .DefaultIfEmpty()
            .Max();
    }

    private static string? Try()
    {
        const string missing = "strace is not installed, or may not be used here (apt-get install strace)";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("strace", ["-f", "--seccomp-bpf", "-qq", "-e", "trace=fsync", "-o", "/dev/null", "true"]) { UseShellExecute = false, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : missing;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return missing;
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call();
}

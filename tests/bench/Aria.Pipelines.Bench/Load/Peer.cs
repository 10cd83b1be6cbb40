using System.Diagnostics;
using System.Globalization;

namespace Aria.Pipelines.Bench.Load;

/// <summary>Something that does the job, as processes of its own.</summary>
internal abstract class Peer : IDisposable
{
    /// <summary>Port of the sink.</summary>
    public const int SinkPort = 19099;

    /// <summary>What deliveries are signed with.</summary>
    public const string Secret = "bench-secret";

    public abstract string Name { get; }

    /// <summary>Where deliveries are posted.</summary>
    public abstract Uri Url { get; }

    /// <summary>Why it cannot be measured here; null when it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>Processes whose use counts.</summary>
    public abstract IReadOnlyList<int> Processes { get; }

    protected static Uri Sink { get; } = new($"http://127.0.0.1:{SinkPort}");

    /// <summary>Starts it, on what it kept.</summary>
    public abstract void Start();

    /// <summary>Stops it and removes all it kept.</summary>
    public abstract void Clean();

    public virtual void Dispose() => Clean();

    /// <summary>Starts a process whose output nobody reads.</summary>
    protected static Process Launch(string program, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' could not be started.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    protected static void End(Process? process)
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        process?.Dispose();
    }

    protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;

namespace Aria.Pipelines.Bench.Load;

/// <summary>
/// Another engine, in a folder with a script <c>run.sh</c>: <c>start [mode] nowait</c>, <c>stop clean</c>, <c>pids</c> (separated by commas,
/// its database included) and <c>url</c>.
/// </summary>
internal sealed class ScriptPeer(string name, string folder, string mode) : Peer
{
    private Uri? _url;

    public override string Name => name;

    public override Uri Url => _url ??= new Uri(Run("url").Trim());

    public override string? Missing => File.Exists(Script) ? null : $"there is no '{Script}'";

    public override IReadOnlyList<int> Processes =>
        [.. Run("pids").Trim().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];

    private string Script => Path.Combine(folder, "run.sh");

    public override void Start() => Run(mode.Length == 0 ? ["start", "nowait"] : ["start", mode, "nowait"]);

    public override void Clean() => Run("stop", "clean");

    private string Run(params string[] arguments)
    {
        // What it starts keeps the streams it inherits, so only a file can be read to its end.
        string output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", "exec \"$0\" \"${@:2}\" >\"$1\" 2>/dev/null </dev/null", Script, output, .. arguments]) { UseShellExecute = false };
            using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{Script}' could not be started.");
            process.WaitForExit();
            return File.ReadAllText(output);
        }
        finally
        {
            File.Delete(output);
        }
    }
}

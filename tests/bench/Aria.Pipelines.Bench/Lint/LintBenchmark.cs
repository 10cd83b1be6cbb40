using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Aria.Pipelines.Bench.Lint;

/// <summary>How long <c>aria lint</c> takes as a person meets it: a new process over a workspace of many pipelines.</summary>
internal static class LintBenchmark
{
    /// <summary>Writes the workspace, runs lint over it, prints the figures.</summary>
    /// <param name="args"><c>--pipelines</c> and <c>--runs</c> (counts), <c>--keep</c> (folder to write to and leave), <c>--host</c> (another <c>aria</c>).</param>
    /// <param name="cancellationToken">Stops between and within runs.</param>
    /// <returns>0, or 1 when lint finds errors: the workspace is right, so that is a defect of one of the two.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        int pipelines = int.Parse(Option(args, "--pipelines") ?? "500", CultureInfo.InvariantCulture);
        int runs = int.Parse(Option(args, "--runs") ?? "7", CultureInfo.InvariantCulture);
        string root = RepositoryRoot();
        string host = Option(args, "--host") ?? Path.Combine(root, "artifacts", "bin", "Aria.Pipelines.Host", "release", "aria");
        string? keep = Option(args, "--keep");
        string folder = keep is null ? Directory.CreateTempSubdirectory("aria-bench").FullName : Path.GetFullPath(keep);
        try
        {
            GeneratedWorkspace.Write(folder, pipelines);
            var all = new List<Measured>();
            for (int run = 0; run < runs; run++)
            {
                all.Add(await LintAsync(host, root, folder, cancellationToken));
            }
            Print(pipelines, all);
            return all.TrueForAll(m => m.ExitCode == 0) ? 0 : 1;
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<Measured> LintAsync(string host, string root, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(host, ["lint", "--workspace", folder, "--plugins", Path.Combine(root, "plugins")])
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        TimeSpan before = UserTimeOfChildren();
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{host}' could not be started.");
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        watch.Stop();
        string last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., string line] ? line : await errors;
        return new Measured(watch.Elapsed, UserTimeOfChildren() - before, process.ExitCode, last);
    }

    /// <summary>User time of all ended children in hundredths of a second (Linux, proc(5): field 16 of stat); zero elsewhere.</summary>
    private static TimeSpan UserTimeOfChildren()
    {
        const string Own = "/proc/self/stat";
        if (!File.Exists(Own))
        {
            return TimeSpan.Zero;
        }
        string fields = File.ReadAllText(Own);
        return TimeSpan.FromMilliseconds(10 * long.Parse(fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[13], CultureInfo.InvariantCulture));
    }

    private static void Print(int pipelines, List<Measured> all)
    {
        TimeSpan[] walls = [.. all.Select(m => m.Wall).Order()];
        TimeSpan[] users = [.. all.Select(m => m.User).Order()];
        var report = new Dictionary<string, object>
        {
            ["pipelines"] = pipelines,
            ["runs"] = all.Count,
            ["processors"] = Environment.ProcessorCount,
            ["wallMinMs"] = Math.Round(walls[0].TotalMilliseconds),
            ["wallMedianMs"] = Math.Round(walls[walls.Length / 2].TotalMilliseconds),
            ["userMinMs"] = Math.Round(users[0].TotalMilliseconds),
            ["userMedianMs"] = Math.Round(users[users.Length / 2].TotalMilliseconds),
            ["lint"] = all[^1].LastLine,
        };
        Console.WriteLine(JsonSerializer.Serialize(report));
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aria.Pipelines.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("The benchmark runs from within the repository.");
    }

    private sealed record Measured(TimeSpan Wall, TimeSpan User, int ExitCode, string LastLine);
}

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>The host built with its fault points, into a folder of its own.</summary>
internal static partial class FaultPointHost
{
    /// <summary>All names, as the engine's source has them.</summary>
    public static IReadOnlyList<string> Points { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "engine", "Aria.Pipelines"), "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "FaultPoint.cs")
            .SelectMany(f => Reached().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Builds it.</summary>
    /// <returns>The program.</returns>
    /// <exception cref="InvalidOperationException">It cannot be built; the message is the build's output.</exception>
    public static async Task<string> BuildAsync(CancellationToken cancellationToken)
    {
        string artifacts = Path.Combine(Repository.Root, "artifacts", "faultpoints");
        string[] arguments =
        [
            "build", Path.Combine(Repository.Root, "engine", "Aria.Pipelines.Host"), "-p:FaultPoints=true", $"-p:ArtifactsPath={artifacts}", "-p:RunAnalyzers=false",
            "-p:EnforceCodeStyleInBuild=false", "-nologo", "-v:quiet",
        ];
        using Process build = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = await build.StandardOutput.ReadToEndAsync(cancellationToken);
        await build.WaitForExitAsync(cancellationToken);
        return build.ExitCode == 0
            ? Path.Combine(artifacts, "bin", "Aria.Pipelines.Host", "debug", "aria.dll")
            : throw new InvalidOperationException($"The host cannot be built with fault points: {output}");
    }

    /// <summary>How to start it so that it ends when it reaches a point for the n-th time.</summary>
    public static HostStart At(string program, string point, int arrival) => new()
    {
        Program = program,
        Before = "ulimit -c 0",
        Variables = new Dictionary<string, string> { ["ARIA_FAULTPOINT"] = string.Create(CultureInfo.InvariantCulture, $"{point}:{arrival}") },
    };

    [GeneratedRegex("FaultPoint\\.Reach\\(\"(?<name>[a-z._]+)\"\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reached();
}

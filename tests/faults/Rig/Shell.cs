using System.Diagnostics;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>Commands of the machine.</summary>
internal static class Shell
{
    /// <returns>True when the command succeeded.</returns>
    public static async Task<bool> RunAsync(string command, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{command} >/dev/null 2>&1"]) { UseShellExecute = false })!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }

    /// <summary>Runs a verb of <c>aria</c> and returns all it writes.</summary>
    public static async Task<string> VerbAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [new HostStart().Program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return await output + await errors;
    }
}

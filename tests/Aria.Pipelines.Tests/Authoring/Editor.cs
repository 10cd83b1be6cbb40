using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>The JSON language service that VS Code uses, without VS Code. Needs node, and npm once to install it.</summary>
internal static class Editor
{
    private const string Package = "vscode-json-languageservice@5.7.2";

    // One process installs; the others find it there. The name carries the version, so nothing stale is used.
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "aria-pipelines-tests-" + Package);

    private static readonly Lazy<Task<string?>> Obstacle = new(InstallAsync);

    /// <summary>What the editor shows for a file of the repository with another text; <c>¦</c> is the cursor. Skips the test where the service cannot be had.</summary>
    public static async Task<(IReadOnlyList<string> Problems, IReadOnlyList<string> Proposals, IReadOnlyList<string> Words)> ShowAsync(string file, string text)
    {
        if (await Obstacle.Value is { } reason)
        {
            Assert.Skip($"The editor service is not available: {reason}");
        }
        var requests = new JsonArray(new JsonObject { ["uri"] = new Uri(Path.Combine(Shipped.Root, file)).AbsoluteUri, ["text"] = text });
        string script = Path.Combine(Shipped.Root, "tests/Aria.Pipelines.Tests/Authoring/editor.cjs");
        (int exit, string output, string error) = await RunAsync("node", requests.ToJsonString(), script);
        exit.ShouldBe(0, error);
        JsonElement answer = JsonElement.Parse(output)[0];
        return (Texts(answer, "problems"), Texts(answer, "proposals"), Texts(answer, "words"));
    }

    private static IReadOnlyList<string> Texts(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(t => t.GetString()!)];

    private static async Task<string?> InstallAsync()
    {
        try
        {
            if (Directory.Exists(Path.Combine(Folder, "node_modules", "vscode-json-languageservice")))
            {
                return null;
            }
            Directory.CreateDirectory(Folder);
            (int exit, string _, string error) = await RunAsync("npm", "", "install", "--no-audit", "--no-fund", "--prefix", Folder, Package);
            return exit == 0 ? null : error.Split('\n', 2)[0];
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = Path.Combine(Folder, "node_modules");
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

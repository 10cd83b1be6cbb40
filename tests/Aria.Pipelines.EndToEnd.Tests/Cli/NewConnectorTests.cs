using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>"A new ATS in 15 minutes" of <c>plugins/README.md</c>, verb by verb, in a folder that holds nothing but the connector to ARIA.</summary>
public sealed class NewConnectorTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("aria-stranger-");

    private string Plugins => Path.Combine(_root.FullName, "plugins");

    private string Schemas => Path.Combine(_root.FullName, "schemas");

    private string Workspace => Path.Combine(_root.FullName, "pipelines");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Stranger_FollowsTheReadme_NothingIsWrongAndThePipelineRuns()
    {
        string begun = await RunAsync("new", "connector", "my-ats");
        string alone = await RunAsync("lint");
        Copy(Path.Combine(Repository.Plugins, "Aria"), Path.Combine(Plugins, "Aria"));
        string verified = await RunAsync("connector", "verify", Path.Combine(Plugins, "MyAts"));
        string connected = await RunAsync("new", "connection", "my-ats", "--connector", "my-ats");
        await RunAsync("new", "connection", "aria", "--connector", "aria");
        string linted = await RunAsync("lint");
        await RunAsync("new", "pipeline", "invite", "--ats", "my-ats", "--aria", "aria", "--trigger", "stage", "--stage", "Phone Screen", "--kit", "kit-1");
        string tested = await RunAsync("test", Path.Combine(Workspace, "invite"));

        begun.ShouldContain($"No connector in '{Plugins}' creates interviews: copy the folder 'Aria' of the plugins that come with 'aria' into it.");
        connected.ShouldNotContain("No connector");
        File.Exists(Path.Combine(Plugins, "MyAts", (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Plugins, "MyAts", "connector.json"), TestContext.Current.CancellationToken))!["$schema"]!)).ShouldBeTrue();
        alone.Trim().ShouldBe("1 connectors, 0 connections, 0 pipelines: 0 errors, 0 other findings");
        verified.Trim().ShouldEndWith(" rules, 0 findings");
        connected.ShouldContain($"Schemas in '{Schemas}', by which editors complete: ");
        linted.Trim().ShouldBe("2 connectors, 2 connections, 0 pipelines: 0 errors, 0 other findings");
        tested.ShouldContain(", 0 failed, ");
        tested.ShouldContain("coverage invite: 100 %");
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private async Task<string> RunAsync(params string[] verb)
    {
        string[] places = verb[0] == "connector" ? [] : ["--workspace", Workspace, "--plugins", Plugins, .. verb[0] == "new" ? (string[])["--schemas", Schemas] : []];
        (int code, string output, string errors) = await AriaProcess.RunAsync([.. verb, .. places]);
        code.ShouldBe(0, $"aria {string.Join(' ', verb)}: {errors}");
        return output;
    }
}

using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary><c>aria connector</c> as a connector author and an operator use it.</summary>
public sealed class ConnectorVerbTests : IDisposable
{
    private const string Dll = "Aria.Pipelines.Plugins.Sample.dll";
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("aria-connectors-");

    private string Sample => Path.Combine(_root.FullName, "plugins", "Sample");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task List_OurConnectors_SaysWhatEachIsAndWhoLockedIt()
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("connector", "list", "--json");

        (code, errors).ShouldBe((0, ""));
        JsonObject sample = JsonNode.Parse(output)!.AsArray().OfType<JsonObject>().Single(c => (string)c["connector"]! == "sample");
        sample.ToJsonString().ShouldBe(
            """{"connector":"sample","version":"1.0.0","contract":1,"code":"Aria.Pipelines.Plugins.Sample 0.1.0","lock":"by its build","from":"plugins/Sample"}""");
    }

    [Fact]
    public async Task ListMatrix_OurConnectors_HoldsWhatASystemCannot()
    {
        (int code, string output, _) = await AriaProcess.RunAsync("connector", "list", "--matrix", "--json");

        code.ShouldBe(0);
        JsonObject move = JsonNode.Parse(output)!.AsArray().OfType<JsonObject>().Single(c => (string)c["system"]! == "sample" && (string)c["name"]! == "stage.move");
        ((string)move["kind"]!, (string)move["how"]!).ShouldBe(("absent", "cannot: Only people move applications in it; instead: note.add"));
    }

    [Fact]
    public async Task Lock_ThirdPartyFolder_LoadsAndChangedBytesDoNot()
    {
        Copy(Path.Combine(Repository.Plugins, "Sample"), Sample, ".json", ".csv");
        Copy(Path.Combine(Repository.Root, "artifacts", "plugins", "Sample"), Sample, ".dll", ".deps.json");
        File.Delete(Path.Combine(Sample, "connector.lock.json"));
        string plugins = Path.Combine(_root.FullName, "plugins");

        (int code, _, string errors) = await AriaProcess.RunAsync("connector", "list", "--plugins", plugins);
        (code, errors.Contains("ARIA3213", StringComparison.Ordinal)).ShouldBe((1, true), errors);

        (code, string output, errors) = await AriaProcess.RunAsync("connector", "lock", "--plugins", plugins);
        (code, errors).ShouldBe((0, ""));
        output.Trim().ShouldEndWith("files locked, for the first time");
        (code, output, errors) = await AriaProcess.RunAsync("connector", "list", "--plugins", plugins, "--json");
        (code, (string)JsonNode.Parse(output)![0]!["lock"]!).ShouldBe((0, "locked"), errors);

        File.AppendAllText(Path.Combine(Sample, Dll), "x");
        (code, output, _) = await AriaProcess.RunAsync("connector", "lock", "--check", "--plugins", plugins);
        (code, output.Trim()).ShouldBe((1, $"{plugins}/Sample: '{Dll}' was changed"));
        (code, _, errors) = await AriaProcess.RunAsync("connector", "list", "--plugins", plugins);
        (code, errors.Contains($"ARIA3214: '{plugins}/Sample' is not what was locked, so it is not loaded: '{Dll}' was changed.", StringComparison.Ordinal)).ShouldBe((1, true), errors);
    }

    [Fact]
    public async Task Lock_FolderThatIsNoConnector_SaysSo()
    {
        (int code, _, string errors) = await AriaProcess.RunAsync("connector", "lock", _root.FullName);

        (code, errors.Contains("is not a connector folder. Give a folder that holds a connector.json.", StringComparison.Ordinal)).ShouldBe((1, true), errors);
    }

    [Fact]
    public async Task Verify_WhatIsNoConnector_IsWrongUsageAndABrokenOneAFailure()
    {
        string missing = Path.Combine(_root.FullName, "nothing");
        (int code, string output, string errors) = await AriaProcess.RunAsync("connector", "verify", missing);
        (code, output, errors.Trim()).ShouldBe((2, "", $"There is no folder '{missing}'. Name the folder that holds connector.json."));

        (code, output, errors) = await AriaProcess.RunAsync("connector", "verify", _root.FullName);
        (code, output, errors.Trim()).ShouldBe((2, "", $"'{_root.FullName}' holds no connector: there is no connector.json."));

        Directory.CreateDirectory(Sample);
        await File.WriteAllTextAsync(Path.Combine(Sample, "connector.json"), "{", TestContext.Current.CancellationToken);
        (code, _, errors) = await AriaProcess.RunAsync("connector", "verify", Sample);
        (code, errors.Contains("connector.json(1,", StringComparison.Ordinal)).ShouldBe((1, true), errors);
    }

    [Theory]
    [InlineData("Orchard")]
    [InlineData("Relay")]
    [InlineData("TalentLyft/")]
    [InlineData("Cats")]
    public async Task Verify_ConnectorWithoutCode_NothingIsFound(string name)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("connector", "verify", $"tests/Aria.Pipelines.Tests/Ingress/Systems/{name}");

        (code, errors).ShouldBe((0, ""));
        output.Trim().ShouldEndWith(" rules, 0 findings");
    }

    private static void Copy(string from, string to, params string[] endings)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal))))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}

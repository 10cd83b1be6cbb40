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
    public async Task Verify_GoodFolder_HoldsEveryRule()
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("connector", "verify", "plugins/Greenhouse", "plugins/Sample");

        (code, errors).ShouldBe((0, ""), output);
        output.ShouldContain("plugins/Greenhouse: 0 rules broken");
        output.ShouldContain("plugins/Sample: 0 rules broken");
    }

    [Fact]
    public async Task Verify_BrokenFolder_NamesRulePlaceAndMend()
    {
        Copy(Path.Combine(Repository.Plugins, "Greenhouse"), Path.Combine(_root.FullName, "plugins", "Acme"), ".json", ".js");
        string file = Path.Combine(_root.FullName, "plugins", "Acme", "connector.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"stage.move\": {", "\"stage.shift\": {", StringComparison.Ordinal));

        (int code, string output, string errors) = await AriaProcess.RunAsync("connector", "verify", $"{_root.FullName}/plugins/Acme");
        (code, output.Contains("CB15: an ATS offers", StringComparison.Ordinal)).ShouldBe((1, true), output);
        errors.ShouldContain($"{file}(");
        errors.ShouldContain("error CB15: 'stage.move' is neither offered nor under 'cannot'. Offer it, or declare");

        (code, output, _) = await AriaProcess.RunAsync("connector", "verify", $"{_root.FullName}/plugins/Acme", "--json");
        JsonObject rule = JsonNode.Parse(output)![0]!["rules"]!.AsArray().OfType<JsonObject>().Single(r => (string)r["id"]! == "CB15");
        (code, (string)rule["result"]!, (int)rule["findings"]![0]!["line"]! > 1).ShouldBe((1, "broken", true));
    }

    [Fact]
    public async Task Verify_NoConnectorFolder_IsWrongUsage()
    {
        (int code, _, string errors) = await AriaProcess.RunAsync("connector", "verify", _root.FullName);

        (code, errors.Trim()).ShouldBe((2, $"'{_root.FullName}' is not a connector folder. Give a folder that holds a connector.json."));
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

using System.Text.Json.Nodes;
using System.Xml.Linq;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Verbs;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary><c>aria test</c> as a user runs it: what it plays, what it writes, and what it ends with.</summary>
public sealed class TestVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-test-verb-");

    public TestVerbTests()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Pipelines, "connections")).Concat(Directory.EnumerateFiles(Path.Combine(Repository.Pipelines, "recipes/gradual-rollout"), "*", SearchOption.AllDirectories)))
        {
            string relative = Path.GetRelativePath(file.Contains("recipes", StringComparison.Ordinal) ? Path.Combine(Repository.Pipelines, "recipes") : Repository.Pipelines, file);
            string target = Path.Combine(_folder.FullName, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Case => Path.Combine(_folder.FullName, "gradual-rollout/cases/other-requisition.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Scope_OfArguments_IsAWorkspacePipelinesOrCases()
    {
        var engine = new EngineOptions();

        TestScope scope = TestScope.Of(engine, [_folder.FullName + "/", "pipelines/one/", Case, "two"]);

        scope.Engine.Workspace.ShouldBe(_folder.FullName);
        scope.Only.ShouldBe([new CaseSelection("one", null), new CaseSelection("gradual-rollout", "other-requisition"), new CaseSelection("two", null)]);
        TestScope all = TestScope.Of(engine, []);
        (all.Engine, all.Only.Count).ShouldBe((engine, 0), "nothing given is everything of the workspace");
    }

    [Theory]
    [InlineData("There is no pipeline 'gradual-rolout' in '{0}'. Did you mean 'gradual-rollout'? Known: gradual-rollout.", "gradual-rolout")]
    [InlineData("There is no case '{0}/gradual-rollout/cases/none.json'.", "gradual-rollout/cases/none.json")]
    public async Task Test_UnknownName_SaysTheNearest(string expected, string argument)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("test", _folder.FullName, argument);

        (code, output, errors.Trim()).ShouldBe((1, "", string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, _folder.FullName)));
    }

    [Fact]
    public async Task Test_OneCaseFails_IsToldByExitCodeJsonAndJUnit()
    {
        string wrong = (await File.ReadAllTextAsync(Case, Stop)).Replace("\"rollout\"", "\"once\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Case, wrong, Stop);
        string junit = Path.Combine(_folder.FullName, "result.xml");

        (int code, string output, string errors) = await AriaProcess.RunAsync("test", _folder.FullName, "--json", "--junit", junit);

        (code, errors).ShouldBe((1, ""));
        JsonNode result = JsonNode.Parse(output)!;
        ((int)result["passed"]!, (int)result["failed"]!).ShouldBe((4, 1));
        JsonNode failed = result["cases"]!.AsArray().Single(c => !(bool)c!["passed"]!)!;
        ((string)failed["name"]!, (string)failed["differences"]![0]!["path"]!).ShouldBe(("other-requisition", "code"));
        XElement[] cases = [.. XDocument.Load(junit).Descendants("testcase")];
        cases.Length.ShouldBe(5);
        cases.Single(c => c.HasElements).Attribute("name")!.Value.ShouldBe("other-requisition");
        (await File.ReadAllTextAsync(Case, Stop)).ShouldBe(wrong, "nothing is rewritten without being asked for");
    }

    [Fact]
    public async Task Test_Update_RewritesWhatFailsAndPasses()
    {
        string right = await File.ReadAllTextAsync(Case, Stop);
        await File.WriteAllTextAsync(Case, right.Replace("\"rollout\"", "\"once\"", StringComparison.Ordinal), Stop);

        (int code, _, string errors) = await AriaProcess.RunAsync("test", _folder.FullName, "--update");

        (code, errors.Trim()).ShouldBe((0, $"Rewritten, read them before you keep them:\n  {_folder.FullName}/gradual-rollout/cases/other-requisition.json"));
        (await File.ReadAllTextAsync(Case, Stop)).ShouldBe(right);
    }

    [Fact]
    public async Task Test_Threshold_FailsWhatIsCoveredTooLittle()
    {
        File.Delete(Case);
        File.Delete(Path.Combine(Path.GetDirectoryName(Case)!, "no-requisition.json"));

        (int code, string output, string errors) = await AriaProcess.RunAsync("test", _folder.FullName, "--threshold", "100");

        (code, errors.Trim()).ShouldBe((1, "The cases of 'gradual-rollout' reach 88.9 % of it, less than the threshold of 100 %."));
        output.ShouldContain("never reached: rollout: outside");
        (code, _, errors) = await AriaProcess.RunAsync("test", _folder.FullName, "--threshold", "80");
        (code, errors).ShouldBe((0, ""));
    }

    [Fact]
    public async Task Test_DefinitionsHaveErrors_PlaysNothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "gradual-rollout/pipeline.json"), "{", Stop);

        (int code, string output, string errors) = await AriaProcess.RunAsync("test", _folder.FullName);

        (code, output).ShouldBe((1, ""));
        errors.ShouldContain("gradual-rollout/pipeline.json(1,");
        errors.ShouldContain("Cases are not played with errors in definitions.");
    }

    [Fact]
    public async Task Test_Watch_PlaysAgainWhenAFileChanges()
    {
        await using AriaProcess watching = AriaProcess.Begin("test", _folder.FullName, "--watch");
        await Eventually.GetAsync(() => Told(watching, "5 cases, 0 failed"), "the first result");
        await Eventually.GetAsync(() => Task.FromResult(watching.Errors.Contains("Watching", StringComparison.Ordinal) ? "" : null), "it watches");

        File.Delete(Case);

        await Eventually.GetAsync(() => Told(watching, "4 cases, 0 failed"), "the result after the change");
        watching.Errors.ShouldContain("other-requisition.json");
        (await watching.StopAsync()).ShouldBe(0, watching.Errors);
    }

    [Fact]
    public async Task FolderWatch_FilesChangeTogether_AreToldTogether()
    {
        using var watch = new FolderWatch(TimeProvider.System, _folder.FullName);
        Task<IReadOnlyCollection<string>> next = watch.NextAsync(Stop);
        string[] files = [Path.Combine(_folder.FullName, "a.json"), Path.Combine(_folder.FullName, "b.json")];

        Array.ForEach(files, f => File.WriteAllText(f, "{}"));

        files.Except(await next).ShouldBeEmpty();
    }

    private static Task<string?> Told(AriaProcess process, string text) => Task.FromResult(process.Output.Contains(text, StringComparison.Ordinal) ? text : null);
}

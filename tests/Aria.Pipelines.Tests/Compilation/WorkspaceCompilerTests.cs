using System.Text.Json;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Tests.Compilation;

public sealed class WorkspaceCompilerTests : IDisposable
{
    private readonly WorkspaceFolder _workspace = new();

    /// <summary>Names that a file system can hold as one folder.</summary>
    public static TheoryData<string> BadFolderNames =>
        [.. Rejected().Where(n => n is not ("" or "." or "/etc/passwd") && !n.Contains('/', StringComparison.Ordinal) && !n.Contains('\0', StringComparison.Ordinal) && n.Length <= 255)];

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Compile_SixMistakesInOneFile_SixFindings()
    {
        _workspace.With("invite/pipeline.json", """
            {
              "descripton": "one",
              "connections": { "ats": "greenhouse", "aria": "aria" },
              "triggers": [{ "on": "ats.application.craeted" }],
              "steps": [
                { "id": "get", "action": "ats.application.get", "with": {} },
                { "id": "get", "action": "ats.nothing" },
                { "id": "wait", "await": { "on": ["aria.interview.completed"], "match": { "interview_id": "{{ event.raw.id }}" }, "timeout": "soon" } }
              ]
            }
            """);

        Workspace compiled = _workspace.Compile();

        compiled.Findings.Select(f => (f.Code, f.Line)).ShouldBe(
            [("ARIA1003", 2), ("ARIA1006", 8), ("ARIA2002", 4), ("ARIA2008", 6), ("ARIA2005", 7), ("ARIA2003", 7)], ignoreOrder: true);
        compiled.Pipelines.ShouldBeEmpty();
        compiled.HasErrors.ShouldBeTrue();
    }

    [Fact]
    public void Compile_OnePipelineIsBroken_TheOthersAreMade()
    {
        _workspace.With("broken/pipeline.json", "{}");

        Workspace compiled = _workspace.Compile();

        compiled.Pipelines.Select(p => p.Pipeline.Id).ShouldBe(["invite"]);
        compiled.Findings.Select(f => f.ToString()).ShouldBe(
        [
            "pipelines/broken/pipeline.json(1,1): error ARIA1004: Property 'connections' is missing. Add \"connections\" to this object.",
            "pipelines/broken/pipeline.json(1,1): error ARIA1004: Property 'triggers' is missing. Add \"triggers\" to this object.",
            "pipelines/broken/pipeline.json(1,1): error ARIA1004: Property 'steps' is missing. Add \"steps\" to this object.",
        ]);
    }

    [Fact]
    public void Compile_ShippedWorkspace_FindsNothing()
    {
        string folder = Path.Combine(Tests.Connectors.Plugins.Root, "pipelines");
        var bag = new DiagnosticBag();
        using InstalledConnectors installed = InstalledConnectors.Load(Path.Combine(Tests.Connectors.Plugins.Root, "plugins"), "plugins", new MappingCompiler(), bag);
        bag.Items.Select(f => f.ToString()).ShouldBeEmpty();
        string[] environments = ["production", .. Directory.EnumerateFiles(Path.Combine(folder, "environments")).Select(f => Path.GetFileNameWithoutExtension(f))];

        foreach (string environment in environments)
        {
            Workspace compiled = new WorkspaceCompiler(installed.ByName, new MappingCompiler()).Compile(folder, "pipelines", environment);
            compiled.Findings.Select(f => f.ToString()).ShouldBeEmpty();
            compiled.Pipelines.Count.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [MemberData(nameof(BadFolderNames))]
    public void Compile_PipelineFolderWithABadName_IsRefused(string name)
    {
        _workspace.With($"{name}/pipeline.json", WorkspaceFolder.Pipeline);

        Workspace compiled = _workspace.Compile();

        compiled.Pipelines.Select(p => p.Pipeline.Id).ShouldBe(["invite"]);
        compiled.Findings.ShouldHaveSingleItem().ToString().ShouldBe(
            $"pipelines/{name}: error ARIA1008: '{name}' is not a usable folder name for a pipeline. Use lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 100 characters.");
    }

    [Fact]
    public void Compile_PipelineFolderIsALink_IsRefused()
    {
        Directory.CreateSymbolicLink(_workspace.PathOf("linked"), _workspace.PathOf("invite"));

        _workspace.Findings().ShouldHaveSingleItem().ShouldStartWith("pipelines/linked: error ARIA1008: 'linked' is not a usable folder name");
    }

    [Fact]
    public void Compile_PipelineFileCannotBeRead_SaysWhichFilesAreNot()
    {
        _workspace.With("empty/pipeline.json", "");

        _workspace.Findings().ShouldHaveSingleItem().ShouldBe(
            "pipelines/empty/pipeline.json(1,1): error ARIA1007: Pipeline 'empty' has no pipeline.json that can be read. Links, empty files and files over 1 MiB are not read.");
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\ud800\": \"name")]
    public void Compile_TextThatIsNotUnicode_IsAFindingAndNotACrash(string text)
    {
        _workspace.With("invite/pipeline.json", $$"""{ "$file": "{{text}}" }""");

        _workspace.Findings().ShouldHaveSingleItem().ShouldContain("error ARIA1001: The file contains text that is not valid Unicode.");
    }

    [Fact]
    public void Compile_FileWithByteOrderMark_ReadsWhatItRefersTo()
    {
        string text = WorkspaceFolder.Pipeline.Replace("{ \"application_id\": \"1\" }", "{ \"$file\": \"with.json\" }", StringComparison.Ordinal);
        _workspace.With("invite/pipeline.json", "\uFEFF" + text).With("invite/with.json", "{ \"application_id\": \"1\" }");

        Workspace compiled = _workspace.Compile();

        compiled.Findings.Select(f => f.ToString()).ShouldBeEmpty();
        compiled.Pipelines.Single().Bundle.Read("with.json").ShouldNotBeNull();
    }

    private static IEnumerable<string> Rejected()
    {
        using var names = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Tests.Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Definitions/Vectors/file-names.json")));
        return [.. names.RootElement.GetProperty("reject").EnumerateArray().Select(n => n.GetString()!).Where(n => n is not ("symlink -> /etc" or "hardlink" or "fifo" or "dir named a.json"))];
    }
}

using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Compilation;
using Aria.Pipelines.Tests.Store;

namespace Aria.Pipelines.Tests.Catalog;

/// <summary>What is in force, and what parked runs still need, over the real store.</summary>
public sealed class PipelineCatalogTests : IAsyncLifetime
{
    private const string Step = "{ \"id\": \"get\", \"action\": \"ats.application.get\", \"with\": { \"application_id\": \"1\" } }";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("aria-catalog-");
    private readonly WorkspaceFolder _workspace = new();
    private IStore _store = null!;
    private PipelineCatalog _catalog = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Delete(recursive: true);
        _workspace.Dispose();
    }

    [Fact]
    public async Task Find_DefinitionOfAParkedRun_IsFoundAfterTheFilesChangedAndTheStoreReopened()
    {
        _workspace.With("invite/with.json", """{ "application_id": "101" }""");
        Write(Step.Replace("{ \"application_id\": \"1\" }", "{ \"$file\": \"with.json\" }", StringComparison.Ordinal));
        string old = await LoadAsync();
        _workspace.With("invite/with.json", """{ "application_id": "102" }""");
        string changed = await LoadAsync();
        changed.ShouldNotBe(old);
        await _store.DisposeAsync();
        await OpenAsync();
        await LoadAsync();

        (Pipeline? pipeline, DiagnosticBag findings) = await _catalog.FindAsync("invite", old, Stop);

        findings.Items.ShouldBeEmpty();
        pipeline.ShouldNotBeNull().Hash.ShouldBe(old);
        With(pipeline).ShouldBe("""{"application_id":"101"}""");
        With(_catalog.Current.Pipelines["invite"]).ShouldBe("""{"application_id":"102"}""");
    }

    [Fact]
    public async Task Find_ConnectionChanged_OldDefinitionGetsTheNewConnection()
    {
        string old = await LoadAsync();
        Write(Step.Replace("\"1\"", "\"2\"", StringComparison.Ordinal));
        _workspace.With("connections/greenhouse.json", WorkspaceFolder.Greenhouse.Replace("\"clientId\":", "\"userId\": \"7\", \"clientId\":", StringComparison.Ordinal));
        await LoadAsync();

        (Pipeline? pipeline, _) = await _catalog.FindAsync("invite", old, Stop);

        pipeline!.Connections["ats"].Settings.GetProperty("userId").GetString().ShouldBe("7");
    }

    [Fact]
    public async Task Find_ConnectionIsGone_SaysWhatIsMissing()
    {
        string old = await LoadAsync();
        File.Delete(_workspace.PathOf("connections/greenhouse.json"));
        Directory.Delete(_workspace.PathOf("invite"), recursive: true);
        await _catalog.LoadAsync(_workspace.Compile(), Stop);

        (Pipeline? pipeline, DiagnosticBag findings) = await _catalog.FindAsync("invite", old, Stop);

        pipeline.ShouldBeNull();
        findings.Items.ShouldHaveSingleItem().ToString().ShouldBe(
            $"invite@{old[..8]}/pipeline.json(2,27): error ARIA2001: Connection 'greenhouse' does not exist. Known: aria.");
    }

    [Fact]
    public async Task Find_NeverSaved_IsTheEnginesFault()
    {
        (Pipeline? pipeline, DiagnosticBag findings) = await _catalog.FindAsync("invite", "0123456789", Stop);

        pipeline.ShouldBeNull();
        findings.Items.ShouldHaveSingleItem().Summary.ShouldBe("Definition 0123456789 of pipeline 'invite' is not in the store.");
        findings.Items[0].Fault.ShouldBe(Abstractions.DiagnosticFault.Engine);
    }

    [Fact]
    public async Task StartedBy_DisabledPipeline_StartsNothing()
    {
        await LoadAsync();
        _catalog.Current.StartedBy("greenhouse", "application.created").Select(p => p.Id).ShouldBe(["invite"]);
        _catalog.Current.StartedBy("aria", "application.created").ShouldBeEmpty();

        _workspace.With("invite/pipeline.json", WorkspaceFolder.Pipeline.Replace("\"triggers\"", "\"enabled\": false, \"triggers\"", StringComparison.Ordinal));
        await LoadAsync();

        _catalog.Current.StartedBy("greenhouse", "application.created").ShouldBeEmpty();
        _catalog.Current.Pipelines.Keys.ShouldBe(["invite"]);
    }

    private static string With(Pipeline pipeline) =>
        ((ActionStep)pipeline.Steps[0]).With!.Evaluate(new Dictionary<string, System.Text.Json.JsonElement>())!.ToJsonString();

    private void Write(string step)
    {
        WorkspaceFolder.Pipeline.ShouldContain(Step);
        _workspace.With("invite/pipeline.json", WorkspaceFolder.Pipeline.Replace(Step, step, StringComparison.Ordinal));
    }

    private async Task OpenAsync()
    {
        _store = await SqliteFiles.OpenAsync(_data.FullName, TimeProvider.System);
        _catalog = new PipelineCatalog(_store, new MappingCompiler());
    }

    /// <summary>Puts the workspace as it is now in force; gives the pipeline's hash.</summary>
    private async Task<string> LoadAsync()
    {
        Workspace workspace = _workspace.Compile();
        workspace.Findings.Select(f => f.ToString()).ShouldBeEmpty();
        await _catalog.LoadAsync(workspace, Stop);
        return _catalog.Current.Pipelines["invite"].Hash;
    }
}

using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

/// <summary>The shipped workspace, or a copy of one of its pipelines in a temporary folder, with cases of the test.</summary>
internal sealed class CaseWorkspace : IDisposable
{
    private static readonly string Shipped = Path.Combine(Connectors.Plugins.Root, "pipelines");
    private readonly DirectoryInfo? _copy;

    private CaseWorkspace(string folder, DirectoryInfo? copy)
    {
        Folder = folder;
        _copy = copy;
    }

    public string Folder { get; }

    public static CaseWorkspace OfRepository() => new(Shipped, null);

    /// <summary>A copy with the pipeline <c>invite-by-stage</c> and no case.</summary>
    public static CaseWorkspace Copy()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-cases-");
        foreach (string part in new[] { "connections", "environments", "invite-by-stage" })
        {
            string target = Path.Combine(folder.FullName, part);
            Directory.CreateDirectory(target);
            foreach (string file in Directory.EnumerateFiles(Path.Combine(Shipped, part)))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
        Directory.CreateDirectory(Path.Combine(folder.FullName, "invite-by-stage", CaseSuite.CasesFolder));
        return new CaseWorkspace(folder.FullName, folder);
    }

    /// <summary>The same with Lever as its ATS: its deliveries are ids, so each event is completed by reads, and a result is written in parts.</summary>
    public static CaseWorkspace CopyForLever()
    {
        CaseWorkspace copy = Copy();
        copy.Replace("pipeline.json", "\"ats\": \"greenhouse\"", "\"ats\": \"lever\"");
        copy.Replace("pipeline.json", "\"4056310\"", "\"ENG-17\"");
        return copy;
    }

    public string PathOf(string file) => Path.Combine(Folder, "invite-by-stage", file);

    public CaseWorkspace With(string name, string json)
    {
        File.WriteAllText(PathOf($"{CaseSuite.CasesFolder}/{name}.json"), json);
        return this;
    }

    public void Replace(string file, string from, string to)
    {
        string text = File.ReadAllText(PathOf(file));
        text.ShouldContain(from);
        File.WriteAllText(PathOf(file), text.Replace(from, to, StringComparison.Ordinal));
    }

    public async Task<T> WithSuiteAsync<T>(Func<CaseSuite, Task<T>> use)
    {
        var options = new EngineOptions { Workspace = Folder, Plugins = Path.Combine(Connectors.Plugins.Root, "plugins") };
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(options, new MappingCompiler());
        using (installed)
        {
            workspace.Pipelines.ShouldNotBeEmpty();
            return await use(new CaseSuite(workspace, Folder, "pipelines"));
        }
    }

    public Task<SuiteResult> PlayAsync(params CaseSelection[] only) => WithSuiteAsync(s => s.RunAsync(only, TestContext.Current.CancellationToken));

    /// <summary>Plays one case, given as JSON.</summary>
    public static async Task<CaseResult> PlayAsync(string json)
    {
        using CaseWorkspace workspace = Copy().With("one", json);
        return (await workspace.PlayAsync()).Cases.ShouldHaveSingleItem();
    }

    public void Dispose() => _copy?.Delete(recursive: true);
}

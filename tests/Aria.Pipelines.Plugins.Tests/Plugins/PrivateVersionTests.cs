using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>Two DLLs of one name, each with another version of the same package, side by side in one process.</summary>
public sealed class PrivateVersionTests
{
    private const string Dll = "Aria.Pipelines.Plugins.Versioned.dll";

    [Fact]
    public void Load_TwoWithConflictingVersionsOfAPackage_EachWorksWithItsOwn()
    {
        using var root = new ConnectorsRoot();
        using LoadedPlugin one = Load(root, "VersionOne");
        using LoadedPlugin two = Load(root, "VersionTwo");

        Words(one).ShouldBe("one,33.0");
        Words(two).ShouldBe("two,30.0");
        Words(one).ShouldBe("one,33.0");
    }

    [Fact]
    public void Unload_OneOfTwo_FreesItAndLeavesTheOther()
    {
        using var root = new ConnectorsRoot();
        string[] before = Copies();
        using LoadedPlugin stays = Load(root, "VersionTwo");
        WeakReference goes = UseAndForget(root);

        for (int i = 0; i < 20 && goes.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        goes.IsAlive.ShouldBeFalse("A plugin that is only forgotten has to go too.");
        Copies().Except(before).Count().ShouldBe(1, "and its private copy with it");
        Words(stays).ShouldBe("two,30.0");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndForget(ConnectorsRoot root)
    {
        LoadedPlugin plugin = Load(root, "VersionOne");
        Words(plugin).ShouldBe("one,33.0");
        return new WeakReference(AssemblyLoadContext.GetLoadContext(plugin.Connector.GetType().Assembly));
    }

    // By name, because what other tests have forgotten goes at any time.
    private static string[] Copies() => [.. Directory.EnumerateDirectories(Path.GetTempPath(), $"aria-plugin-{Environment.ProcessId}-*").Where(d => File.Exists(Path.Combine(d, Dll)))];

    private static LoadedPlugin Load(ConnectorsRoot root, string fixture)
    {
        root.Add(fixture, Directory.GetFiles(BuiltPlugins.Fixture(fixture)));
        var bag = new DiagnosticBag();
        PluginFolder folder = PluginFolder.Find(root.Root, "plugins", bag).Single(f => f.Name == fixture);
        ConnectorLock.Write(folder.Directory, FolderImage.Read(folder.Directory));
        LoadedPlugin? plugin = PluginLoader.Load(folder, Dll, SourcePosition.None, bag);
        bag.Items.ShouldBeEmpty();
        return plugin.ShouldNotBeNull();
    }

    private static string Words(LoadedPlugin plugin) =>
        ((IPreparesRequests)plugin.Connector).Read("thing.put", JsonElement.Parse("{}"), new ConnectorResponse(200, new Dictionary<string, IReadOnlyList<string>>(), default), new LentHost()).GetString()!;
}

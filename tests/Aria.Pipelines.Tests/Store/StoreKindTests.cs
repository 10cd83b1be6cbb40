using Aria.Pipelines.Store;
using Aria.Pipelines.Store.LiteDb;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

public sealed class StoreKindTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-kind-");

    [Fact]
    public async Task Open_ByKind_GivesThatStore()
    {
        await using (IStore store = await OpenAsync("sqlite", "a"))
        {
            store.ShouldBeOfType<SqliteStore>();
        }
        await using (IStore store = await OpenAsync("litedb", "b"))
        {
            store.ShouldBeOfType<LiteDbStore>();
        }
        await using IStore again = await OpenAsync("litedb", "b");
    }

    [Theory]
    [InlineData("sqlite", "aria.db", "litedb")]
    [InlineData("litedb", "aria.litedb", "sqlite")]
    public async Task Open_FolderOfTheOtherKind_IsRefused(string made, string file, string asked)
    {
        await (await OpenAsync(made, "c")).DisposeAsync();

        (await Should.ThrowAsync<StoreMismatchException>(OpenAsync(asked, "c"))).Message.ShouldBe(
            $"The data folder '{Path.Combine(folder.FullName, "c")}' holds a store of the kind '{made}' ({file}), and '{asked}' was asked for. "
            + $"Nothing was started or changed. Ask for '{made}', or give this one its own data folder.");
    }

    [Fact]
    public async Task Engine_UnknownKind_SaysWhichThereAre()
    {
        var options = new EngineOptions { Workspace = folder.FullName, Plugins = folder.FullName, Data = Path.Combine(folder.FullName, "d"), Store = "lite" };

        (AriaEngine? engine, IReadOnlyList<Abstractions.Diagnostic> findings) = await AriaEngine.OpenAsync(
            options, new Aria.Pipelines.Secrets.MemorySecretSource(new Dictionary<string, string>()), SqliteFiles.Master, TimeProvider.System, TestContext.Current.CancellationToken);

        engine.ShouldBeNull();
        Abstractions.Diagnostic finding = findings.Single(f => f.Code == "store_unknown");
        (finding.Summary, finding.Detail).ShouldBe(("There is no store of the kind 'lite'.", "Ask for 'sqlite' or 'litedb'."));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private Task<IStore> OpenAsync(string kind, string name) => StoreKinds.OpenAsync(
        kind, Path.Combine(folder.FullName, name), SqliteFiles.Identity, SqliteFiles.Master, TimeProvider.System, TestContext.Current.CancellationToken);
}

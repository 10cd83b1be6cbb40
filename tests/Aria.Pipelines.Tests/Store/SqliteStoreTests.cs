using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>How the shared suites open the SQLite store.</summary>
internal static class SqliteFiles
{
    public static readonly StoreIdentity Identity = new("acme", "production");

    public static MasterKey Master { get; } = MasterKey.FromSecrets(
        new MemorySecretSource(new Dictionary<string, string> { ["master-key"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()) }));

    public static string DataFile(string folder) => Path.Combine(folder, "aria.db");

    public static async Task<IStore> OpenAsync(string folder, TimeProvider time) =>
        await SqliteStore.OpenAsync(DataFile(folder), Identity, Master, time, TestContext.Current.CancellationToken);
}

public sealed class SqliteAcceptTests : AcceptContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}

public sealed class SqliteRunTests : RunContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}

using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>How tests open the SQLite store.</summary>
internal static class SqliteFiles
{
    public static StoreIdentity Identity { get; } = new("acme", "production");

    public static MasterKey Master { get; } = MasterKey.FromSecrets(
        new MemorySecretSource(new Dictionary<string, string> { ["master-key"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()) }));

    public static string DataFile(string folder) => Path.Combine(folder, "aria.db");

    public static async Task<IStore> OpenAsync(string folder, TimeProvider time) => await OpenAsync(folder, Master, time);

    public static Task<SqliteStore> OpenAsync(string folder, MasterKey master, TimeProvider time) =>
        SqliteStore.OpenAsync(DataFile(folder), Identity, master, time, TestContext.Current.CancellationToken);
}

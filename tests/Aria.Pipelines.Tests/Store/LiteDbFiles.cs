using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.LiteDb;

namespace Aria.Pipelines.Tests.Store;

/// <summary>How tests open the LiteDB store.</summary>
internal static class LiteDbFiles
{
    public static string DataFile(string folder) => Path.Combine(folder, "aria.litedb");

    public static async Task<IStore> OpenAsync(string folder, TimeProvider time) => await OpenAsync(folder, SqliteFiles.Master, time);

    public static Task<LiteDbStore> OpenAsync(string folder, MasterKey master, TimeProvider time) =>
        LiteDbStore.OpenAsync(DataFile(folder), SqliteFiles.Identity, master, time, TestContext.Current.CancellationToken);

    public static Task<LiteDbStore> OpenAsync(string folder, TimeProvider time, Func<string, IDiskFile> open) =>
        LiteDbStore.OpenAsync(DataFile(folder), SqliteFiles.Identity, SqliteFiles.Master, time, open, TestContext.Current.CancellationToken);
}

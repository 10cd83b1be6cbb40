using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store.LiteDb;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Store;

/// <summary>The kinds of store, and which one a data folder holds.</summary>
internal static class StoreKinds
{
    public const string Sqlite = "sqlite";

    public const string LiteDb = "litedb";

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal) { [Sqlite] = "aria.db", [LiteDb] = "aria.litedb" };

    /// <summary>What may be asked for, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Sqlite, LiteDb];

    /// <summary>The choice in words.</summary>
    public static string Choice => string.Join(" or ", Names.Select(name => $"'{name}'"));

    /// <summary>The data file that a folder holds already; null when it holds none.</summary>
    public static string? Find(string folder) => Files.Values.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Opens the store of a data folder, or makes it.</summary>
    /// <param name="kind">One of <see cref="Names"/>.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="identity">Whose data it serves.</param>
    /// <param name="master">Wraps the keys of its content.</param>
    /// <param name="time">Clock of ids and of what is due at once.</param>
    /// <param name="cancellationToken">Gives up before opening.</param>
    /// <exception cref="StoreMismatchException">The folder holds a store of another kind.</exception>
    public static async Task<IStore> OpenAsync(
        string kind, string folder, StoreIdentity identity, MasterKey master, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach ((string other, string name) in Files.Where(file => file.Key != kind && File.Exists(Path.Combine(folder, file.Value))))
        {
            throw new StoreMismatchException(
                $"The data folder '{folder}' holds a store of the kind '{other}' ({name}), and '{kind}' was asked for. Nothing was started or changed. "
                + $"Ask for '{other}', or give this one its own data folder.");
        }
        string file = Path.Combine(folder, Files[kind]);
        return kind == Sqlite
            ? await SqliteStore.OpenAsync(file, identity, master, time, cancellationToken).ConfigureAwait(false)
            : await LiteDbStore.OpenAsync(file, identity, master, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Examines the store of a host that is stopped, of whatever kind, and changes nothing in it.</summary>
    /// <exception cref="OperatorRefusedException">The folder holds no store, or one of an older program.</exception>
    public static Task<IReadOnlyList<InvariantFinding>> InspectAsync(string folder, StoreIdentity identity, MasterKey master, CancellationToken cancellationToken)
    {
        string file = Path.Combine(folder, Files[LiteDb]);
        return File.Exists(file)
            ? LiteDbInspection.InspectFileAsync(file, identity, master, cancellationToken)
            : SqliteInspection.InspectFileAsync(Path.Combine(folder, Files[Sqlite]), identity, master, cancellationToken);
    }
}

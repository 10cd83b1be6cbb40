using System.Globalization;
using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>The self-check, in a running host or over the file of one that is stopped.</summary>
internal sealed class SqliteInspection(SqliteReaders readers, ContentKeys keys) : IStoreInspection
{
    private static readonly string Most = InvariantFinding.MaxNamed.ToString(CultureInfo.InvariantCulture);

    public Task<IReadOnlyList<InvariantFinding>> InspectAsync(CancellationToken cancellationToken) =>
        readers.RunAsync(s => Inspect(s, keys), cancellationToken);

    /// <summary>Examines the file of a host that is stopped, and changes nothing in it.</summary>
    /// <exception cref="StoreInUseException">A host works on the file: ask it instead.</exception>
    /// <exception cref="OperatorRefusedException">There is no such file, or an older program wrote it.</exception>
    /// <exception cref="StoreVersionException">A newer program wrote it.</exception>
    /// <exception cref="StoreDamagedException">It is damaged.</exception>
    /// <exception cref="MasterKeyException">Another master key made it.</exception>
    public static Task<IReadOnlyList<InvariantFinding>> InspectFileAsync(string path, StoreIdentity identity, MasterKey master, CancellationToken cancellationToken) =>
        Task.Run(() => InspectFile(Path.GetFullPath(path), identity, master), cancellationToken);

    private static IReadOnlyList<InvariantFinding> InspectFile(string path, StoreIdentity identity, MasterKey master)
    {
        if (!File.Exists(path))
        {
            throw new OperatorRefusedException($"There is no store '{path}'.");
        }
        using StoreLock? taken = StoreLock.TakeToRead(path);
        if (taken is null && new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 })
        {
            throw new OperatorRefusedException($"The store '{path}' is on read-only media and was not closed well: copy its folder to where it can be written, and examine the copy.");
        }
        try
        {
            using SqliteSession session = taken is null ? SqliteSession.OpenUnchanging(path, identity) : SqliteSession.OpenReadOnly(path, identity);
            long found = session.Number("PRAGMA user_version") ?? 0;
            if (found > SqliteSchema.Version)
            {
                throw new StoreVersionException(path, found, SqliteSchema.Version);
            }
            if (found < SqliteSchema.Version)
            {
                throw new OperatorRefusedException(
                    $"The store '{path}' has schema version {found}, and this program examines version {SqliteSchema.Version}. Start its host once: that brings it up to date.");
            }
            return Inspect(session, SqliteOpening.ReadKeys(session, master, identity));
        }
        catch (SqliteErrorException e)
        {
            throw SqliteFailure.IsDamage(e)
                ? new StoreDamagedException(path, e.Message, e)
                : new StoreUnavailableException($"The store '{path}' could not be read ({e.Message}).", e);
        }
    }

    private static IReadOnlyList<InvariantFinding> Inspect(SqliteSession session, ContentKeys? keys) =>
        [.. InvariantChecks.All.Select(check => Examine(session, check)), ExamineAudit(session, keys)];

    private static InvariantFinding Examine(SqliteSession session, InvariantCheck check)
    {
        long count = session.Number($"SELECT COUNT(*) FROM ({check.Sql})") ?? 0;
        IReadOnlyList<string> named = count == 0 ? [] : session.List($"{check.Sql} LIMIT {Most}", row => row.Text(0));
        return new InvariantFinding(check.Id, check.Promise, named, count);
    }

    private static InvariantFinding ExamineAudit(SqliteSession session, ContentKeys? keys) =>
        keys is not null && SqliteAudit.Verify(session, keys).Reason is { } reason
            ? new InvariantFinding("I9", InvariantFinding.PromiseOf("I9"), [reason], 1)
            : new InvariantFinding("I9", InvariantFinding.PromiseOf("I9"), [], 0);
}

using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>The self-check, in a running host or over the file of one that is stopped.</summary>
internal sealed class LiteDbInspection(GroupWriter<LiteDbSession> writer, ContentKeys keys) : IStoreInspection
{
    public Task<IReadOnlyList<InvariantFinding>> InspectAsync(CancellationToken cancellationToken) =>
        writer.RunAsync(s => Inspect(s, keys), cancellationToken);

    /// <summary>Examines the file of a host that is stopped, and changes nothing in it.</summary>
    /// <exception cref="StoreInUseException">A host works on the file: ask it instead.</exception>
    /// <exception cref="OperatorRefusedException">There is no such file.</exception>
    /// <exception cref="StoreVersionException">A newer program wrote it.</exception>
    /// <exception cref="StoreMismatchException">It serves another tenant or environment.</exception>
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
        try
        {
            using LiteDbSession session = LiteDbSession.Open(path, OverlaidFile.Open);
            return Inspect(session, LiteDbOpening.ReadKeys(session, path, master, identity));
        }
        catch (IOException e)
        {
            throw new StoreUnavailableException($"The store '{path}' could not be read ({e.Message}).", e);
        }
    }

    private static IReadOnlyList<InvariantFinding> Inspect(LiteDbSession session, ContentKeys? keys)
    {
        string? fault = keys is null ? null : LiteDbAudit.Verify(session, keys).Reason;
        return
        [
            .. new LiteDbExamination(session).Findings(),
            new InvariantFinding("I9", InvariantFinding.PromiseOf("I9"), fault is null ? [] : [fault], fault is null ? 0 : 1),
        ];
    }
}

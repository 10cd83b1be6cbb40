using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>The self-check over a store with every kind of row, whole and then damaged with plain SQL.</summary>
public sealed class SqliteInspectionTests : InspectionContract
{
    private static readonly Dictionary<string, string[]> Damages = new()
    {
        ["I1"] = ["UPDATE delivery SET events = 2", "DELETE FROM event WHERE seq = 1", "DELETE FROM event_content WHERE event_seq = 1"],
        ["I2"] = ["UPDATE event SET state = 'open' WHERE seq = 1", "UPDATE event SET state = 'closed' WHERE seq = 2", "UPDATE event SET state = 'lost' WHERE seq = 1", "UPDATE run SET state = 'lost' WHERE event_seq = 1"],
        ["I3"] =
        [
            "UPDATE effect SET state = 'confirmed' WHERE path = 'doubt'",
            "INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms, outcome) SELECT tenant, env, id, 2, 'send', 0, 'confirmed' FROM effect WHERE path = 'doubt'",
        ],
        ["I4"] =
        [
            "UPDATE effect SET state = 'sending' WHERE path = 'invite'",
            "DROP INDEX attempt_open; INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms) SELECT tenant, env, id, 8, 'lookup', 0 FROM effect WHERE path = 'invite'; INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms) SELECT tenant, env, id, 9, 'lookup', 0 FROM effect WHERE path = 'invite'",
            "INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms) SELECT tenant, env, id, 9, 'send', 0 FROM effect WHERE path = 'invite'",
        ],
        ["I5"] = ["INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms, outcome, req_hash) SELECT tenant, env, id, 9, 'send', 0, 'confirmed', x'01' FROM effect WHERE path = 'invite'"],
        ["I6"] =
        [
            "DROP INDEX run_turn; UPDATE run SET state = 'leased', turn = 1 WHERE event_seq IN (3, 4)",
            "UPDATE run SET turn = 0 WHERE event_seq = 3",
            "UPDATE run SET turn = 0 WHERE event_seq = 3; UPDATE run SET turn = 1 WHERE event_seq = 4",
            "DROP INDEX run_turn; UPDATE run SET turn = 1 WHERE event_seq = 4",
            "UPDATE run SET state = 'leased', turn = 0 WHERE event_seq = 3",
        ],
        ["I7"] = ["DELETE FROM definition", "UPDATE run SET def_hash = 'gone' WHERE event_seq = 1"],
        ["I8"] = ["DELETE FROM data_key WHERE event_seq = 1", "UPDATE event SET state = 'erased' WHERE seq = 1"],
        ["I9"] = ["DELETE FROM audit WHERE n = 1"],
    };

    public static TheoryData<string, string> AllDamages => [.. Damages.SelectMany(d => d.Value.Select(sql => (d.Key, sql)))];

    [Theory]
    [MemberData(nameof(AllDamages))]
    public async Task InspectFile_DamagedWithSql_NamesTheInvariantAndTheRow(string invariant, string sql)
    {
        await FillAsync();
        await Store.DisposeAsync();
        Damage(sql);

        IReadOnlyList<InvariantFinding> findings = await InspectFileAsync();

        ShouldBeNamed(findings, invariant);
        await ReopenAsync();
    }

    [Fact]
    public async Task InspectFile_KilledHost_SeesWhatItWroteAndChangesNoFile()
    {
        await FillAsync();
        string left = Path.Combine(Folder, "left");
        Directory.CreateDirectory(left);
        foreach (string file in Directory.GetFiles(Folder, "aria.db*").Where(f => !f.EndsWith(".lock", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(left, Path.GetFileName(file)));
        }
        byte[][] before = [await File.ReadAllBytesAsync(SqliteFiles.DataFile(left), Stop), await File.ReadAllBytesAsync(SqliteFiles.DataFile(left) + "-wal", Stop)];

        (await SqliteInspection.InspectFileAsync(SqliteFiles.DataFile(left), SqliteFiles.Identity, SqliteFiles.Master, Stop)).ShouldAllBe(f => f.Holds);

        (await File.ReadAllBytesAsync(SqliteFiles.DataFile(left), Stop)).ShouldBe(before[0]);
        (await File.ReadAllBytesAsync(SqliteFiles.DataFile(left) + "-wal", Stop)).ShouldBe(before[1]);
    }

    [Fact]
    public async Task Unchanging_StoreThatWasClosedWell_IsReadWithoutAnyFileBesideIt()
    {
        await FillAsync();
        await Store.DisposeAsync();
        string alone = Path.Combine(Folder, "read only?", "aria.db");
        Directory.CreateDirectory(Path.GetDirectoryName(alone)!);
        File.Copy(SqliteFiles.DataFile(Folder), alone);

        using (SqliteSession session = SqliteSession.OpenUnchanging(alone, SqliteFiles.Identity))
        {
            session.Number("SELECT COUNT(*) FROM run").ShouldNotBeNull().ShouldBeGreaterThan(0);
            Directory.GetFiles(Path.GetDirectoryName(alone)!).ShouldBe([alone]);
        }
        await ReopenAsync();
    }

    [Fact]
    public async Task InspectFile_NotAStoppedStoreOfThisVersion_IsRefusedWithTheReason()
    {
        (await Should.ThrowAsync<StoreInUseException>(InspectFileAsync())).Message.ShouldContain("store_in_use");
        string none = SqliteFiles.DataFile(Path.Combine(Folder, "none"));
        (await Should.ThrowAsync<OperatorRefusedException>(SqliteInspection.InspectFileAsync(none, SqliteFiles.Identity, SqliteFiles.Master, Stop))).Message
            .ShouldBe($"There is no store '{none}'.");
        await Store.DisposeAsync();
        Damage("PRAGMA user_version = 1");
        (await Should.ThrowAsync<OperatorRefusedException>(InspectFileAsync())).Message.ShouldBe(
            $"The store '{SqliteFiles.DataFile(Folder)}' has schema version 1, and this program examines version {SqliteSchema.Version}. Start its host once: that brings it up to date.");
        Damage($"PRAGMA user_version = {SqliteSchema.Version}");
        await ReopenAsync();
    }

    private protected override IEnumerable<string> Damaged => Damages.Keys;

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private Task<IReadOnlyList<InvariantFinding>> InspectFileAsync() =>
        SqliteInspection.InspectFileAsync(SqliteFiles.DataFile(Folder), SqliteFiles.Identity, SqliteFiles.Master, Stop);

    private void Damage(string sql)
    {
        using SqliteSession session = SqliteSession.OpenWriter(SqliteFiles.DataFile(Folder), SqliteFiles.Identity);
        session.Script($"PRAGMA foreign_keys = OFF; {sql}");
    }
}

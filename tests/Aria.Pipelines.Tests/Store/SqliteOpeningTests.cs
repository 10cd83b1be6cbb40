using System.Security.Cryptography;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What must be right before the SQLite store accepts anything.</summary>
public sealed class SqliteOpeningTests : StoreContract
{
    private string DataFile => SqliteFiles.DataFile(Folder);

    [Fact]
    public async Task Open_Twice_IsRefusedAsInUse()
    {
        var refusal = await Should.ThrowAsync<StoreInUseException>(OpenAsync(Folder));

        refusal.Message.ShouldBe(
            $"The store '{DataFile}' is in use by another process (store_in_use). Stop that process, or give this one its own data folder.");
    }

    [Fact]
    public async Task Open_WithAnotherMasterKey_IsRefusedAndChangesNothing()
    {
        await AcceptAsync(Event());
        await Store.DisposeAsync();
        byte[] before = SHA256.HashData(await File.ReadAllBytesAsync(DataFile, Stop));

        var refusal = await Should.ThrowAsync<MasterKeyException>(SqliteFiles.OpenAsync(Folder, MasterKey.Ephemeral(), Time));

        refusal.Message.ShouldBe(
            "The master key is not the one this store was made with (tenant 'acme', environment 'production'): nothing in it could be read. "
            + "Provide the former secret 'master-key', or use a new data folder. If it is the former one, the file is damaged: restore the last backup.");
        SHA256.HashData(await File.ReadAllBytesAsync(DataFile, Stop)).ShouldBe(before);
        await ReopenAsync();
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefused()
    {
        await Store.DisposeAsync();
        ChangeFile("PRAGMA user_version = 7");

        (await Should.ThrowAsync<StoreVersionException>(OpenAsync(Folder))).Message.ShouldBe(
            $"The store '{DataFile}' has schema version 7, but this program knows versions up to {SqliteSchema.Version}. "
            + "Start the newer program, or restore the backup made before the upgrade.");

        ChangeFile($"PRAGMA user_version = {SqliteSchema.Version}");
        await ReopenAsync();
    }

    [Fact]
    public async Task Open_SchemaOfEarlierVersions_IsTheSameAfterMigration()
    {
        string older = Path.Combine(Folder, "older");
        Directory.CreateDirectory(older);
        await using (var connection = new SqliteConnection($"Data Source={SqliteFiles.DataFile(older)};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using SqliteCommand make = connection.CreateCommand();
            make.CommandText = SchemaVersion1File.Sql;
            await make.ExecuteNonQueryAsync(Stop);
        }

        await using (IStore opened = await OpenAsync(older))
        {
            (await opened.CountAsync(Stop)).Events.ShouldBe(new Dictionary<string, long> { ["open"] = 1 });
        }

        ReadSchema(SqliteFiles.DataFile(older)).ShouldBe(ReadSchema(DataFile));
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_IsRefusedAsDamaged()
    {
        string other = Path.Combine(Folder, "other");
        Directory.CreateDirectory(other);
        await File.WriteAllBytesAsync(SqliteFiles.DataFile(other), new byte[8192].Select(_ => (byte)'x').ToArray(), Stop);

        (await Should.ThrowAsync<StoreDamagedException>(OpenAsync(other))).Message.ShouldBe(
            $"The store '{SqliteFiles.DataFile(other)}' is damaged: SQLite Error 26: 'file is not a database'.. "
            + "Nothing was started or changed. Restore the last backup, and keep this file for examination.");
    }

    [Fact]
    public async Task Open_ByteChangedWhileItWasClosed_IsRefusedAsDamaged()
    {
        await AcceptAsync(Event());
        await Store.DisposeAsync();
        Damage(DataFile, (int)new FileInfo(DataFile).Length / 2);

        (await Should.ThrowAsync<StoreDamagedException>(OpenAsync(Folder))).Message.ShouldBe(
            $"The store '{DataFile}' is damaged: its bytes changed since it was closed, although nobody wrote to it. "
            + "Nothing was started or changed. Restore the last backup, and keep this file for examination.");
    }

    [Fact]
    public async Task Open_BackupPutInItsPlace_IsOpened()
    {
        await AcceptAsync(Event());
        await Store.DisposeAsync();
        byte[] backup = await File.ReadAllBytesAsync(DataFile, Stop);
        await ReopenAsync();
        await AcceptAsync(Event());
        await Store.DisposeAsync();
        await File.WriteAllBytesAsync(DataFile, backup, Stop);
        File.SetLastWriteTimeUtc(DataFile, File.GetLastWriteTimeUtc(DataFile).AddSeconds(1));

        await ReopenAsync();

        (await Store.CountAsync(Stop)).Events.Values.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task Open_LogOfAKillHasADamagedCommitBeforeOthers_IsRefusedInsteadOfForgettingThem()
    {
        for (int i = 0; i <= WriteAheadLog.MostPending; i++)
        {
            await AcceptAsync(Event());
        }
        string left = Path.Combine(Folder, "left");
        Directory.CreateDirectory(left);
        File.Copy(DataFile, SqliteFiles.DataFile(left));
        File.Copy($"{DataFile}-wal", $"{SqliteFiles.DataFile(left)}-wal");
        // The third frame of 4,096 bytes and its head, behind the log's head of 32 bytes.
        Damage($"{SqliteFiles.DataFile(left)}-wal", 32 + (2 * (24 + 4096)) + 100);

        (await Should.ThrowAsync<StoreDamagedException>(OpenAsync(left))).Message.ShouldStartWith(
            $"The store '{SqliteFiles.DataFile(left)}' is damaged: commits in its log cannot be read. Nothing was started");
    }

    [Fact]
    public async Task Open_PowerCutTookTheFirstOfSeveralUnsyncedCommits_IsOpenedWithoutThem()
    {
        await AcceptAsync(Event());
        long synced = new FileInfo($"{DataFile}-wal").Length;
        // The disk may write in any order: of these four, all but the first got there.
        GroupWriter<SqliteSession> writer = ((SqliteStore)Store).Writer;
        for (int i = 0; i < 3; i++)
        {
            await writer.RunAsync(s => s.Change("UPDATE meta SET value = value"), Stop, canWait: true);
        }
        await AcceptAsync(Event());
        string left = Path.Combine(Folder, "left");
        Directory.CreateDirectory(left);
        File.Copy(DataFile, SqliteFiles.DataFile(left));
        File.Copy($"{DataFile}-wal", $"{SqliteFiles.DataFile(left)}-wal");
        Damage($"{SqliteFiles.DataFile(left)}-wal", (int)synced + 100);

        await using IStore reopened = await OpenAsync(left);

        (await reopened.CountAsync(Stop)).Events.Values.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task Open_LogOfAKillEndsInTheMiddleOfACommit_IsOpenedWithoutIt()
    {
        await AcceptAsync(Event());
        long before = new FileInfo($"{DataFile}-wal").Length;
        await AcceptAsync(Event());
        string left = Path.Combine(Folder, "left");
        Directory.CreateDirectory(left);
        File.Copy(DataFile, SqliteFiles.DataFile(left));
        byte[] log = await File.ReadAllBytesAsync($"{DataFile}-wal", Stop);
        await File.WriteAllBytesAsync($"{SqliteFiles.DataFile(left)}-wal", log[..(int)(before + 5000)], Stop);

        await using IStore reopened = await OpenAsync(left);

        (await reopened.CountAsync(Stop)).Events.Values.Sum().ShouldBe(1);
    }

    /// <summary>Changes a bit as a failing disk does: the time of the last write stays.</summary>
    private static void Damage(string file, int at)
    {
        DateTime written = File.GetLastWriteTimeUtc(file);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at] ^= 1;
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, written);
    }

    [Fact]
    public async Task Open_ReadOnlyFolder_IsNotMistakenForInUse()
    {
        string file = Path.Combine(Folder, "plain");
        await File.WriteAllTextAsync(file, "x", Stop);

        await Should.ThrowAsync<IOException>(OpenAsync(Path.Combine(file, "data")));
    }

    [Fact]
    public async Task Open_OtherTenantOrEnvironmentOfOneFile_SeesNothingOfTheFirst()
    {
        AcceptedEvent accepted = await AcceptAsync(Event(key: "k"));
        RunLease lease = await LeaseOneAsync();
        await Store.DisposeAsync();

        await using (SqliteStore other = await SqliteStore.OpenAsync(DataFile, new StoreIdentity("acme", "staging"), MasterKey.Ephemeral(), Time, Stop))
        {
            (await other.CountAsync(Stop)).Events.ShouldBeEmpty();
            (await other.LeaseRunsAsync(Worker, Now, LeaseTime, 10, [], Stop)).ShouldBeEmpty();
            (await other.FindRunAsync(accepted.RunIds[0], Stop)).ShouldBeNull();
            (await Should.ThrowAsync<LeaseLostException>(other.ReadRunAsync(lease, Stop))).Message.ShouldContain(lease.RunId);
            var again = new Acceptance("greenhouse", "webhook", Now, "{}"u8.ToArray(), [Event(key: "k")]);
            (await other.AcceptAsync(again, Stop)).ShouldHaveSingleItem().IsDuplicate.ShouldBeFalse();
        }
        await ReopenAsync();
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private static string[] ReadSchema(string file)
    {
        using SqliteSession session = SqliteSession.OpenReader(file, SqliteFiles.Identity);
        return [.. session.List(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
            row => string.Join(' ', row.Text(0).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
    }

    private void ChangeFile(string sql)
    {
        using SqliteSession session = SqliteSession.OpenWriter(DataFile, SqliteFiles.Identity);
        session.Script(sql);
    }
}

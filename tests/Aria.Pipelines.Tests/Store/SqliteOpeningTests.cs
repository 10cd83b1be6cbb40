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
            (await other.LeaseRunsAsync(Worker, Now, LeaseTime, 10, Stop)).ShouldBeEmpty();
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
            row => string.Join(' ', row.GetString(0).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
    }

    private void ChangeFile(string sql)
    {
        using SqliteSession session = SqliteSession.OpenWriter(DataFile, SqliteFiles.Identity);
        session.Script(sql);
    }
}

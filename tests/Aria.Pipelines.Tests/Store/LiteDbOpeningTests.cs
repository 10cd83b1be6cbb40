using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.LiteDb;
using LiteDB;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What must be right before the LiteDB store accepts anything.</summary>
public sealed class LiteDbOpeningTests : StoreContract
{
    private string DataFile => LiteDbFiles.DataFile(Folder);

    [Fact]
    public async Task Open_Twice_IsRefusedAsInUse() =>
        (await Should.ThrowAsync<StoreInUseException>(OpenAsync(Folder))).Message.ShouldBe(
            $"The store '{DataFile}' is in use by another process (store_in_use). Stop that process, or give this one its own data folder.");

    [Fact]
    public async Task Open_WithAnotherMasterKey_IsRefusedAndChangesNothing()
    {
        await AcceptAsync(Event());
        await Store.DisposeAsync();
        byte[] before = await File.ReadAllBytesAsync(DataFile, Stop);

        (await Should.ThrowAsync<MasterKeyException>(LiteDbFiles.OpenAsync(Folder, MasterKey.Ephemeral(), Time))).Message.ShouldBe(
            "The master key is not the one this store was made with (tenant 'acme', environment 'production'): nothing in it could be read. "
            + "Provide the former secret 'master-key', or use a new data folder. If it is the former one, the file is damaged: restore the last backup.");

        (await File.ReadAllBytesAsync(DataFile, Stop)).AsSpan().SequenceEqual(before).ShouldBeTrue();
        await ReopenAsync();
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefused()
    {
        await ((LiteDbStore)Store).Writer.RunAsync(
            session =>
            {
                BsonDocument schema = session.Find(Records.Meta, "schema")!;
                schema["version"] = 7L;
                session.Put(Records.Meta, schema);
                return true;
            },
            Stop);
        await Store.DisposeAsync();

        (await Should.ThrowAsync<StoreVersionException>(OpenAsync(Folder))).Message.ShouldStartWith(
            $"The store '{DataFile}' has schema version 7, but this program knows versions up to {Records.Version}.");
    }

    [Fact]
    public async Task Open_OtherEnvironmentOfOneFile_IsRefused()
    {
        await Store.DisposeAsync();

        (await Should.ThrowAsync<StoreMismatchException>(
            LiteDbStore.OpenAsync(DataFile, new StoreIdentity("acme", "staging"), SqliteFiles.Master, Time, Stop))).Message.ShouldBe(
            $"The store '{DataFile}' holds tenant 'acme' in environment 'production', not tenant 'acme' in environment 'staging'. "
            + "A LiteDB store holds one of them: give this one its own data folder.");
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("zero")]
    [InlineData("cut")]
    [InlineData("other")]
    [InlineData("no sums")]
    public async Task Open_DamagedFile_IsRefusedAsDamaged(string damage)
    {
        await AcceptAsync(Event());
        await Store.DisposeAsync();
        byte[] content = await File.ReadAllBytesAsync(DataFile, Stop);
        switch (damage)
        {
            case "flip":
                content[(3 * PagedFile.PageSize) + 100] ^= 1;
                break;
            case "zero":
                content.AsSpan(2 * PagedFile.PageSize, PagedFile.PageSize).Clear();
                break;
            case "cut":
                content = content[..(4 * PagedFile.PageSize)];
                break;
            case "other":
                content.AsSpan().Fill((byte)'x');
                break;
            default:
                File.Delete($"{DataFile}-sums");
                break;
        }
        await File.WriteAllBytesAsync(DataFile, content, Stop);

        string message = (await Should.ThrowAsync<StoreDamagedException>(OpenAsync(Folder))).Message;

        message.ShouldStartWith($"The store '{DataFile}' is damaged: page ");
        message.ShouldEndWith("Nothing was started or changed. Restore the last backup, and keep this file for examination.");
    }

    [Fact]
    public async Task Page_ChangedWhileOpen_IsNeverServed()
    {
        AcceptedEvent accepted = await AcceptAsync(Event(body: new string('x', 50_000)));
        await ReopenAsync();
        await using (var file = new FileStream(DataFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            byte[] content = new byte[file.Length];
            await file.ReadExactlyAsync(content, Stop);
            for (int page = 1; page < content.Length / PagedFile.PageSize; page++)
            {
                content[(page * PagedFile.PageSize) + 4000] ^= 1;
            }
            file.Position = 0;
            await file.WriteAsync(content, Stop);
        }

        (await Should.ThrowAsync<StoreUnavailableException>(Store.FindRunAsync(accepted.RunIds[0], Stop))).Message.ShouldContain("is damaged: page ");
    }

    [Fact]
    public async Task Store_ClosedWell_IsCompleteWithoutItsJournal()
    {
        await AcceptAsync(Event());

        await Store.DisposeAsync();

        new FileInfo($"{DataFile}-journal").Length.ShouldBe(0);
        using (var plain = new LiteDatabase($"Filename={DataFile};ReadOnly=true"))
        {
            plain.GetCollection("event").Count().ShouldBe(1, "any LiteDB program reads it");
        }
        await ReopenAsync();
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
    }

    [Fact]
    public async Task Inspection_OfAStoppedStore_ChangesNothing()
    {
        await AcceptAsync(Event());
        await Should.ThrowAsync<StoreInUseException>(LiteDbInspection.InspectFileAsync(DataFile, SqliteFiles.Identity, SqliteFiles.Master, Stop));
        await Store.DisposeAsync();
        byte[] before = await File.ReadAllBytesAsync(DataFile, Stop);

        IReadOnlyList<InvariantFinding> findings = await LiteDbInspection.InspectFileAsync(DataFile, SqliteFiles.Identity, SqliteFiles.Master, Stop);

        findings.Where(f => !f.Holds).Select(f => f.Id).ShouldBe(["I7"], "the definition of the run was never saved");
        (await File.ReadAllBytesAsync(DataFile, Stop)).AsSpan().SequenceEqual(before).ShouldBeTrue();
    }

    private protected override Task<IStore> OpenAsync(string folder) => LiteDbFiles.OpenAsync(folder, Time);
}

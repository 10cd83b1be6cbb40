using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What the files hold: nothing a thief could read, and nothing that could be changed unseen.</summary>
public sealed class SqliteContentTests : ContentContract
{
    [Theory]
    [InlineData("event_content", "event", "body_ct")]
    [InlineData("event_content", "event", "subject_ct")]
    [InlineData("data_key", "data_key", "wrapped")]
    [InlineData("step", "step", "output_ct")]
    [InlineData("effect", "effect", "request_ct")]
    public async Task Row_OneByteChanged_FailsForThatEventOnly(string table, string record, string column)
    {
        RunLease damaged = await AcceptRunWithRecordsAsync("application:1");
        RunLease sound = await AcceptRunWithRecordsAsync("application:2");

        await ChangeAsync(s => Flip(s, table, column));

        var error = await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(damaged, Stop));
        error.Place.ShouldStartWith($"{record}|");
        error.Place.ShouldEndWith($"|{column}");
        error.Message.ShouldBe(
            $"Stored content '{error.Place}' fails its integrity check: the data file was damaged or changed. Restore it from a backup.");
        (await Store.ReadRunAsync(sound, Stop)).Steps.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Row_MovedToAnotherEvent_Fails()
    {
        RunLease first = await AcceptRunWithRecordsAsync("application:1");
        RunLease second = await AcceptRunWithRecordsAsync("application:2");

        await ChangeAsync(s => s.Change("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE event_seq = 1)"));
        await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(second, Stop));

        (await Store.ReadRunAsync(first, Stop)).Event.Subject.ShouldBe("application:1");
    }

    [Fact]
    public async Task Row_ColumnsExchanged_Fails()
    {
        RunLease lease = await AcceptRunWithRecordsAsync("application:1");

        await ChangeAsync(s => s.Change("UPDATE effect SET input_ct = request_ct, request_ct = input_ct"));

        (await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(lease, Stop))).Place.ShouldEndWith("|input_ct");
    }

    [Fact]
    public async Task DataKey_Gone_MakesTheEventUnreadable()
    {
        RunLease lease = await AcceptRunWithRecordsAsync("application:1");

        await ChangeAsync(s => s.Change("DELETE FROM data_key"));

        (await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(lease, Stop))).Place.ShouldEndWith("|wrapped");
    }

    [Fact]
    public async Task SameContent_Twice_IsNeverTheSameBytes()
    {
        await AcceptAsync(Event(body: "same"));
        await AcceptAsync(Event(body: "same"));

        List<byte[]> bodies = await ((SqliteStore)Store).Writer.RunAsync(s => s.List("SELECT body_ct FROM event_content", row => row.Bytes(0)), Stop);

        bodies[0].ShouldNotBe(bodies[1]);
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private static int Flip(SqliteSession session, string table, string column)
    {
        byte[] value = session.Bytes($"SELECT {column} FROM {table} ORDER BY rowid LIMIT 1")!;
        value[^1] ^= 1;
        return session.Change($"UPDATE {table} SET {column} = @value WHERE rowid = (SELECT MIN(rowid) FROM {table})", ("@value", value));
    }

    private async Task<RunLease> AcceptRunWithRecordsAsync(string subject)
    {
        RunLease lease = await AcceptAndLeaseAsync(subject);
        await Store.SaveStepAsync(lease, Step("a"), Stop);
        await PlanAsync(lease);
        return lease;
    }

    private Task<int> ChangeAsync(Func<SqliteSession, int> change) => ((SqliteStore)Store).Writer.RunAsync(change, Stop);
}

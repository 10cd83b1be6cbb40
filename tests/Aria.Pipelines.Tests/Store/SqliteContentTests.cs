using System.Text;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What the files hold: nothing a thief could read, and nothing that could be changed unseen.</summary>
public sealed class SqliteContentTests : StoreContract
{
    [Fact]
    public async Task Files_RawBytes_HoldNoContentInTheClear()
    {
        string[] canaries = ["CanaryBody", "CanarySubject", "CanaryHeader", "CanaryValue", "CanaryKey", "CanaryStep", "CanaryError", "CanaryInput",
            "CanaryRequest", "CanaryIdem", "CanaryOutput", "CanaryReference", "CanaryResponse", "CanaryFinding", "CanaryOnce", "CanaryMatch"];
        IncomingEvent e = Event("CanarySubject", key: "CanaryKey", body: "CanaryBody", correlation: Keys(("id", "CanaryValue")));
        await Store.AcceptAsync(new Acceptance("greenhouse", "webhook", Now, "CanaryHeader"u8.ToArray(), [e]), Stop);
        RunLease lease = await LeaseOneAsync();
        await Store.SaveStepAsync(lease, Step("a", output: "CanaryStep") with { Error = "CanaryError"u8.ToArray() }, Stop);
        EffectRecord effect = await Store.PlanEffectAsync(
            lease, Effect() with { Input = "CanaryInput"u8.ToArray(), Request = "CanaryRequest"u8.ToArray(), IdempotencyKey = "CanaryIdem" }, Stop);
        await BeginAsync(lease, effect);
        var result = new AttemptResult(effect.Id, 1, EffectState.Confirmed, "confirmed", 200, TimeSpan.Zero, Code: null,
            "CanaryOutput"u8.ToArray(), "CanaryReference", "CanaryResponse"u8.ToArray(), Now);
        await Store.EndAttemptAsync(lease, result, step: null, Stop);
        await Store.ClaimOnceAsync(lease, "interview", "CanaryOnce", Now, Now.AddDays(1), Stop);
        await ParkAsync(lease, "CanaryMatch", TimeSpan.Zero);
        await Store.ReleaseAsync(await LeaseOneAsync(), new RunTransition(RunState.Dead, null, "x", "CanaryFinding"u8.ToArray(), Now), Stop);
        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop)).ShouldNotBeNull();
        run.Diagnostic.ShouldBe("CanaryFinding"u8.ToArray());

        string open = ReadFiles();
        await ReopenAsync();
        string closed = ReadFiles();

        open.ShouldContain("greenhouse", Case.Sensitive, "the search itself works");
        canaries.Where(canary => open.Contains(canary, StringComparison.Ordinal) || closed.Contains(canary, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("event", "body_ct")]
    [InlineData("event", "subject_ct")]
    [InlineData("data_key", "wrapped")]
    [InlineData("step", "output_ct")]
    [InlineData("effect", "request_ct")]
    public async Task Row_OneByteChanged_FailsForThatEventOnly(string table, string column)
    {
        RunLease damaged = await AcceptRunWithRecordsAsync("application:1");
        RunLease sound = await AcceptRunWithRecordsAsync("application:2");

        await ChangeAsync(s => Flip(s, table, column));

        var error = await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(damaged, Stop));
        error.Place.ShouldStartWith($"{table}|");
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

        await ChangeAsync(s => s.Execute("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE event_seq = 1)"));
        await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(second, Stop));

        (await Store.ReadRunAsync(first, Stop)).Event.Subject.ShouldBe("application:1");
    }

    [Fact]
    public async Task Row_ColumnsExchanged_Fails()
    {
        RunLease lease = await AcceptRunWithRecordsAsync("application:1");

        await ChangeAsync(s => s.Execute("UPDATE effect SET input_ct = request_ct, request_ct = input_ct"));

        (await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(lease, Stop))).Place.ShouldEndWith("|input_ct");
    }

    [Fact]
    public async Task DataKey_Gone_MakesTheEventUnreadable()
    {
        RunLease lease = await AcceptRunWithRecordsAsync("application:1");

        await ChangeAsync(s => s.Execute("DELETE FROM data_key"));

        (await Should.ThrowAsync<ContentIntegrityException>(Store.ReadRunAsync(lease, Stop))).Place.ShouldEndWith("|wrapped");
    }

    [Fact]
    public async Task SameContent_Twice_IsNeverTheSameBytes()
    {
        await AcceptAsync(Event(body: "same"));
        await AcceptAsync(Event(body: "same"));

        List<byte[]> bodies = await ((SqliteStore)Store).Writer.RunAsync(s => s.List("SELECT body_ct FROM event", row => row.Bytes(0)), Stop);

        bodies[0].ShouldNotBe(bodies[1]);
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private static int Flip(SqliteSession session, string table, string column)
    {
        byte[] value = session.Bytes($"SELECT {column} FROM {table} ORDER BY rowid LIMIT 1")!;
        value[^1] ^= 1;
        return session.Execute($"UPDATE {table} SET {column} = @value WHERE rowid = (SELECT MIN(rowid) FROM {table})", ("@value", value));
    }

    private async Task<RunLease> AcceptRunWithRecordsAsync(string subject)
    {
        RunLease lease = await AcceptAndLeaseAsync(subject);
        await Store.SaveStepAsync(lease, Step("a"), Stop);
        await PlanAsync(lease);
        return lease;
    }

    private Task<int> ChangeAsync(Func<SqliteSession, int> change) => ((SqliteStore)Store).Writer.RunAsync(change, Stop);

    private string ReadFiles() =>
        string.Concat(Directory.GetFiles(Folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(ReadShared));

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}

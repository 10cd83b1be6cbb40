using System.Text.Json;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

/// <summary>A store of schema version 4 with every kind of record is the same store afterwards, and goes on.</summary>
public sealed class SqliteMigrationTests : StoreContract
{
    [Fact]
    public async Task Open_Version4WithHistory_ReadsTheSameAndGoesOn()
    {
        await FillAsync();
        string before = await ReadAllAsync(Store);
        await Store.DisposeAsync();
        string older = Path.Combine(Folder, "older");
        SchemaVersion4File.Write(older, SqliteFiles.DataFile(Folder));

        await using IStore store = await OpenAsync(older);

        (await ReadAllAsync(store)).ShouldBe(before);
        (await store.Inspection.InspectAsync(Stop)).ShouldAllBe(f => f.Holds);
        (await store.Audit.VerifyAsync(null, Stop)).Reason.ShouldBeNull();
        (await store.Cursors.ReadAsync("greenhouse", "jobs", Stop)).ShouldBe("7"u8.ToArray());
        IncomingEvent interview = Event("interview:int_1", "interview.completed", correlation: Keys(("interview_id", "int_1")), pipelines: []);
        await store.AcceptAsync(new Acceptance("aria", "webhook", Now, "{}"u8.ToArray(), [interview]), Stop);
        IReadOnlyList<RunLease> leases = await store.LeaseRunsAsync(Worker, Now, LeaseTime, 10, [], Stop);
        leases.Select(l => l.EventSequence).ShouldBe([2, 3], "the wait has ended, and of the two runs of one subject the first has the turn");
        (await store.ParkAsync(leases[1], WaitFor("int_2", Now.AddDays(1)), Stop)).ShouldNotBeNull("its event came before the migration");
        (await store.ClaimOnceAsync(leases[1], "candidate", "cand_1", Now, Now.AddDays(1), Stop)).ShouldNotBeNull();
        IncomingEvent again = Event("application:3", key: "known");
        (await store.AcceptAsync(new Acceptance("greenhouse", "webhook", Now, "{}"u8.ToArray(), [again]), Stop)).ShouldHaveSingleItem().IsDuplicate.ShouldBeTrue();
        await ReopenAsync();
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    /// <summary>Event 1 is closed, 2 waits for an interview, 3 and 4 are ready runs of one subject, 5 is an interview nobody waits for yet, 6 is quarantined.</summary>
    private async Task FillAsync()
    {
        await Store.SaveDefinitionAsync("hash-of-invite", "invite", "{}"u8.ToArray(), Stop);
        RunLease first = await AcceptConfirmedAsync("application:1");
        await Store.ClaimOnceAsync(first, "candidate", "cand_1", Now, Now.AddDays(9), Stop);
        await ReleaseAsync(first, RunState.Succeeded);
        RunLease second = await AcceptAndLeaseAsync("application:2");
        await Store.SaveStepAsync(second, Step("told", StepState.Failed), Stop);
        await ParkAsync(second);
        await AcceptAsync(Event("application:3", key: "known"));
        await AcceptAsync(Event("application:3"));
        await AcceptInterviewAsync("int_2");
        await AcceptAsync(Event() with { QuarantineCode = "invalid_json", Runs = [] });
        await Store.AcceptAsync(new Acceptance("greenhouse", "poll", Now, "{}"u8.ToArray(), []) { Cursor = new CursorMove("jobs", "7"u8.ToArray(), []) }, Stop);
        await Store.TakePermitAsync(new Permit("greenhouse", new BudgetLimit(10, TimeSpan.FromSeconds(10)), Now), Stop);
        await Store.Audit.AppendAsync([new AuditEntry(Now, "a", "{}"u8.ToArray())], Stop);
    }

    private static async Task<string> ReadAllAsync(IStore store)
    {
        List<object?> all = [await store.CountAsync(Stop)];
        foreach (EventSummary e in await store.Views.ListEventsAsync(new EventQuery(null, null, 100), Stop))
        {
            all.Add(await store.Views.FindEventAsync(e.Id, Stop));
        }
        foreach (RunSummary run in await store.ListRunsAsync(new RunQuery(null, null, 100), Stop))
        {
            all.Add(await store.FindRunAsync(run.Id, Stop));
        }
        all.Add(await store.Audit.ListAsync(100, Stop));
        return JsonSerializer.Serialize(all);
    }
}

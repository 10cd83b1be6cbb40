using System.Globalization;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Store;

/// <summary>Both stores, given one random history, give the same answers.</summary>
public sealed class StoreAgreementTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-agree-");
    // A refused row takes a number in SQLite, so places in the order of acceptance are compared, not numbers.
    private readonly Dictionary<long, int> placesInSqlite = [];
    private readonly Dictionary<long, int> placesInLiteDb = [];
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Histories_Equal_GiveEqualAnswers(int seed)
    {
        await using IStore sqlite = await SqliteFiles.OpenAsync(folder.FullName, time);
        IStore litedb = await LiteDbFiles.OpenAsync(folder.FullName, time);
        var dice = new Dice(seed);
        List<(RunLease Sqlite, RunLease LiteDb)> held = [];
        for (int step = 0; step < 300; step++)
        {
            time.Advance(TimeSpan.FromSeconds(dice.Below(4)));
            held.RemoveAll(pair => pair.Sqlite.Until <= time.GetUtcNow());
            int choice = dice.Below(7);
            if (choice < 2)
            {
                Acceptance delivery = Delivery(dice);
                (await AcceptAsync(litedb, delivery, placesInLiteDb)).ShouldBe(await AcceptAsync(sqlite, delivery, placesInSqlite), $"step {step}");
            }
            else if (choice < 4)
            {
                IReadOnlyList<RunLease> first = await LeaseAsync(sqlite);
                IReadOnlyList<RunLease> second = await LeaseAsync(litedb);
                second.Select(lease => Describe(lease, placesInLiteDb)).ShouldBe(first.Select(lease => Describe(lease, placesInSqlite)), $"step {step}");
                held.AddRange(first.Zip(second));
            }
            else if (held.Count > 0)
            {
                (RunLease Sqlite, RunLease LiteDb) pair = held[dice.Below(held.Count)];
                held.Remove(pair);
                int end = dice.Below(5);
                (await EndAsync(litedb, pair.LiteDb, placesInLiteDb, end, step)).ShouldBe(await EndAsync(sqlite, pair.Sqlite, placesInSqlite, end, step), $"step {step}");
            }
            if (step % 60 == 59)
            {
                await litedb.DisposeAsync();
                litedb = await LiteDbFiles.OpenAsync(folder.FullName, time);
                // What was leased is ready again; in the other store it becomes so by time.
                time.Advance(TimeSpan.FromMinutes(5));
                held.Clear();
                (await LeaseAsync(litedb)).Select(l => Describe(l, placesInLiteDb)).ShouldBe((await LeaseAsync(sqlite)).Select(l => Describe(l, placesInSqlite)), $"step {step}");
                time.Advance(TimeSpan.FromMinutes(5));
            }
            (await litedb.NextDueAsync(Stop)).ShouldBe(await sqlite.NextDueAsync(Stop), $"step {step}");
            (await DescribeAsync(litedb)).ShouldBe(await DescribeAsync(sqlite), $"step {step}");
        }
        (await litedb.Inspection.InspectAsync(Stop)).Where(f => !f.Holds).Select(f => f.Id).ShouldBe(["I7"], "definitions are not saved here");
        await litedb.DisposeAsync();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string Describe(RunLease lease, Dictionary<long, int> places) =>
        string.Create(CultureInfo.InvariantCulture, $"{places[lease.EventSequence]} {lease.Pipeline} {lease.Until}");

    private static async Task<string> DescribeAsync(IStore store)
    {
        StoreCounts counts = await store.CountAsync(Stop);
        IReadOnlyList<RunSummary> runs = await store.ListRunsAsync(new RunQuery("b", null, 20), Stop);
        IReadOnlyList<RunSummary> parked = await store.ListRunsAsync(new RunQuery(null, RunState.Waiting, 5), Stop);
        string Join(IReadOnlyDictionary<string, long> states) => string.Join(", ", states.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"));
        return $"{Join(counts.Events)}; {Join(counts.Runs)}; {counts.DuplicateDeliveries}; "
            + string.Join(", ", runs.Concat(parked).Select(r => $"{r.EventType} {r.Pipeline} {r.State} {r.Code} {r.DueUtc}"));
    }

    private static async Task<string> AcceptAsync(IStore store, Acceptance delivery, Dictionary<long, int> places)
    {
        AcceptedEvent accepted = (await store.AcceptAsync(delivery, Stop))[0];
        places.TryAdd(accepted.Sequence, places.Count);
        return string.Create(CultureInfo.InvariantCulture, $"{places[accepted.Sequence]} {accepted.IsDuplicate} {accepted.State} {accepted.RunIds.Count}");
    }

    private Task<IReadOnlyList<RunLease>> LeaseAsync(IStore store) => store.LeaseRunsAsync("w", time.GetUtcNow(), TimeSpan.FromSeconds(30), 3, [], Stop);

    private Acceptance Delivery(Dice dice)
    {
        bool isAnswer = dice.Below(3) == 0;
        byte[] key = [(byte)dice.Below(120)];
        string[] pipelines = isAnswer ? [] : dice.Below(2) == 0 ? ["a"] : ["a", "b"];
        return new Acceptance(
            isAnswer ? "aria" : "greenhouse",
            "webhook",
            time.GetUtcNow(),
            "{}"u8.ToArray(),
            [
                new IncomingEvent(
                    isAnswer ? "interview.completed" : "application.moved",
                    $"application:{dice.Below(4)}",
                    key,
                    [.. key, (byte)dice.Below(2)],
                    isAnswer ? [KeyValuePair.Create("interview_id", $"int_{dice.Below(4)}")] : [],
                    [.. pipelines.Select(p => new RunPlan(p, "hash"))],
                    QuarantineCode: null,
                    KeyIsId: dice.Below(2) == 0),
            ]);
    }

    private async Task<string> EndAsync(IStore store, RunLease lease, Dictionary<long, int> places, int end, int step)
    {
        DateTimeOffset now = time.GetUtcNow();
        switch (end)
        {
            case 0:
                var wait = new WaitPlan($"w{step}", 0, [("aria", "interview.completed")], [KeyValuePair.Create("interview_id", $"int_{places[lease.EventSequence] % 4}")], now.AddSeconds(20));
                MatchedEvent? match = await store.ParkAsync(lease, wait, Stop);
                if (match is not null)
                {
                    await store.ReleaseAsync(lease, new RunTransition(RunState.Ready, null, "matched", null, now), Stop);
                }
                return $"parked {(match is null ? "-" : places[match.Event.Sequence])}";
            case 1:
                await store.ReleaseAsync(lease, new RunTransition(RunState.Ready, now.AddSeconds(10), "later", null, now, CountsAsAttempt: true), Stop);
                return "later";
            case 2:
                await store.ReleaseAsync(lease, new RunTransition(RunState.NeedsReview, null, "review", null, now), Stop);
                return "review";
            default:
                await store.ReleaseAsync(lease, new RunTransition(RunState.Succeeded, null, null, null, now), Stop);
                return "done";
        }
    }
}

using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>Leasing stays cheap however many runs wait: every statement of it goes through an index, and turns are never shared.</summary>
public sealed class SqlitePlanTests : StoreContract
{
    public static TheoryData<string> Statements =>
    [
        SqliteRuns.ExpiredSql, SqliteRuns.PromoteSql, SqliteRuns.RecallSql, SqliteRuns.NextSql, SqliteRuns.SuspectSql, SqliteRuns.LastTrySql, SqliteRuns.MustWaitSql, SqliteRuns.NextDueSql,
        SqliteWaits.DueSql, SqliteWaits.OfferedSql, SqliteTurns.YieldSql, SqliteTurns.TakeSql,
    ];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Statement_OfLeasing_ScansNoTable(string sql)
    {
        List<string> plan = await ReadAsync(s => s.List(
            $"EXPLAIN QUERY PLAN {sql}", row => row.Text(3), ("@now", 0), ("@max", 1), ("@order", new byte[32]),
            ("@connection", "c"), ("@type", "t"), ("@hash", new byte[32])));

        plan.ShouldNotBeEmpty();
        plan.Where(line => line.StartsWith("SCAN", StringComparison.Ordinal) && line is not ("SCAN CONSTANT ROW" or "SCAN next") && !HoldsOnlyWhatIsAsked(line)).ShouldBeEmpty();
        plan.Where(line => line.Contains("TEMP B-TREE", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    public static TheoryData<string> StatementsOfAnEvent =>
    [
        SqliteRuns.CloseAttemptsSql, SqliteRuns.DoubtEffectsSql, SqliteRuns.CloseEventSql, SqliteEffects.FindPlannedSql, SqliteEffects.ListSql, SqliteEffects.ListAttemptsSql,
        SqliteViews.RunsSql, SqliteQueries.SubjectSql, SqliteQueries.LatestSql,
    ];

    [Theory]
    [MemberData(nameof(StatementsOfAnEvent))]
    public async Task Statement_OfOneEvent_BeginsWithItsNumberAndNotWithAState(string sql)
    {
        List<string> plan = await ReadAsync(s => s.List(
            $"EXPLAIN QUERY PLAN {sql}", row => row.Text(3), ("@seq", 1), ("@pipeline", "invite"), ("@path", "invite"), ("@iter", 0), ("@code", "c")));

        List<string> looks = [.. plan.Where(line => line.StartsWith("SEARCH", StringComparison.Ordinal) || line.StartsWith("SCAN", StringComparison.Ordinal))];
        looks.ShouldNotBeEmpty();
        looks.ShouldAllBe(line => line.Contains("(event_seq=?", StringComparison.Ordinal) || line.Contains("(effect_id=?", StringComparison.Ordinal) || line.Contains("(rowid=?)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("invite")]
    public async Task Statement_OfAListAboutASubject_GoesFromTheNewestAndSortsNothing(string? pipeline)
    {
        string sql = SqliteQueries.ListSql(new RunQuery(pipeline, State: null, 10) { Subjects = [("ats", "application:1"), ("aria", "application:1")] }, orders: 2);

        List<string> plan = await ReadAsync(s => s.List(
            $"EXPLAIN QUERY PLAN {sql}", row => row.Text(3), ("@order0", new byte[32]), ("@order1", new byte[32]), ("@pipeline", pipeline), ("@max", 10)));

        plan.ShouldNotBeEmpty();
        plan.Where(line => line.Contains("TEMP B-TREE", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("I1")]
    [InlineData("I2")]
    [InlineData("I3")]
    [InlineData("I4")]
    [InlineData("I5")]
    [InlineData("I6")]
    [InlineData("I7")]
    [InlineData("I8")]
    public async Task Invariant_OfManyRows_ReadsNoTableForEachRowOfAnother(string invariant)
    {
        string sql = InvariantChecks.All.Single(check => check.Id == invariant).Sql;

        List<(long Parent, string Text)> plan = await ReadAsync(s => s.List($"EXPLAIN QUERY PLAN {sql}", row => (row.Number(1), row.Text(3))));

        var inner = plan.Where(step => step.Text.StartsWith("SCAN", StringComparison.Ordinal) || step.Text.StartsWith("SEARCH", StringComparison.Ordinal))
            .GroupBy(step => step.Parent)
            .SelectMany(loops => loops.Skip(1))
            .Select(step => step.Text)
            .ToList();
        inner.Where(text => text.StartsWith("SCAN", StringComparison.Ordinal) || text.Contains("(tenant=? AND env=?)", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Turns_AfterAnyHistory_BelongToTheLeasedOrElseTheFirstReadyRun()
    {
        uint seed = 42;
        List<RunLease> held = [];
        for (int i = 0; i < 600; i++)
        {
            seed = (seed * 1_664_525) + 1_013_904_223;
            int choice = (int)(seed >> 24) % 6;
            if (choice < 2)
            {
                await AcceptAsync(Event($"application:{(seed >> 8) % 5}"));
            }
            else if (choice == 2)
            {
                held.AddRange(await LeaseAsync(max: 3));
            }
            else if (choice == 3)
            {
                await AcceptInterviewAsync($"int_{(seed >> 8) % 4}");
                Time.Advance(TimeSpan.FromSeconds(seed % 3));
                held.RemoveAll(lease => lease.Until <= Now);
            }
            else if (held.Count > 0)
            {
                RunLease lease = held[(int)(seed >> 8) % held.Count];
                held.Remove(lease);
                await EndAsync(lease, (seed >> 4) % 5);
            }
            await ShouldHoldTurnsAsync();
        }
    }

    /// <summary>Runs that may be leased now, in their order, and those that are leased: to begin at the first of them is no search for them.</summary>
    private static bool HoldsOnlyWhatIsAsked(string line) =>
        line.EndsWith(" USING INDEX run_next", StringComparison.Ordinal) || line.EndsWith(" USING INDEX run_lease", StringComparison.Ordinal);

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private async Task EndAsync(RunLease lease, uint choice)
    {
        switch (choice)
        {
            case 0:
                WaitPlan wait = WaitFor($"int_{lease.EventSequence % 4}", Now.AddSeconds(20)) with { Path = $"wait{lease.Fence}" };
                if (await Store.ParkAsync(lease, wait, Stop) is not null)
                {
                    await ReleaseAsync(lease, RunState.Ready);
                }
                break;
            case 1:
                await ReleaseAsync(lease, RunState.Ready, TimeSpan.FromSeconds(10));
                break;
            case 2:
                await ReleaseAsync(lease, RunState.NeedsReview);
                break;
            default:
                await ReleaseAsync(lease, RunState.Succeeded);
                break;
        }
    }

    private async Task ShouldHoldTurnsAsync()
    {
        var runs = await ReadAsync(s => s.List(
            "SELECT order_key, state, turn FROM run ORDER BY event_seq, seq",
            row => (Order: Convert.ToHexString(row.Bytes(0)), State: row.Text(1), HasTurn: row.Number(2) == 1)));
        foreach (var subject in runs.GroupBy(run => run.Order))
        {
            var expected = subject.Where(run => run.State == "leased").Concat(subject.Where(run => run.State == "ready")).Take(1);
            subject.Where(run => run.HasTurn).ShouldBe(expected);
            subject.Count(run => run.State == "leased").ShouldBeLessThanOrEqualTo(1);
        }
    }

    private Task<T> ReadAsync<T>(Func<SqliteSession, T> read) => ((SqliteStore)Store).Writer.RunAsync(read, Stop);
}

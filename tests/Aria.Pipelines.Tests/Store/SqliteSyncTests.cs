using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>When the disk is synced, and who waits for it.</summary>
public sealed class SqliteSyncTests : StoreContract
{
    private GroupWriter<SqliteSession> Writer => ((SqliteStore)Store).Writer;

    [Fact]
    public async Task Commit_OfWorkThatCanWait_IsSyncedByTheNextThatCannot()
    {
        await AcceptAsync(Event());
        long before = Writer.Syncs;

        await Writer.RunAsync(Touch, Stop, canWait: true);
        long? relaxed = await Writer.RunAsync(s => s.Number("PRAGMA synchronous"), Stop, canWait: true);
        long waiting = Writer.Syncs;
        (await Writer.RunAsync(s => s.Number("PRAGMA synchronous"), Stop)).ShouldBe(2, "FULL");
        await AcceptAsync(Event());

        // The machine may be so busy that the longest wait ends in between.
        (relaxed == 1 || waiting == before + 1).ShouldBeTrue("the log is written, the disk is not waited for");
        waiting.ShouldBeLessThanOrEqualTo(before + 1);
        Writer.Syncs.ShouldBeGreaterThan(waiting);
    }

    [Fact]
    public async Task Commit_NothingFollows_IsSyncedAllTheSame()
    {
        await AcceptAsync(Event());
        long before = Writer.Syncs;

        await Writer.RunAsync(Touch, Stop, canWait: true);

        using var ticks = new PeriodicTimer(GroupWriter<SqliteSession>.LongestUnsynced / 4, TimeProvider.System);
        while (Writer.Syncs == before)
        {
            await ticks.WaitForNextTickAsync(Stop);
        }
    }

    [Fact]
    public async Task Commit_OneMoreThanMayBeUnsynced_IsSynced()
    {
        await AcceptAsync(Event());
        long before = Writer.Syncs;

        for (int i = 0; i <= GroupWriter<SqliteSession>.MostUnsynced; i++)
        {
            await Writer.RunAsync(Touch, Stop, canWait: true);
        }

        Writer.Syncs.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task Session_Suspect_BeginsTheLogAnewBecauseItMayHaveAHole()
    {
        await AcceptAsync(Event(body: new string('x', 500_000)));
        await Writer.RunAsync(Touch, Stop, canWait: true);
        await Should.ThrowAsync<StoreUnavailableException>(Writer.RunAsync(RefuseOneCommit, Stop));
        await AcceptAsync(Event());

        new FileInfo(SqliteFiles.DataFile(Folder) + "-wal").Length.ShouldBeLessThan(250_000, "what stood in it went to the data file first");
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(2);
    }

    [Fact]
    public async Task Accept_TheDiskStandsStill_LeavesTheThreadsToOthers()
    {
        const int Waiting = 400;
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var disk = new ManualResetEventSlim();
        Task holding = Writer.RunAsync(
            _ =>
            {
                running.TrySetResult();
                return disk.Wait(TimeSpan.FromMinutes(1), Stop);
            },
            Stop);
        await running.Task;

        Task[] accepted = [.. Enumerable.Range(0, Waiting).Select(i => Task.Run(() => AcceptAsync(Event($"application:{i}")), Stop))];
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => { }, Stop))).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        accepted.ShouldAllBe(a => !a.IsCompleted);
        disk.Set();
        await Task.WhenAll([holding, .. accepted]);
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private static bool Touch(SqliteSession session) => session.Change("UPDATE meta SET value = value") > 0;

    private static bool RefuseOneCommit(SqliteSession session)
    {
        SQLitePCL.raw.sqlite3_commit_hook(session.Handle, _ => 1, null);
        return true;
    }
}

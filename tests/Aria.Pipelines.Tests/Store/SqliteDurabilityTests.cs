using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;
using SQLitePCL;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What the SQLite store does when commits are many, or fail.</summary>
public sealed class SqliteDurabilityTests : StoreContract
{
    private SqliteStore Sqlite => (SqliteStore)Store;

    [Fact]
    public async Task Accept_ManyInParallel_SharesCommits()
    {
        const int Events = 500;

        await Task.WhenAll(await QueueTogetherAsync(() => Enumerable.Range(0, Events).Select(i => AcceptAsync(Event($"application:{i}")))));

        Sqlite.Writer.Commits.ShouldBeLessThanOrEqualTo(4);
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(Events);
    }

    [Fact]
    public async Task Connections_All_SyncEveryCommitAndKeepReadersReadOnly()
    {
        foreach (SqliteSession session in new[]
        {
            SqliteSession.OpenWriter(SqliteFiles.DataFile(Folder), SqliteFiles.Identity),
            SqliteSession.OpenReader(SqliteFiles.DataFile(Folder), SqliteFiles.Identity),
        })
        {
            using (session)
            {
                session.Number("PRAGMA synchronous").ShouldBe(2, "FULL");
                session.Number("PRAGMA foreign_keys").ShouldBe(1);
                session.Number("PRAGMA busy_timeout").ShouldBe(5000);
                session.Number("PRAGMA secure_delete").ShouldBe(1);
                session.Number("PRAGMA mmap_size").ShouldBe(0);
                session.List("PRAGMA journal_mode", row => row.Text(0)).ShouldBe(["wal"]);
            }
        }
        using SqliteSession reader = SqliteSession.OpenReader(SqliteFiles.DataFile(Folder), SqliteFiles.Identity);
        Should.Throw<SqliteErrorException>(() => reader.Execute("DELETE FROM run")).Message.ShouldContain("readonly database");
    }

    [Fact]
    public async Task Commit_Refused_AcknowledgesNothingAndTheNextOneWorksOnANewConnection()
    {
        SQLitePCL.sqlite3 before = await Sqlite.Writer.RunAsync(session => session.Handle, Stop);

        Task[] batch = await QueueTogetherAsync(() => [AcceptAsync(Event()), RunAsync(RefuseCommits), AcceptAsync(Event())]);

        foreach (Task task in batch)
        {
            (await Should.ThrowAsync<StoreUnavailableException>(task)).Message.ShouldEndWith("nothing of it remains.");
        }
        await AcceptAsync(Event());

        SQLitePCL.sqlite3 after = await Sqlite.Writer.RunAsync(session => session.Handle, Stop);
        after.ShouldNotBeSameAs(before);
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
    }

    [Fact]
    public async Task Disk_Full_AcknowledgesNothingOfTheBatchAndRecovers()
    {
        await AcceptAsync(Event());

        Task[] batch = await QueueTogetherAsync(
            () => [RunAsync(s => s.Script("PRAGMA max_page_count = 1")), AcceptAsync(Event(body: new string('x', 2_000_000)))]);

        foreach (Task task in batch)
        {
            (await Should.ThrowAsync<StoreUnavailableException>(task)).Message
                .ShouldBe("The store could not make the change durable (SQLite Error 13: 'database or disk is full'.); nothing of it remains.");
        }
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
        await AcceptAsync(Event(body: new string('x', 2_000_000)));
        await KillAndReopenAsync();
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(2);
    }

    [Fact]
    public async Task Statement_Refused_SpoilsNothingOfItsBatch()
    {
        Task[] batch = await QueueTogetherAsync(() =>
        [
            AcceptAsync(Event()),
            RunAsync(session =>
            {
                session.Execute("UPDATE run SET code = 'half done'");
                session.Execute("INSERT INTO meta (tenant, env, name, value) VALUES (@tenant, @env, 'key_check', @value)", ("@value", new byte[1]));
            }),
            AcceptAsync(Event()),
        ]);

        (await Should.ThrowAsync<SqliteErrorException>(batch[1])).Code.ShouldBe(19);
        await Task.WhenAll(batch[0], batch[2]);
        (await Store.ListRunsAsync(new RunQuery(Pipeline: null, State: null, 10), Stop)).Select(run => run.Code).ShouldBe([null, null]);
        Sqlite.Writer.Commits.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Accept_GivenUpWhileTheWriterIsHeldUp_EndsAtOnceAndStoresNothing()
    {
        using var patience = new CancellationTokenSource();

        // The writer is held until this has returned: were the end not told at once, nothing would come of the wait but its own end.
        Task[] accepted = await QueueTogetherAsync(() =>
        {
            Task accept = Store.AcceptAsync(new Acceptance("greenhouse", "webhook", Now, "{}"u8.ToArray(), [Event()]), patience.Token);
            patience.Cancel();
            Should.Throw<OperationCanceledException>(() => accept.WaitAsync(TimeSpan.FromSeconds(30), Stop));
            return [accept];
        });

        accepted.ShouldHaveSingleItem().IsCanceled.ShouldBeTrue();
        (await Store.CountAsync(Stop)).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Store_Closed_RefusesFurtherWork()
    {
        await Store.DisposeAsync();

        (await Should.ThrowAsync<StoreUnavailableException>(() => AcceptAsync(Event()))).Message.ShouldBe("The store is closed.");
        (await Should.ThrowAsync<StoreUnavailableException>(() => Store.CountAsync(Stop))).Message.ShouldBe("The store is closed.");
        await ReopenAsync();
    }

    [Fact]
    public async Task Store_ClosedWell_LeavesOneFileAndNoLog()
    {
        await AcceptAsync(Event());
        await Store.CountAsync(Stop);

        await Store.DisposeAsync();

        Directory.GetFiles(Folder).Select(Path.GetFileName).Order().ShouldBe(["aria.db", "aria.db.lock", "aria.db.seal"]);
        await ReopenAsync();
    }

    [Fact]
    public async Task Reopen_AfterAKill_GivesLeasedRunsBackAtOnce()
    {
        RunLease lease = await AcceptAndLeaseAsync();

        await KillAndReopenAsync();

        (await LeaseOneAsync()).ShouldBe(lease with { Fence = lease.Fence + 1, Snapshot = null });
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);

    private static void RefuseCommits(SqliteSession session) => raw.sqlite3_commit_hook(session.Handle, _ => 1, null);

    private Task<bool> RunAsync(Action<SqliteSession> work) =>
        Sqlite.Writer.RunAsync(
            session =>
            {
                work(session);
                return true;
            },
            Stop);

    /// <summary>Holds the writer until all operations wait, so that they share commits.</summary>
    private async Task<Task[]> QueueTogetherAsync(Func<IEnumerable<Task>> start)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource();
        Task<bool> holding = Sqlite.Writer.RunAsync(
            _ =>
            {
                running.SetResult();
                return gate.Task.Wait(TimeSpan.FromMinutes(1), Stop);
            },
            Stop);
        await running.Task;
        Task[] started = [.. start()];
        gate.SetResult();
        (await holding).ShouldBeTrue();
        return started;
    }
}

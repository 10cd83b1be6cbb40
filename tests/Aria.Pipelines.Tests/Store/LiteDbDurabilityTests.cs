using Aria.Pipelines.Store;
using Aria.Pipelines.Store.LiteDb;
using LiteDB;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What the LiteDB store does when commits are many, or fail.</summary>
public sealed class LiteDbDurabilityTests : StoreContract
{
    private readonly SimulatedDisk disk = new();

    private LiteDbStore LiteDb => (LiteDbStore)Store;

    [Fact]
    public async Task Accept_ManyInParallel_SharesCommits()
    {
        const int Events = 500;

        await Task.WhenAll(await QueueTogetherAsync(() => Enumerable.Range(0, Events).Select(i => AcceptAsync(Event($"application:{i}")))));

        LiteDb.Writer.Commits.ShouldBeLessThanOrEqualTo(4);
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(Events);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("sync")]
    public async Task Journal_Refused_AcknowledgesNothingOfTheBatchAndRecovers(string what)
    {
        await AcceptAsync(Event());
        disk.Before = (found, file) => Refuse(found == what && file == "aria.litedb-journal");

        Task[] batch = [AcceptAsync(Event(key: "k")), AcceptAsync(Event())];

        foreach (Task task in batch)
        {
            (await Should.ThrowAsync<StoreUnavailableException>(task)).Message
                .ShouldBe("The store could not make the change durable (No space left on device); nothing of it remains.");
        }
        disk.Before = (_, _) => { };
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
        (await AcceptAsync(Event(key: "k"))).IsDuplicate.ShouldBeFalse("it was refused before");
        await ReopenAsync();
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(2);
    }

    [Fact]
    public async Task Growth_Refused_AcknowledgesNothingAndRecovers()
    {
        disk.Before = (_, file) => Refuse(file == "aria.litedb");

        (await Should.ThrowAsync<StoreUnavailableException>(AcceptAsync(Event(body: new string('x', 3_000_000))))).Message.ShouldContain("No space left on device");

        disk.Before = (_, _) => { };
        await AcceptAsync(Event(body: new string('x', 3_000_000)));
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
    }

    [Fact]
    public async Task Place_RefusedAfterTheDecision_IsWrittenByTheNextOpening()
    {
        bool isRefused = false;
        disk.Before = (_, file) =>
        {
            // The journal has decided when the data file is written.
            isRefused |= file == "aria.litedb";
            Refuse(file == "aria.litedb");
        };
        AcceptedEvent accepted = await AcceptAsync(Event(key: "k"));
        isRefused.ShouldBeTrue();

        (await Should.ThrowAsync<StoreUnavailableException>(AcceptAsync(Event()))).Message.ShouldContain("No space left on device");
        disk.Before = (_, _) => { };

        (await AcceptAsync(Event(key: "k"))).Id.ShouldBe(accepted.Id);
        await ReopenAsync();
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
    }

    [Fact]
    public async Task Operation_RefusedInTheMiddle_SpoilsNothingOfItsBatch()
    {
        Task[] batch = await QueueTogetherAsync(() =>
        [
            AcceptAsync(Event()),
            LiteDb.Writer.RunAsync<bool>(
                session =>
                {
                    BsonDocument run = session.Range(Records.Run, "_id", 0L, long.MaxValue)[0];
                    run["code"] = "half done";
                    session.Put(Records.Run, run);
                    run["by_state"] = "dead|0";
                    run["state"] = "dead";
                    session.Put(Records.Run, run);
                    session.Add(Records.Definition, new BsonDocument { ["_id"] = "half", ["bundle"] = Array.Empty<byte>() });
                    throw new InvalidOperationException("refused");
                },
                Stop),
            AcceptAsync(Event()),
        ]);

        (await Should.ThrowAsync<InvalidOperationException>(batch[1])).Message.ShouldBe("refused");
        await Task.WhenAll(batch[0], batch[2]);
        (await Store.ListRunsAsync(new RunQuery(Pipeline: null, State: null, 10), Stop)).Select(run => (run.Code, run.State)).ShouldBe([(null, RunState.Ready), (null, RunState.Ready)]);
        (await Store.ReadDefinitionAsync("half", Stop)).ShouldBeNull();
        (await Store.CountAsync(Stop)).Runs.ShouldBe(new Dictionary<string, long> { ["ready"] = 2 });
        (await LeaseAsync()).Count.ShouldBe(1, "both runs are about one subject");
    }

    [Fact]
    public async Task Record_TooLarge_IsRefusedAlone()
    {
        Task[] batch = await QueueTogetherAsync(() => [AcceptAsync(Event(body: new string('x', 16_000_000))), AcceptAsync(Event())]);

        (await Should.ThrowAsync<ArgumentException>(batch[0])).Message
            .ShouldStartWith("A 'content' record is larger than 16000000 bytes. The store 'litedb' keeps none of that size; 'sqlite' does.");
        await batch[1];
        (await Store.CountAsync(Stop)).Events["open"].ShouldBe(1);
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
    public async Task Reopen_GivesLeasedRunsBackAtOnce()
    {
        RunLease lease = await AcceptAndLeaseAsync();

        await ReopenAsync();

        (await LeaseOneAsync()).ShouldBe(lease with { Fence = lease.Fence + 1 });
    }

    private protected override async Task<IStore> OpenAsync(string folder) => await LiteDbFiles.OpenAsync(folder, Time, disk.Open);

    private static void Refuse(bool isRefused)
    {
        if (isRefused)
        {
            throw new IOException("No space left on device");
        }
    }

    /// <summary>Holds the writer until all operations wait, so that they share commits.</summary>
    private async Task<Task[]> QueueTogetherAsync(Func<IEnumerable<Task>> start)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource();
        Task<bool> holding = LiteDb.Writer.RunAsync(
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

using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>A run whose content was damaged in the data file ends and says so; it is not tried again for ever, and others go on.</summary>
public sealed class DamagedContentTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE event_content SET body_ct = zeroblob(64) WHERE event_seq = (SELECT MIN(event_seq) FROM run)")]
    [InlineData("UPDATE data_key SET wrapped = zeroblob(64) WHERE event_seq = (SELECT MIN(event_seq) FROM run)")]
    public async Task Run_ContentOfItsEventIsDamaged_EndsAsIntegrityErrorAndOthersSucceed(string damage)
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen();
        await loop.InvitedAsync();
        await loop.RunAsync(RunState.Waiting);
        await ((SqliteStore)loop.Store).Writer.RunAsync(s => s.Change(damage), Stop);

        long other = loop.ReachPhoneScreen("Ann", "Other", "ann.other@example.com");
        AriaInterview interview = (await loop.Aria.WhenAsync(interviews => interviews.Count == 2, Stop)).Single(i => i.Email == "ann.other@example.com");
        loop.Aria.Complete(interview.Id, new AriaResult(8.5m, "advance"));
        await loop.StatusAsync(other, "Completed");
        loop.Pass(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1));

        (await EndedAsync(loop, RunState.Dead)).Code.ShouldBe("integrity_error");
        (await EndedAsync(loop, RunState.Succeeded)).Code.ShouldBeNull();
    }

    private static Task<RunSummary> EndedAsync(Loop loop, RunState state) => Eventually.GetAsync(
        async () => (await loop.Store.ListRunsAsync(new RunQuery(null, state, 10), Stop)).SingleOrDefault(), $"a run in state {state}");
}

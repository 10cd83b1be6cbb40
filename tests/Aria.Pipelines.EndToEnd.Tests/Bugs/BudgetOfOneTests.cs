using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.EndToEnd.Tests.Bugs;

/// <summary>
/// With a bucket of one permit, a request that took it and then needed another for its login gave both up, again and again: every run waited
/// for ever. Also, all waiting runs were called at the same time.
/// </summary>
public sealed class BudgetOfOneTests
{
    [Fact]
    public async Task Budget_OnePermitAtATime_EveryRunGetsThrough()
    {
        await using Loop loop = await Loop.StartAsync(prepare: w => w.Overlay(environment =>
            environment["connections"]!["greenhouse"]!["limits"] = new JsonObject { ["requests"] = 20, ["per"] = "30s" }));
        long[] applications = [.. Enumerable.Range(0, 6).Select(i => loop.ReachPhoneScreen(email: $"p{i}@example.com"))];

        Task<GreenhouseSnapshot> written = loop.Greenhouse.WhenAsync(
            state => applications.All(a => Equals(state.Application(a).CustomFields["aria_interview_status"], "Pending")), TestContext.Current.CancellationToken);
        await Eventually.GetAsync(
            () =>
            {
                loop.Pass(TimeSpan.FromSeconds(1.6));
                return Task.FromResult(written.IsCompleted ? "written" : null);
            },
            "every application is Pending");

        (await written).Counts.ApplicationPatches.ShouldBe(6);
    }
}

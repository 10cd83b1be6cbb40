using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Tests.Ingress.Systems;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>Two systems of very different manners, each a folder without code: found, read, written to, and found again because of what was written.</summary>
public sealed class InventedSystemTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Orchard", "n1")]
    [InlineData("Relay", null)]
    public async Task System_ReadAndWritten_ItsOwnFeedTellsWhatWasWritten(string name, string? note)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));
        PolledSystem system = name == "Orchard" ? new OrchardSystem(time) : new RelaySystem(time);
        await using PollRig rig = await StartAsync(name, system, time);
        PollFeed feed = rig.Feed();
        await rig.PassAsync(feed);
        time.Advance(TimeSpan.FromMinutes(5));
        system.Change(1);
        await rig.PassAsync(feed);

        OperationAnswer noted = await DoAsync(rig, "note.add", """{"application_id":"1","text":"Score 8.5 & more"}""");
        time.Advance(TimeSpan.FromMinutes(5));
        OperationAnswer moved = await DoAsync(rig, "stage.move", """{"application_id":"1","stage_id":"s3"}""");
        await rig.PassAsync(feed);

        (noted.Outcome, noted.Reference, moved.Outcome).ShouldBe((OperationOutcome.Confirmed, note, OperationOutcome.Confirmed), noted.Message + moved.Message);
        system.Notes.ShouldBe(["1: Score 8.5 & more"]);
        IReadOnlyList<JsonElement> events = await rig.EventsAsync();
        events.Select(StageOf).ShouldBe(["Applied", "Interviewed"]);
        system.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Orchard_StageThatIsNotThere_RefusedAfterAllPagesWereRead()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));
        var system = new OrchardSystem(time);
        await using PollRig rig = await StartAsync("Orchard", system, time);
        Preparation prepared = await PrepareAsync(rig, "stage.move", """{"application_id":"1","stage_id":"s9"}""");
        prepared.Problem.ShouldNotBeNull().ToString().ShouldStartWith("error stage_unknown: There is no stage 's9'.");
        system.Requests.ShouldBe(["GET /v1/stages", "GET /v1/stages?page=2", "GET /v1/stages?page=3"]);
    }

    [Fact]
    public async Task Relay_RefusalsInsideA200_AreRefusals()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));
        var system = new RelaySystem(time);
        await using PollRig rig = await StartAsync("Relay", system, time);
        OperationAnswer unknown = await DoAsync(rig, "application.get", """{"application_id":"9"}""");
        (unknown.Outcome, unknown.Message).ShouldBe((OperationOutcome.Rejected, "application_not_found"));
        system.IsLimited = true;
        OperationAnswer limited = await DoAsync(rig, "application.get", """{"application_id":"9"}""");
        (limited.Outcome, limited.RetryAt).ShouldBe((OperationOutcome.RateLimited, time.GetUtcNow().AddSeconds(4)));
    }

    private static string StageOf(JsonElement record) => (record.TryGetProperty("attributes", out JsonElement attributes) ? attributes : record).GetProperty("stage").GetString()!;

    private static Task<PollRig> StartAsync(string name, PolledSystem system, FakeTimeProvider time) =>
        PollRig.StartAsync(PollRig.Folder(name), PollRig.Account(name), system, time);

    private static Task<Preparation> PrepareAsync(PollRig rig, string operation, string input) =>
        rig.Operations.PrepareAsync(rig.Connection, rig.Connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private static async Task<OperationAnswer> DoAsync(PollRig rig, string operation, string input)
    {
        Preparation prepared = await PrepareAsync(rig, operation, input);
        return await rig.Operations.SendAsync(rig.Connection, rig.Connection.Connector.Operations[operation], JsonElement.Parse(input), prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString() ?? prepared.RetryCode), null, Stop);
    }
}

using System.Globalization;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Sandbox.ICims;
using Aria.Pipelines.Tests.Ingress;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Where push events are not set up, iCIMS is searched: the same events, through the engine's own loop and over sockets.</summary>
public sealed class ICimsFeedTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 6, 12, 0, 20, TimeSpan.Zero));
    private readonly HttpPath _http = new(TimeProvider.System);
    private ICimsSandbox _sandbox = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _sandbox = await ICimsSandbox.StartAsync(new ICimsOptions { Time = _time, User = "token-1", Password = "key-1", DailyLimit = 100_000 }, Stop);

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task StageChanged_Searched_EachMoveIntoAWatchedStatusOnceAlsoOverRestarts()
    {
        long jane = Apply();
        long john = Apply();
        long jill = Apply();
        await using PollRig rig = await StartAsync("application.stage_changed");
        _sandbox.Move(jane, "Phone Screen");
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        _sandbox.Move(john, "Offer");
        _sandbox.Move(jill, "Face to Face");
        await rig.RestartAsync();
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        (await IdsAsync(rig)).ShouldBe([$"{jane} C38354", $"{john} C38356"]);
        _sandbox.Move(jane, "Offer");
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        (await IdsAsync(rig)).ShouldBe([$"{jane} C38354", $"{john} C38356", $"{jane} C38356"]);
        _sandbox.Requests.Entries.ShouldAllBe(r => r.Query == "?staleness=0");
    }

    [Fact]
    public async Task StageChanged_WhatWeWroteIntoAWorkflow_IsNoNews()
    {
        long jane = Apply();
        await using PollRig rig = await StartAsync("application.stage_changed");
        _sandbox.Move(jane, "Phone Screen");
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        _time.Advance(TimeSpan.FromMinutes(10));
        using (var client = new Sandbox.SandboxClient(_sandbox.BaseUrl) { Authorization = Sandbox.ICims.ICimsRig.Basic("token-1", "key-1") })
        {
            (await client.PatchAsync($"/customers/7609/applicantworkflows/{jane}", """{"rcf3003":"advance"}""")).Status.ShouldBe(200);
        }
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        (await IdsAsync(rig)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task StageChanged_HostWasDownForHours_NothingIsMissed()
    {
        long[] ids = [.. Enumerable.Range(0, 5).Select(_ => Apply())];
        await using PollRig rig = await StartAsync("application.stage_changed");
        foreach (long id in ids)
        {
            _time.Advance(TimeSpan.FromHours(3));
            _sandbox.Move(id, "Phone Screen");
        }
        await rig.RestartAsync();
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        (await IdsAsync(rig)).ShouldBe(ids.Select(i => $"{i} C38354"), ignoreOrder: true);
    }

    [Fact]
    public async Task StageChanged_MoreThanOneAnswerHolds_AllOfThem()
    {
        await using PollRig rig = await StartAsync("application.stage_changed");
        for (int i = 0; i < 1001; i++)
        {
            _sandbox.Move(Apply(), "Offer");
        }
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        (await IdsAsync(rig)).Distinct().Count().ShouldBe(1001);
        // Two statuses, and a second page of the one that has more than a thousand; the first pass found nothing in either.
        _sandbox.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Created_Searched_EveryNewWorkflowOnceAndNoneThatWasThere()
    {
        Apply();
        await using PollRig rig = await StartAsync("application.created");
        long[] ids = [Apply(), Apply()];
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        await rig.RestartAsync();
        long last = Apply();
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        await ReadAsync(rig, TimeSpan.FromMinutes(2));
        (await rig.EventsAsync()).Select(e => e.GetProperty("systemId").GetString()).ShouldBe(
            ids.Append(last).Select(i => i.ToString(CultureInfo.InvariantCulture)), ignoreOrder: true);
    }

    [Fact]
    public async Task Push_WhereEventsAreSearched_IsKeptButStartsNothing()
    {
        await using PollRig rig = await StartAsync("application.stage_changed");
        EventDecoder.Decode(rig.Connection, """{"eventType":"WorkFlowStatusChangeEvent","systemId":"1"}"""u8.ToArray())
            .ShouldHaveSingleItem().Type.ShouldBe("raw.WorkFlowStatusChangeEvent");
    }

    private long Apply() => _sandbox.Apply(new ICimsPerson("Jane", "Doe", "jane.doe@example.com"));

    private async Task<PollRig> StartAsync(string type)
    {
        string connection = """
            { "connector": "icims", "settings": { "customerId": "7609", "user": "${secret:token}", "password": "${secret:key}",
              "hookToken": "${secret:key}", "events": "search", "pollStatuses": "C38354,C38356" } }
            """;
        PollRig rig = await PollRig.StartAsync(new DefinitionFolder(Path.Combine(Plugins.Root, "plugins/ICims"), "plugins/ICims"), connection, new Here(_http, _sandbox.BaseUrl), _time);
        rig.Write("note/pipeline.json", PollRig.Pipeline.Replace("application.stage_changed", type, StringComparison.Ordinal));
        await rig.ReloadAsync();
        await rig.ReadDueAsync();
        return rig;
    }

    private async Task ReadAsync(PollRig rig, TimeSpan later)
    {
        _time.Advance(later);
        await rig.ReadDueAsync();
    }

    private static async Task<IEnumerable<string>> IdsAsync(PollRig rig) =>
        (await rig.EventsAsync()).Select(e => $"{e.GetProperty("systemId").GetString()} {e.GetProperty("newStatus").GetString()}");

    /// <summary>The real path out, with the vendor's host where the stand-in listens: the rig's workspace allows no address on this machine.</summary>
    private sealed class Here(HttpPath path, Uri sandbox) : IHttpPath
    {
        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            path.SendAsync(request with { Url = new Uri(sandbox, request.Url.PathAndQuery) }, new TargetPolicy(AllowLoopback: true, AllowPlainHttp: true), timeout, cancellationToken);
    }
}

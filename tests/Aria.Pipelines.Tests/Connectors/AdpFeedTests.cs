using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Sandbox.Adp;
using Aria.Pipelines.Sandbox.Certificates;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Tests.Ingress;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>What ADP's queue and its days of applications become: every change once, whatever is lost on the way.</summary>
public sealed class AdpFeedTests : IAsyncLifetime
{
    private const string Moved = "application.stage_changed";
    private const string Created = "application.created";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 6, 22, 0, 0, TimeSpan.Zero));
    private readonly HttpPath _http = new(TimeProvider.System);
    private AdpSandbox _sandbox = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await AdpSandbox.StartAsync(new AdpOptions { Time = _time }, Stop);

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Queue_SeveralMessages_OnceEachInOrderAndThenDeleted()
    {
        string[] ids = [Apply(), Apply()];
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.Move(ids[0], "Phone Screen");
        _sandbox.Move(ids[1], "Interview");
        _sandbox.Move(ids[0], "Make Offer");
        await ReadAsync(rig);
        await rig.RestartAsync();
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{ids[0]} Phone Screen", $"{ids[1]} Interview", $"{ids[0]} Make Offer"]);
        _sandbox.State.Queued.ShouldBe(0);
    }

    [Fact]
    public async Task Queue_SeveralEventsInOneMessage_OnceEach()
    {
        string[] ids = [Apply(), Apply()];
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.MoveTogether((ids[0], "Phone Screen"), (ids[1], "Interview"));
        _sandbox.State.Queued.ShouldBe(1);
        await ReadAsync(rig);
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{ids[0]} Phone Screen", $"{ids[1]} Interview"], ignoreOrder: true);
        _sandbox.State.Queued.ShouldBe(0);
    }

    [Theory]
    [InlineData(-12)]
    [InlineData(0)]
    [InlineData(14)]
    public async Task Created_DaysOfTheClientsOwnCalendar_OnceEach(int hours)
    {
        await _sandbox.DisposeAsync();
        _sandbox = await AdpSandbox.StartAsync(new AdpOptions { Time = _time, UtcOffset = TimeSpan.FromHours(hours) }, Stop);
        await using PollRig rig = await StartAsync(Created);
        List<string> ids = [];
        for (int i = 0; i < 26; i++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            ids.Add(Apply());
            await ReadAsync(rig);
        }
        (await EventsAsync(rig)).ShouldBe(ids.Select(i => $"{i} New"), ignoreOrder: true);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore)]
    [InlineData(FaultKind.DropAfter)]
    [InlineData(FaultKind.Status)]
    public async Task Queue_DeletionNotConfirmedAndTheHostDies_OnceAll(FaultKind fault)
    {
        string id = Apply();
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.Move(id, "Phone Screen");
        _sandbox.Move(id, "Interview");
        _sandbox.Faults.Add(new Fault { Kind = fault, Method = "DELETE" });
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} Phone Screen"], "it is stored before it is deleted");
        _sandbox.State.Queued.ShouldBe(fault == FaultKind.DropAfter ? 1 : 2);
        await rig.RestartAsync();
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} Phone Screen", $"{id} Interview"]);
        _sandbox.State.Queued.ShouldBe(0);
    }

    [Fact]
    public async Task Queue_MessageThatCannotBeStored_StaysInTheQueue()
    {
        string id = Apply();
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.Move(id, "Phone Screen");
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Garbage, Method = "GET", PathPrefix = "/core/" });
        await ReadAsync(rig);
        (_sandbox.State.Queued, (await EventsAsync(rig)).Count).ShouldBe((1, 0));
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} Phone Screen"]);
    }

    [Fact]
    public async Task Queue_EventsOfOtherKindsAndShapes_DoNotHoldItUp()
    {
        string id = Apply();
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.Announce("worker.terminate", new JsonObject { ["worker"] = new JsonObject { ["associateOID"] = "G3X" } }, []);
        _sandbox.Announce("job-application.status.change", [], []);
        _sandbox.Move(id, "Phone Screen");
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} Phone Screen"]);
        _sandbox.State.Queued.ShouldBe(0);
    }

    [Fact]
    public async Task Queue_Empty_IsHeldUntilAMessageComes()
    {
        string id = Apply();
        await using PollRig rig = await StartAsync(Moved, longPoll: true, read: false);
        Task reading = rig.ReadDueAsync();
        await _sandbox.WhenAsync(state => state.IsWaitedFor, Stop);
        _sandbox.Move(id, "Phone Screen");
        await _sandbox.WhenAsync(state => state.Queued == 0 && state.IsWaitedFor, Stop);
        (await EventsAsync(rig)).ShouldBe([$"{id} Phone Screen"], "without time passing");
        reading.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(15));
        await reading;
        _sandbox.State.Empty.ShouldBe(1);
    }

    [Fact]
    public async Task Created_OverPagesMidnightAndRestarts_OnceEach()
    {
        string old = Apply();
        _time.Advance(TimeSpan.FromMinutes(90));
        await using PollRig rig = await StartAsync(Created);
        List<string> ids = [.. Enumerable.Range(0, 201).Select(_ => Apply())];
        await ReadAsync(rig);
        _time.Advance(TimeSpan.FromHours(1));
        ids.AddRange([Apply(), Apply()]);
        await rig.RestartAsync();
        await ReadAsync(rig);
        // Longer away than a day.
        await rig.RestartAsync();
        _time.Advance(TimeSpan.FromHours(30));
        ids.Add(Apply());
        _time.Advance(TimeSpan.FromHours(30));
        await ReadAsync(rig);
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe(ids.Select(i => $"{i} New"), ignoreOrder: true);
        ids.ShouldNotContain(old);
    }

    private string Apply() => _sandbox.Apply(new AdpPerson("Zoë", "Lee", "Zoe@Example.com"));

    private async Task<PollRig> StartAsync(string type, bool longPoll = false, bool read = true)
    {
        SandboxCertificate client = _sandbox.Authority.IssueClient("ARIA");
        string connection = $$"""
            {
              "connector": "adp", "trust": "${secret:authority}",
              "settings": {
                "clientId": "${secret:client-id}", "clientSecret": "${secret:client-secret}", "certificate": "${secret:certificate}", "certificateKey": "${secret:certificate-key}",
                "agencyCode": "ARIA", "longPoll": {{(longPoll ? "true" : "false")}}
              },
              "limits": { "requests": 100000, "per": "1s" }
            }
            """;
        PollRig rig = await PollRig.StartAsync(
            new DefinitionFolder(Path.Combine(Plugins.Root, "plugins/Adp"), "plugins/Adp"), connection, new Here(_http, _sandbox.BaseUrl), _time,
            new Dictionary<string, string>
            {
                ["client-id"] = new AdpOptions().ClientId, ["client-secret"] = new AdpOptions().ClientSecret,
                ["certificate"] = client.Pem, ["certificate-key"] = client.KeyPem, ["authority"] = _sandbox.Authority.Pem,
            });
        rig.Write("note/pipeline.json", PollRig.Pipeline.Replace(Moved, type, StringComparison.Ordinal));
        await rig.ReloadAsync();
        if (read)
        {
            await rig.ReadDueAsync();
        }
        return rig;
    }

    private async Task ReadAsync(PollRig rig)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        await rig.ReadDueAsync();
    }

    private static async Task<IReadOnlyList<string>> EventsAsync(PollRig rig) =>
        [.. (await rig.EventsAsync()).Select(e => Shown(e, e.TryGetProperty("kind", out _) ? "status" : "applicationStatusCode"))];

    private static string Shown(JsonElement e, string status) => $"{e.GetProperty("application_id").GetString()} {e.GetProperty(status).GetProperty("codeValue").GetString()}";

    /// <summary>The real path out, certificates included, with the vendor's host where the stand-in listens: the rig's workspace allows no address on this machine.</summary>
    private sealed class Here(HttpPath path, Uri sandbox) : IHttpPath
    {
        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            path.SendAsync(request with { Url = new Uri(sandbox, request.Url.PathAndQuery) }, policy with { AllowLoopback = true }, timeout, cancellationToken);
    }
}

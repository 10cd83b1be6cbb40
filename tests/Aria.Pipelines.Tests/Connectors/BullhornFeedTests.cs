using System.Globalization;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Sandbox.Bullhorn;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Tests.Ingress;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Bullhorn's events over sockets: the subscription is made, read, and asked again for what was given out and is not stored.</summary>
public sealed class BullhornFeedTests : IAsyncDisposable
{
    private const string Subscription = "/rest-services/e999/event/subscription/aria-pipelines";
    private const string Pipeline = """
        {
          "connections": { "ats": "ats" },
          "triggers": [{ "on": "ats.application.created" }, { "on": "ats.application.stage_changed" }],
          "steps": [{ "id": "note", "map": { "stage": "{{ event.application.stage?.name }}" } }]
        }
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpPath _http = new(TimeProvider.System);
    private BullhornSandbox _sandbox = null!;
    private int _people;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
    }

    [Theory]
    [InlineData(BullhornEmptyAnswer.EmptyBody)]
    [InlineData(BullhornEmptyAnswer.NoContent)]
    [InlineData(BullhornEmptyAnswer.EmptyObject)]
    public async Task Subscription_MadeOnceAndRead_WhateverAnEmptyQueueLooksLike(BullhornEmptyAnswer empty)
    {
        await using PollRig rig = await StartAsync(new BullhornOptions { EmptyQueue = empty });
        long id = Apply();
        await ReadAsync(rig);
        _sandbox.Move(id, "Phone Screen");
        _sandbox.Set(id, "customText1", "no change of status");
        await rig.RestartAsync();
        await ReadAsync(rig);
        await ReadAsync(rig);

        (await EventsAsync(rig)).ShouldBe([$"{id} created", $"{id} status", $"{id} status"], ignoreOrder: true);
        _sandbox.Requests.Entries.Count(r => r.Method == "PUT").ShouldBe(1);
        _sandbox.Requests.Entries.ShouldAllBe(r => r.Status < 400);
    }

    [Fact]
    public async Task Events_GivenOutTwice_AreOne()
    {
        await using PollRig rig = await StartAsync(new BullhornOptions { RepeatEvents = true });
        long id = Apply();
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} created", $"{id} status"], ignoreOrder: true);
    }

    [Fact]
    public async Task Answer_LostWithItsEvents_IsAskedForAgainByItsNumber()
    {
        await using PollRig rig = await StartAsync(new BullhornOptions());
        long first = Apply();
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "GET", PathPrefix = Subscription });
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBeEmpty();
        long second = Apply();
        await rig.RestartAsync();
        await ReadAsync(rig);

        (await EventsAsync(rig)).ShouldBe([$"{first} created", $"{first} status", $"{second} created", $"{second} status"], ignoreOrder: true);
        _sandbox.Requests.Entries.ShouldContain(r => r.Query == "?maxEvents=100&requestId=1");
    }

    [Fact]
    public async Task Subscription_ForgottenByBullhorn_IsMadeAgain()
    {
        await using PollRig rig = await StartAsync(new BullhornOptions());
        _sandbox.ForgetSubscription("aria-pipelines");
        Apply();
        await ReadAsync(rig);
        await ReadAsync(rig);
        await ReadAsync(rig);
        long id = Apply();
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} created", $"{id} status"], ignoreOrder: true);
    }

    [Fact]
    public async Task Changes_OfTheApiUserItself_AreLeftOutWhereTheConnectionSaysSo()
    {
        await using PollRig rig = await StartAsync(new BullhornOptions(), """, "ignoreOwnChanges": true""");
        long id = Apply();
        await ReadAsync(rig);
        ConnectorOperation move = rig.Connection.Connector.Operations["stage.move"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{id}}","stage_id":"Interviewed"}""");
        byte[] frozen = (await rig.Operations.PrepareAsync(rig.Connection, move, input, "k", Stop)).Frozen.ShouldNotBeNull();
        (await rig.Operations.SendAsync(rig.Connection, move, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        await ReadAsync(rig);
        (await EventsAsync(rig)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Event_ReadLongAfterItHappened_HasTheStatusOfItsTime(bool historyBegins)
    {
        await using PollRig rig = await StartAsync(new BullhornOptions { HistoryBegins = historyBegins });
        long id = Apply();
        foreach (string status in (string[])["Phone Screen", "Interviewed", "Phone Screen", "Rejected"])
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            _sandbox.Move(id, status);
        }
        await ReadAsync(rig);
        string?[] stages = await StagesAsync(rig);
        stages.ShouldBe([historyBegins ? "New Lead" : null, "Phone Screen", "Interviewed", "Phone Screen", "Rejected"]);
    }

    [Fact]
    public async Task Submission_MadeWithAStatus_HasReachedIt()
    {
        await using PollRig rig = await StartAsync(new BullhornOptions());
        _sandbox.Submit(new BullhornCandidate("Ann", "O'Hara"), "Phone Screen");
        await ReadAsync(rig);
        (await StagesAsync(rig)).ShouldBe(["Phone Screen"]);
    }

    /// <summary>Changes of both kinds at once, with lost answers, ended sessions and restarts wherever they may fall.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ChangesWithRestarts_NoneMissedNoneDoubled(int seed)
    {
        const int changes = 300;
        var dice = new Dice(seed);
        await using PollRig rig = await StartAsync(new BullhornOptions { RequestsPerMinute = null, RepeatEvents = seed % 2 == 0 });
        var expected = new List<string>();
        var ids = new List<long>();
        int restarts = 0;
        for (int made = 0; made < changes; made++)
        {
            Change(dice, ids, expected);
            _time.Advance(TimeSpan.FromMilliseconds(dice.Below(2000)));
            if (dice.Below(4) == 0)
            {
                Fault(dice);
                await ReadAsync(rig);
            }
            if (dice.Below(12) == 0)
            {
                await rig.RestartAsync();
                restarts++;
            }
        }
        _sandbox.Faults.Clear();
        for (int last = 0; last < 4; last++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await ReadAsync(rig);
        }
        restarts.ShouldBeGreaterThan(10);
        (await EventsAsync(rig)).Order().ShouldBe(expected.Order());
    }

    private void Change(Dice dice, List<long> ids, List<string> expected)
    {
        if (ids.Count < 5 || dice.Below(10) == 0)
        {
            ids.Add(Apply());
            expected.AddRange([$"{ids[^1]} created", $"{ids[^1]} status"]);
            return;
        }
        long id = ids[dice.Below(ids.Count)];
        if (dice.Below(5) == 0)
        {
            _sandbox.Set(id, "customText1", $"text {dice.Below(1_000_000)}");
            return;
        }
        string status = BullhornSeeds.Statuses[dice.Below(BullhornSeeds.Statuses.Count)];
        if (_sandbox.State.Submission(id).Status != status)
        {
            _sandbox.Move(id, status);
            expected.Add($"{id} status");
        }
    }

    private void Fault(Dice dice)
    {
        switch (dice.Below(6))
        {
            case 0:
                _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "GET", PathPrefix = Subscription, Times = 1 + dice.Below(2) });
                break;
            case 1:
                _sandbox.Faults.Add(new Fault { Kind = dice.Below(2) == 0 ? FaultKind.DropBefore : FaultKind.Garbage, PathPrefix = "/rest-services/" });
                break;
            case 2:
                _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = dice.Below(2) == 0 ? 429 : 503 });
                break;
            case 3:
                _sandbox.EndSessions();
                break;
            default:
                break;
        }
    }

    private long Apply() => _sandbox.Apply(new BullhornCandidate("Zoë", $"Lee{++_people}", $"zoe{_people}@example.com"));

    private async Task<PollRig> StartAsync(BullhornOptions options, string settings = "")
    {
        _sandbox = await BullhornSandbox.StartAsync(options with { Time = _time, ClientId = "key-1", ClientSecret = "token-1", Username = "key-1", Password = "token-1" }, Stop);
        string connection = $$"""
            {
              "connector": "bullhorn", "limits": { "requests": 100000, "per": "1s" },
              "settings": { "clientId": "${secret:key}", "clientSecret": "${secret:token}", "username": "${secret:key}", "password": "${secret:token}", "userId": {{BullhornSeeds.ApiUserId}}{{settings}} }
            }
            """;
        PollRig rig = await PollRig.StartAsync(new DefinitionFolder(Path.Combine(Plugins.Root, "plugins/Bullhorn"), "plugins/Bullhorn"), connection, new Here(_http, _sandbox.BaseUrl), _time);
        rig.Write("note/pipeline.json", Pipeline);
        await rig.ReloadAsync();
        await rig.ReadDueAsync();
        return rig;
    }

    private async Task ReadAsync(PollRig rig)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        await rig.ReadDueAsync();
    }

    private static async Task<IReadOnlyList<string>> EventsAsync(PollRig rig) =>
        [.. (await rig.EventsAsync()).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.GetProperty("entityId").GetInt64()} {e.GetProperty("change").GetString()}"))];

    /// <summary>The stages of all changes of status, in order, as pipelines see them.</summary>
    private static async Task<string?[]> StagesAsync(PollRig rig)
    {
        ConnectorEvent definition = rig.Connection.Connector.Events["application.stage_changed"];
        var stages = new List<string?>();
        foreach (JsonElement payload in (await rig.EventsAsync()).Where(e => e.GetProperty("change").GetString() == "status"))
        {
            byte[] frozen = (await rig.Operations.PrepareAsync(rig.Connection, definition.Enrich!, payload, "k", Stop)).Frozen.ShouldNotBeNull();
            OperationAnswer reads = await rig.Operations.SendAsync(rig.Connection, definition.Enrich!, payload, frozen, null, Stop);
            JsonElement canonical = ConnectorJson.ToElement(definition.Canonical.Evaluate(new Dictionary<string, JsonElement> { ["payload"] = payload, ["settings"] = rig.Connection.Settings, ["reads"] = reads.Output!.Value }));
            definition.Schema!.Validate(canonical).ShouldBeEmpty();
            JsonElement stage = canonical.GetProperty("application").GetProperty("stage");
            stages.Add(stage.ValueKind == JsonValueKind.Null ? null : stage.GetProperty("name").GetString());
        }
        return [.. stages];
    }

    /// <summary>The real path out, with the vendor's host where the stand-in listens: the rig's workspace allows no address on this machine.</summary>
    private sealed class Here(HttpPath path, Uri sandbox) : IHttpPath
    {
        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            path.SendAsync(request with { Url = new Uri(sandbox, request.Url.PathAndQuery) }, new TargetPolicy(AllowLoopback: true, AllowPlainHttp: true), timeout, cancellationToken);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.JazzHR;
using Aria.Pipelines.Tests.Ingress;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>JazzHR asked for what it does not send, over sockets.</summary>
public sealed class JazzHRFeedTests : IAsyncLifetime
{
    private const string Created = "application.created";
    private const string Moved = "application.stage_changed";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpPath _http = new(TimeProvider.System);
    private JazzHRSandbox _sandbox = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await JazzHRSandbox.StartAsync(new JazzHROptions { Time = _time, ApiKey = "key-1", Jobs = [.. JazzHRSeeds.Jobs, new JazzHRJob("job_4056312", "Legal Counsel")] }, Stop);

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Created_MoreThanAPage_OnceEachOverRestarts()
    {
        string[] old = [.. Enumerable.Range(0, 99).Select(_ => Apply())];
        await using PollRig rig = await StartAsync(Created);
        (await EventsAsync(rig)).ShouldBeEmpty();
        string[] fresh = [.. Enumerable.Range(0, 3).Select(_ => Apply())];
        await ReadAsync(rig);
        await rig.RestartAsync();
        _sandbox.Move(old[0], "Phone Screen");
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe(fresh.Select(id => $"{id} step_01"), ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task StageChanged_OneRowOrAWholePage_EachChangeOnce(int applications)
    {
        string[] ids = [.. Enumerable.Range(0, applications).Select(_ => Apply())];
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.Move(ids[^1], "Phone Screen");
        await ReadAsync(rig);
        await rig.RestartAsync();
        await ReadAsync(rig);
        _sandbox.Move(ids[^1], "New");
        await ReadAsync(rig);
        _sandbox.Move(ids[^1], "Phone Screen");
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{ids[^1]} step_02", $"{ids[^1]} step_01", $"{ids[^1]} step_02"]);
    }

    [Fact]
    public async Task StageChanged_JobsOfTheSettings_OneListForEachAndNoOther()
    {
        string first = Apply(), second = Apply("job_4056311"), other = Apply("job_4056312");
        await using PollRig rig = await StartAsync(Moved, """{"jobs":"job_4056310,job_4056311"}""");
        foreach (string id in (string[])[first, second, other])
        {
            _sandbox.Move(id, "Phone Screen");
        }
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{first} step_02", $"{second} step_02"], ignoreOrder: true);
        _sandbox.Requests.Entries.Select(r => r.Path).Distinct().ShouldBe(["/v1/applicants2jobs/job_id/job_4056310/page/1", "/v1/applicants2jobs/job_id/job_4056311/page/1"]);
    }

    [Fact]
    public async Task StageChanged_ByDefault_IsNotAskedFor()
    {
        await using PollRig rig = await StartAsync(Moved, """{"events":"export"}""");
        await ReadAsync(rig);
        _sandbox.Requests.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(FaultKind.DropAfter, 200)]
    [InlineData(FaultKind.Status, 429)]
    [InlineData(FaultKind.Garbage, 200)]
    public async Task StageChanged_APageFails_ReadAgainWithoutALoss(FaultKind kind, int status)
    {
        string id = Apply();
        Apply();
        await using PollRig rig = await StartAsync(Moved);
        _sandbox.Move(id, "Phone Screen");
        _sandbox.Faults.Add(new Fault { Kind = kind, Status = status, PathPrefix = "/v1/applicants2jobs" });
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBeEmpty();
        await ReadAsync(rig);
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([$"{id} step_02"]);
    }

    private string Apply(string jobId = JazzHRSeeds.EngineerJobId) => _sandbox.Apply(new JazzHRApplicant("Zoë", "Lee", "zoe@example.com"), jobId);

    private async Task<PollRig> StartAsync(string type, string settings = "{}")
    {
        JsonObject all = JsonNode.Parse("""{ "apiKey": "${secret:key}", "userId": "usr_0001", "events": "poll", "pollInterval": "1m" }""")!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(settings)!.AsObject())
        {
            all[name] = value?.DeepClone();
        }
        string connection = new JsonObject { ["connector"] = "jazzhr", ["settings"] = all }.ToJsonString();
        PollRig rig = await PollRig.StartAsync(new DefinitionFolder(Path.Combine(Plugins.Root, "plugins/JazzHR"), "plugins/JazzHR"), connection, new Here(_http, _sandbox.BaseUrl), _time);
        rig.Write("note/pipeline.json", PollRig.Pipeline.Replace(Moved, type, StringComparison.Ordinal));
        await rig.ReloadAsync();
        await rig.ReadDueAsync();
        return rig;
    }

    // Longer than the pause after a failure.
    private async Task ReadAsync(PollRig rig)
    {
        _time.Advance(TimeSpan.FromMinutes(5));
        await rig.ReadDueAsync();
    }

    private static async Task<IReadOnlyList<string>> EventsAsync(PollRig rig) =>
        [.. (await rig.EventsAsync()).Select(e => $"{Text(e, "applicant_id")}~{Text(e, "job_id")} {Text(e, "workflow_step_id")}")];

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    /// <summary>The real path out, with the vendor's host where the stand-in listens: the rig's workspace allows no address on this machine.</summary>
    private sealed class Here(HttpPath path, Uri sandbox) : IHttpPath
    {
        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            path.SendAsync(request with { Url = new Uri(sandbox, request.Url.PathAndQuery) }, new TargetPolicy(AllowLoopback: true, AllowPlainHttp: true), timeout, cancellationToken);
    }
}

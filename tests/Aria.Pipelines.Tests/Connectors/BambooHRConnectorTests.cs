using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Sandbox.BambooHR;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Tests.Ingress;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The BambooHR connector against its stand-in, over sockets.</summary>
public sealed class BambooHRConnectorTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private readonly HttpPath _http = new(TimeProvider.System);
    private BambooHRSandbox _sandbox = null!;
    private long _id;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DefinitionFolder Folder => new(Path.Combine(Plugins.Root, "plugins/BambooHR"), "plugins/BambooHR");

    private string Id => _id.ToString(CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        _sandbox = await BambooHRSandbox.StartAsync(new BambooHROptions { Time = _rig.Time, ApiKey = "key-1", PageSize = 3 }, Stop);
        _id = Apply();
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task ApplicationGet_Canonical()
    {
        JsonElement output = (await SendAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""")).Output!.Value;
        JsonElement.DeepEquals(output, JsonElement.Parse($$"""
            {
              "application": { "id": "{{Id}}", "status": "New", "stage": { "id": "1", "name": "New" }, "applied_at": "2026-01-06T12:00:00+00:00", "url": null, "source": "Careers Page" },
              "candidate": { "id": "101", "first_name": "Zoë", "last_name": "Lee", "name": "Zoë Lee", "email": "Zoe@Example.com", "email_canonical": "zoe@example.com", "phone": "+15551234567", "resume_url": null, "url": null },
              "job": { "id": "4056310", "title": "Backend Engineer", "requisition_id": null }
            }
            """)).ShouldBeTrue(output.GetRawText());
    }

    [Fact]
    public async Task InterviewWrite_WholeResult_OneCommentAndTheStatusOfTheSettings()
    {
        Connection connection = Connect("""{"statuses":{"completed":"32"}}""");
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{Id}}","status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(connection, connection.Connector.Operations["interview.write"], input);
        problem.ShouldBeNull();
        foreach ((OperationPart part, JsonElement? with) in parts)
        {
            (await SendAsync(connection, part.Operation.Name, with!.Value.GetRawText())).Outcome.ShouldBe(OperationOutcome.Confirmed);
        }
        BambooHRApplicationView held = _sandbox.State.Application(_id);
        held.Comments.ShouldHaveSingleItem().ShouldBe("ARIA interview: Completed\nScore: 8.5 of 10\nRecommendation: Maybe\nTranscript: https://t.example/1\nRecording: https://r.example/1");
        held.Status.ShouldBe("Interviewed");
    }

    [Fact]
    public async Task StageMove_AnswerLost_FoundByTheStatusThatStands()
    {
        Connection connection = Connect();
        ConnectorOperation operation = connection.Connector.Operations["stage.move"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{Id}}","stage_id":"31"}""");
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, operation, input, "key-1", Stop)).Frozen!;
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
    }

    [Fact]
    public async Task StageMove_Refused_TheReasonComesFromTheHeader()
    {
        OperationAnswer answer = await SendAsync(Connect(), "stage.move", $$"""{"application_id":"{{Id}}","stage_id":"33"}""");
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, 400, "Invalid status"));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("recent")]
    public async Task StageChanged_Compared_EachChangeOnceOverPagesAndRestarts(string read)
    {
        long[] ids = [_id, .. Enumerable.Range(0, 6).Select(_ => Apply())];
        await using PollRig rig = await StartAsync("application.stage_changed", read);
        (await EventsAsync(rig)).ShouldBeEmpty();
        foreach (long id in ids[..5])
        {
            _sandbox.Move(id, "Phone Screen");
        }
        await ReadAsync(rig);
        await rig.RestartAsync();
        _sandbox.Move(ids[0], "Reviewed");
        await ReadAsync(rig);
        _sandbox.Move(ids[0], "Phone Screen");
        await ReadAsync(rig);
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe([.. ids[..5].Select(i => $"{i} 31"), $"{ids[0]} 2", $"{ids[0]} 31"], ignoreOrder: true);
    }

    [Fact]
    public async Task Created_NewOnes_OnceEach()
    {
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        await using PollRig rig = await StartAsync("application.created", "all");
        long[] ids = [.. Enumerable.Range(0, 4).Select(_ => Apply())];
        await ReadAsync(rig);
        await rig.RestartAsync();
        await ReadAsync(rig);
        (await EventsAsync(rig)).ShouldBe(ids.Select(i => $"{i} 1"), ignoreOrder: true);
    }

    private long Apply() => _sandbox.Apply(new BambooHRApplicant("Zoë", "Lee", "Zoe@Example.com", "+15551234567"));

    private Connection Connect(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["companyDomain"] = "acme";
        all["baseUrl"] = _sandbox.ApiUrl.ToString();
        return Plugins.Connect(Plugins.Read(Folder), all.ToJsonString());
    }

    private async Task<OperationAnswer> SendAsync(Connection connection, string operation, string input)
    {
        _rig.Secrets["apiKey"] = "key-1";
        Preparation prepared = await _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);
        return await _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
    }

    private async Task<PollRig> StartAsync(string type, string read)
    {
        string connection = $$"""{ "connector": "bamboohr", "settings": { "companyDomain": "acme", "apiKey": "${secret:key}", "read": "{{read}}" } }""";
        PollRig rig = await PollRig.StartAsync(Folder, connection, new Here(_http, _sandbox.BaseUrl), _rig.Time);
        rig.Write("note/pipeline.json", PollRig.Pipeline.Replace("application.stage_changed", type, StringComparison.Ordinal));
        await rig.ReloadAsync();
        await rig.ReadDueAsync();
        return rig;
    }

    private async Task ReadAsync(PollRig rig)
    {
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.ReadDueAsync();
    }

    private static async Task<IReadOnlyList<string>> EventsAsync(PollRig rig) =>
        [.. (await rig.EventsAsync()).Select(e => $"{e.GetProperty("id").GetInt64()} {e.GetProperty("status").GetProperty("id").GetInt32()}")];

    /// <summary>The real path out, with the vendor's host where the stand-in listens: the rig's workspace allows no address on this machine.</summary>
    private sealed class Here(HttpPath path, Uri sandbox) : IHttpPath
    {
        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            path.SendAsync(request with { Url = new Uri(sandbox, request.Url.PathAndQuery) }, new TargetPolicy(AllowLoopback: true, AllowPlainHttp: true), timeout, cancellationToken);
    }
}

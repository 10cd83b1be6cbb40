using System.Text.Json;
using Aria.Pipelines.Sandbox.JazzHR;
using Microsoft.Extensions.Time.Testing;
using HookServer = Aria.Pipelines.Tests.Sandbox.WebhookReceiver;

namespace Aria.Pipelines.Tests.Sandbox.JazzHR;

/// <summary>What the stand-in answers, what it refuses, and what it sends.</summary>
public sealed class JazzHRSandboxTests : IAsyncLifetime
{
    private const string Key = "apikey=key-1";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 2, 3, 0, 0, TimeSpan.Zero));
    private JazzHRSandbox _sandbox = null!;
    private SandboxClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => StartAsync(new JazzHROptions());

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData("", 401)]
    [InlineData("?apikey=another", 401)]
    [InlineData("?apikey=key-1", 200)]
    [InlineData("?apikey=key-1&job_id=job_1", 400)]
    public async Task Get_KeyInTheQuery_AndNoFiltersThere(string query, int status) =>
        (await _client.GetAsync($"/v1/users{query}")).Status.ShouldBe(status);

    [Theory]
    [InlineData(JazzHRKeyPlaces.Query | JazzHRKeyPlaces.Body, true, true, 200)]
    [InlineData(JazzHRKeyPlaces.Query | JazzHRKeyPlaces.Body, true, false, 401)]
    [InlineData(JazzHRKeyPlaces.Query | JazzHRKeyPlaces.Body, false, true, 401)]
    [InlineData(JazzHRKeyPlaces.Body, false, true, 200)]
    [InlineData(JazzHRKeyPlaces.Query, true, false, 200)]
    public async Task Post_KeyWhereTheAccountWantsIt_AndNeverInTheLog(JazzHRKeyPlaces needed, bool inQuery, bool inBody, int status)
    {
        await RestartAsync(new JazzHROptions { PostKey = needed });
        string body = inBody ? """{"apikey":"key-1","name":"VIP","status":"1"}""" : """{"name":"VIP","status":"1"}""";
        (await _client.PostAsync(inQuery ? $"/v1/categories?{Key}" : "/v1/categories", body)).Status.ShouldBe(status);
        _sandbox.Requests.Entries.Single().ShouldSatisfyAllConditions(r => r.Query.ShouldNotContain("key-1"), r => r.Body.ShouldNotContain("key-1"));
    }

    [Fact]
    public async Task List_OneRow_ABareObjectAndNoAddress()
    {
        (await ListAsync("applicants")).GetRawText().ShouldBe("[]");
        string id = Apply().Split('~')[0];
        JsonElement one = await ListAsync("applicants");
        (one.ValueKind, one.GetProperty("id").GetString(), one.TryGetProperty("email", out _)).ShouldBe((JsonValueKind.Object, id, false));
        JsonElement detail = await ListAsync($"applicants/{id}");
        (detail.GetProperty("email").GetString(), detail.GetProperty("jobs").ValueKind, detail.GetProperty("comments").ValueKind).ShouldBe(("ada@example.com", JsonValueKind.Object, JsonValueKind.Array));
        detail.GetProperty("apply_date").GetString().ShouldBe("2026-10-01", "dates are those of the account's own clock");
        Apply();
        (await ListAsync("applicants")).GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task List_PagesInThePath_AHundredEachAndNothingBeyond()
    {
        for (int i = 0; i < 101; i++)
        {
            Apply();
        }
        (await ListAsync("applicants2jobs")).GetArrayLength().ShouldBe(100);
        (await ListAsync("applicants2jobs/page/1")).GetArrayLength().ShouldBe(100);
        (await ListAsync("applicants2jobs/page/2")).ValueKind.ShouldBe(JsonValueKind.Object);
        (await ListAsync("applicants2jobs/page/3")).GetRawText().ShouldBe("[]");
        (await ListAsync("applicants2jobs/workflow_step_id/step_02/page/1")).GetRawText().ShouldBe("[]");
        (await GetAsync("applicants2jobs/page/0")).Status.ShouldBe(400);
        (await GetAsync("applicants2jobs/stage/step_02")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public async Task Get_UnknownId_NoBody(int status)
    {
        await RestartAsync(new JazzHROptions { UnknownIdStatus = status });
        SandboxReply reply = await GetAsync("applicants/nobody");
        (reply.Status, reply.Body).ShouldBe((status, ""));
    }

    [Theory]
    [InlineData("notes", """{"applicant_id":"nobody","user_id":"usr_0001","contents":"x","security":"1"}""", 400)]
    [InlineData("notes", """{"applicant_id":"$","user_id":"nobody","contents":"x","security":"1"}""", 400)]
    [InlineData("notes", """{"applicant_id":"$","contents":"x","security":"1"}""", 400)]
    [InlineData("notes", """{"applicant_id":"$","user_id":"usr_0001","contents":"","security":"1"}""", 400)]
    [InlineData("notes", """{"applicant_id":"$","user_id":"usr_0001","contents":"x","security":"1","pinned":"1"}""", 400)]
    [InlineData("categories2applicants", """{"applicant_id":"$","category_id":"nothing"}""", 400)]
    [InlineData("applicants2jobs", """{"applicant_id":"$","workflow_step_id":"step_02"}""", 404)]
    [InlineData("notes", """{"applicant_id":"$","user_id":"usr_0001","contents":"x","security":"1"}""", 200)]
    public async Task Post_WhatNobodyHasSeen_Refused(string resource, string body, int status)
    {
        string id = Apply();
        string keyed = body.Replace("$", id.Split('~')[0], StringComparison.Ordinal).Replace("{", """{"apikey":"key-1",""", StringComparison.Ordinal);
        (await _client.PostAsync($"/v1/{resource}?{Key}", keyed)).Status.ShouldBe(status);
        _sandbox.State.Application(id).Notes.Count.ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task Get_BeyondTheLimit_429WithoutAHeaderThatSaysWhen()
    {
        await RestartAsync(new JazzHROptions { RequestsPerMinute = 1 });
        (await GetAsync("users")).Status.ShouldBe(200);
        SandboxReply over = await GetAsync("users");
        (over.Status, over.Headers.ContainsKey("Retry-After")).ShouldBe((429, false));
        _time.Advance(TimeSpan.FromMinutes(1));
        (await GetAsync("users")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(202, false)]
    [InlineData(204, false)]
    [InlineData(401, false)]
    public async Task Export_Added_SavedOnlyWhenTheTestIsAnsweredWith200(int status, bool saved)
    {
        await using HookServer receiver = await HookServer.StartAsync();
        receiver.Status = status;
        (await _sandbox.AddExportAsync(receiver.Url, "secret-1", Stop)).ShouldBe(saved);
        ReceivedHook test = await receiver.NextAsync();
        (test.Headers["X-JazzHR-Event"], test.Json.GetProperty("data").GetString()).ShouldBe(("VERIFY", "JazzHR Verify Event"));
        test.Headers.ContainsKey("X-JazzHR-UUID").ShouldBeFalse();
        _sandbox.Move(Apply(), "Phone Screen");
        await _sandbox.WhenQuietAsync(Stop);
        receiver.Drain().Count.ShouldBe(saved ? 1 : 0);
    }

    [Fact]
    public async Task Export_StepOfAWorkflowHelper_OneSignedCandidateAndNoSecondTry()
    {
        await using HookServer receiver = await HookServer.StartAsync();
        await _sandbox.AddExportAsync(receiver.Url, "secret-1", Stop);
        await receiver.NextAsync();
        receiver.Status = 503;
        string id = Apply();
        _sandbox.Move(id, "Interview");
        _sandbox.Move(id, "Phone Screen");
        ReceivedHook sent = await receiver.NextAsync();
        (sent.Headers["X-JazzHR-Event"], sent.Headers["X-JazzHR-Export-Context"], sent.Headers["User-Agent"]).ShouldBe(("CANDIDATE-EXPORT", JazzHRSeeds.EngineerJobId, "JazzHR"));
        sent.Json.GetProperty("candidate").GetProperty("profiles")[0].GetProperty("associatedPositionOpenings")[0].GetProperty("candidateStatus").GetRawText()
            .ShouldBe("""{"name":"Phone Screen","category":"Active","transitionDateTime":"2026-10-02 03:00:00"}""");
        await _sandbox.WhenQuietAsync(Stop);
        _time.Advance(TimeSpan.FromHours(3));
        await _sandbox.WhenQuietAsync(Stop);
        receiver.Drain().ShouldBeEmpty();
        receiver.Status = 200;
        (_sandbox.ExportAgain(), _sandbox.ExportAgain()).ShouldBe((1, 0));
        (await receiver.NextAsync()).Headers["X-JazzHR-UUID"].ShouldNotBe(sent.Headers["X-JazzHR-UUID"]);
    }

    private async ValueTask StartAsync(JazzHROptions options)
    {
        _sandbox = await JazzHRSandbox.StartAsync(options with { Time = _time, ApiKey = "key-1" }, Stop);
        _client = new SandboxClient(_sandbox.BaseUrl);
    }

    private async Task RestartAsync(JazzHROptions options)
    {
        await DisposeAsync();
        await StartAsync(options);
    }

    private string Apply() => _sandbox.Apply(new JazzHRApplicant("Ada", "Example", "ada@example.com"));

    private Task<SandboxReply> GetAsync(string path) => _client.GetAsync($"/v1/{path}?{Key}");

    private async Task<JsonElement> ListAsync(string path) => (await GetAsync(path)).Json;
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Sandbox.Bullhorn;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.Bullhorn;

/// <summary>What the stand-in answers, and what it refuses.</summary>
public sealed partial class BullhornSandboxTests : IAsyncLifetime
{
    private const string Root = "/rest-services/e999";
    private const string Credentials = "client_id=bullhorn-sandbox-client&client_secret=bullhorn-sandbox-client-secret";
    private const string Login = "/oauth/authorize?client_id=bullhorn-sandbox-client&response_type=code&action=Login&username=acme.api&password=bullhorn-sandbox-password";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
    private BullhornSandbox _sandbox = null!;
    private SandboxClient _client = null!;
    private string _token = "";
    private long _id;

    public ValueTask InitializeAsync() => StartAsync(new BullhornOptions());

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Login_FourSteps_EachGoodOnce()
    {
        JsonElement info = (await _client.GetAsync("/rest-services/loginInfo?username=acme.api")).Json;
        info.GetProperty("oauthUrl").GetString().ShouldBe($"{_sandbox.BaseUrl}oauth");
        (await _client.GetAsync("/rest-services/loginInfo?username=nobody")).Status.ShouldBe(404);
        string code = await CodeAsync();
        SandboxReply token = await _client.SendAsync("POST", $"/oauth/token?grant_type=authorization_code&code={code}&{Credentials}");
        token.Json.GetProperty("expires_in").GetInt32().ShouldBe(600);
        (await _client.SendAsync("POST", $"/oauth/token?grant_type=authorization_code&code={code}&{Credentials}")).Body.ShouldBe("""{"error":"invalid_grant"}""");
        string refresh = $"/oauth/token?grant_type=refresh_token&refresh_token={Uri.EscapeDataString(token.Json.GetProperty("refresh_token").GetString()!)}&{Credentials}";
        (await _client.SendAsync("POST", refresh)).Status.ShouldBe(200);
        (await _client.SendAsync("POST", refresh)).Body.ShouldBe("""{"error":"invalid_grant"}""");
    }

    [Theory]
    [InlineData("password=bullhorn-sandbox-password", "password=x")]
    [InlineData("action=Login", "action=login")]
    [InlineData("response_type=code", "response_type=token")]
    public async Task Authorize_Wrong_APageForPeopleAndNoLocation(string from, string to)
    {
        SandboxReply reply = await _client.SendAsync("POST", Login.Replace(from, to, StringComparison.Ordinal));
        (reply.Status, reply.Headers.ContainsKey("Location")).ShouldBe((200, false));
    }

    [Theory]
    [InlineData("&version=*&access_token=wrong", "Invalid or expired OAuth access token.")]
    [InlineData("&access_token=wrong", "The parameter version is missing.")]
    public async Task Session_Wrong_Refused(string query, string message)
    {
        SandboxReply reply = await _client.SendAsync("POST", $"/rest-services/login?ttl=5{query}");
        (reply.Status, Message(reply)).ShouldBe((400, message));
    }

    [Fact]
    public async Task DataCentre_Another_307WithTheSameQuery()
    {
        await StartAsync(new BullhornOptions { DataCentre = new Uri("http://127.0.0.1:9") }, login: false);
        SandboxReply reply = await _client.SendAsync("POST", Login);
        (reply.Status, reply.Headers["Location"]).ShouldBe((307, $"http://127.0.0.1:9{Login}"));
    }

    [Fact]
    public async Task Session_MissingOrEnded_412And401()
    {
        (await _client.GetAsync($"{Root}/ping")).Status.ShouldBe(412);
        (await _client.GetAsync($"{Root}/ping?BhRestToken=wrong")).Status.ShouldBe(401);
        (await GetAsync("/ping")).Json.GetProperty("sessionExpires").GetInt64().ShouldBe(_time.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds());
        _time.Advance(TimeSpan.FromMinutes(5));
        (await GetAsync("/ping")).Status.ShouldBe(401);
        await LogInAsync();
        (await GetAsync("/logout")).Body.ShouldBe("""{"logout":"OK"}""");
        (await GetAsync("/ping")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Entity_Fields_NamesAndThoseOfAssociations()
    {
        (await GetAsync($"/entity/JobSubmission/{_id}?fields=status,candidate(firstName,email),jobOrder")).Body.ShouldBe(
            $"{{\"data\":{{\"id\":{_id},\"status\":\"New Lead\",\"candidate\":{{\"id\":{_sandbox.State.Submission(_id).CandidateId},\"firstName\":\"Zoë\",\"email\":\"zoe@example.com\"}},\"jobOrder\":{{\"id\":4056310}}}}}}");
        Message(await GetAsync($"/entity/JobSubmission/{_id}?fields=stage")).ShouldBe("Invalid field 'stage' of JobSubmission.");
        Message(await GetAsync($"/entity/JobSubmission/{_id}?fields=*")).ShouldBe("Invalid field '*' of JobSubmission.");
        Message(await GetAsync($"/entity/JobSubmission/{_id}")).ShouldBe("Invalid field '' of JobSubmission.");
        (await GetAsync("/entity/JobSubmission/1?fields=id")).Status.ShouldBe(404);
        (await GetAsync($"/entity/JobSubmission/1,{_id}?fields=id")).Body.ShouldBe($$"""{"data":[{"id":{{_id}}}]}""");
    }

    [Theory]
    [InlineData("""{"status":"Hired"}""", "The status is none of jobResponseStatusList.")]
    [InlineData("""{"screeningScore":8.5}""", "The field 'screeningScore' is not a whole number.")]
    [InlineData("""{"screeningUrl":"x"}""", "Unknown field 'screeningUrl' of JobSubmission.")]
    [InlineData("""{"dateLastModified":1}""", "The field 'dateLastModified' is read-only.")]
    [InlineData("""{"candidate":5}""", "The field 'candidate' is not the id of a Candidate.")]
    [InlineData("""{"customText1":"aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbc"}""", "The field 'customText1' holds 100 characters.")]
    [InlineData("[]", "The body is not one JSON object.")]
    public async Task Update_Wrong_Refused(string body, string message)
    {
        SandboxReply reply = await SendAsync("POST", $"/entity/JobSubmission/{_id}", body);
        (reply.Status, Message(reply)).ShouldBe((400, message));
    }

    [Fact]
    public async Task Verbs_AreSwapped_PutMakesAndPostChanges()
    {
        (await SendAsync("POST", "/entity/Note", """{"comments":"x"}""")).Status.ShouldBe(405);
        Message(await SendAsync("PUT", "/entity/Note", """{"comments":"x"}""")).ShouldBe("The mandatory field 'personReference' of Note is missing.");
        string person = $$"""{ "id": {{_sandbox.State.Submission(_id).CandidateId}} }""";
        SandboxReply made = await SendAsync("PUT", "/entity/Note", $$"""{ "comments": "x", "personReference": {{person}} }""");
        (made.Json.GetProperty("changeType").GetString(), made.Json.GetProperty("changedEntityType").GetString()).ShouldBe(("INSERT", "Note"));
        (await SendAsync("POST", $"/entity/JobSubmission/{_id}", """{"status":"Submitted"}""")).Json.GetProperty("changeType").GetString().ShouldBe("UPDATE");
    }

    [Theory]
    [InlineData("candidate.firstName = 'Zoë' AND NOT (status = 'Submitted' OR isDeleted = true)", 1)]
    [InlineData("status IN ('Submitted', 'New Lead')", 1)]
    [InlineData("status NOT IN ('New Lead')", 0)]
    [InlineData("dateWebResponse IS NOT NULL AND dateAdded >= 1790845200000", 1)]
    [InlineData("screeningStatus IS NULL", 1)]
    [InlineData("source = 'it''s'", 0)]
    [InlineData("source = 'it's'", -1)]
    [InlineData("stage = 'x'", -1)]
    [InlineData("status LIKE 'N%'", -1)]
    [InlineData("id = 'x'", -1)]
    [InlineData("status = 'New Lead'; DELETE", -1)]
    public async Task Query_Jpql_AsFarAsItIsDescribed(string where, int found)
    {
        SandboxReply reply = await GetAsync($"/query/JobSubmission?fields=id&where={Uri.EscapeDataString(where)}");
        (reply.Status == 200 ? reply.Json.GetProperty("data").GetArrayLength() : -1).ShouldBe(found, reply.Body);
    }

    [Theory]
    [InlineData("Candidate", "email:\"zoe@example.com\" AND isDeleted:0", 1)]
    [InlineData("Candidate", "lastName:O'Lee", 1)]
    [InlineData("Candidate", "lastName:\"O'\\Lee\"", 1)]
    [InlineData("Candidate", "lastName:a(b", -1)]
    [InlineData("Candidate", "stage:x", -1)]
    [InlineData("JobSubmission", "status:x", -1)]
    public async Task Search_Lucene_OfIndexedTypesOnly(string type, string query, int found)
    {
        SandboxReply reply = await GetAsync($"/search/{type}?fields=id&query={Uri.EscapeDataString(query)}");
        (reply.Status == 200 ? reply.Json.GetProperty("total").GetInt32() : -1).ShouldBe(found, reply.Body);
    }

    [Fact]
    public async Task Subscription_ReadingConsumesAndANumberGivesItAgain()
    {
        (await GetAsync("/event/subscription/s?maxEvents=2")).Status.ShouldBe(404);
        Message(await SendAsync("PUT", "/event/subscription/s?type=entity&names=JobSubmission", null)).ShouldBe("The parameters type, names and eventTypes do not describe a subscription.");
        (await SendAsync("PUT", "/event/subscription/s?type=entity&names=JobSubmission&eventTypes=UPDATED", null)).Json.GetProperty("lastRequestId").GetInt32().ShouldBe(0);
        (await GetAsync("/event/subscription/s?maxEvents=2")).Body.ShouldBe("");
        (await GetAsync("/event/subscription/s")).Status.ShouldBe(400);
        foreach (string status in (string[])["Submitted", "Phone Screen", "Interviewed"])
        {
            _sandbox.Move(_id, status);
        }
        SandboxReply first = await GetAsync("/event/subscription/s?maxEvents=2");
        first.Json.GetProperty("requestId").GetInt32().ShouldBe(1);
        first.Json.GetProperty("events")[1].GetProperty("updatedProperties")[0].GetString().ShouldBe("status");
        first.Body.ShouldNotContain("Phone Screen", Case.Sensitive, "events carry no values");
        (await GetAsync("/event/subscription/s?maxEvents=2")).Json.GetProperty("events").GetArrayLength().ShouldBe(1);
        (await GetAsync("/event/subscription/s?maxEvents=2&requestId=1")).Body.ShouldBe(first.Body);
        (await GetAsync("/event/subscription/s?maxEvents=2&requestId=3")).Status.ShouldBe(400);
        (await GetAsync("/event/subscription/s/lastRequestId")).Body.ShouldBe("""{"result":2}""");
        (await SendAsync("DELETE", "/event/subscription/s", null)).Body.ShouldBe("""{"result":true}""");
        string transaction = first.Json.GetProperty("events")[1].GetProperty("eventMetadata").GetProperty("TRANSACTION_ID").GetString()!;
        (await GetAsync($"/query/JobSubmissionHistory?fields=status&where={Uri.EscapeDataString($"transactionID='{transaction}'")}")).Json.GetProperty("data")[0].GetProperty("status").GetString().ShouldBe("Phone Screen");
    }

    [Fact]
    public async Task Limit_CallsOfAMinute_429WithoutHeaders()
    {
        await StartAsync(new BullhornOptions { RequestsPerMinute = 1 });
        (await GetAsync("/ping")).Status.ShouldBe(200);
        SandboxReply over = await GetAsync("/ping");
        (over.Status, over.Headers.ContainsKey("Retry-After")).ShouldBe((429, false));
        _time.Advance(TimeSpan.FromMinutes(1));
        (await GetAsync("/ping")).Status.ShouldBe(200);
    }

    [Fact]
    public void Requests_Logged_WithoutCredentials()
    {
        _sandbox.Requests.Entries.ShouldAllBe(r => !r.Query.Contains("sandbox-password", StringComparison.Ordinal) && !r.Query.Contains("client-secret", StringComparison.Ordinal));
        _sandbox.Requests.Entries.Select(r => r.Query).ShouldContain("?version=*&ttl=5&access_token=…");
    }

    [GeneratedRegex("[?&]code=(?<code>[^&]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    private static string? Message(SandboxReply reply) => reply.Json.GetProperty("errorMessage").GetString();

    private async Task<string> CodeAsync() => Code().Match((await _client.SendAsync("POST", Login)).Headers["Location"]).Groups["code"].Value;

    private async Task LogInAsync()
    {
        JsonElement token = (await _client.SendAsync("POST", $"/oauth/token?grant_type=authorization_code&code={await CodeAsync()}&{Credentials}")).Json;
        string access = Uri.EscapeDataString(token.GetProperty("access_token").GetString()!);
        _token = (await _client.SendAsync("POST", $"/rest-services/login?version=*&ttl=5&access_token={access}")).Json.GetProperty("BhRestToken").GetString()!;
    }

    private Task<SandboxReply> GetAsync(string path) => _client.GetAsync(Addressed(path));

    private Task<SandboxReply> SendAsync(string method, string path, string? json) =>
        _client.SendAsync(method, Addressed(path), json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    private string Addressed(string path) => $"{Root}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}BhRestToken={_token}";

    private async ValueTask StartAsync(BullhornOptions options, bool login = true)
    {
        if (_sandbox is not null)
        {
            await DisposeAsync();
        }
        _sandbox = await BullhornSandbox.StartAsync(options with { Time = _time }, TestContext.Current.CancellationToken);
        _client = new SandboxClient(_sandbox.BaseUrl);
        _id = _sandbox.Apply(new BullhornCandidate("Zoë", "O'Lee", "zoe@example.com"));
        if (login)
        {
            await LogInAsync();
        }
    }
}

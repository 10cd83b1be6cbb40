using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Aria;

namespace Aria.Pipelines.Tests.Sandbox.Aria;

public sealed class InterviewApiTests
{
    [Fact]
    public async Task Create_Valid_AnswersTheGuidesFourMembers()
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation);

        reply.Status.ShouldBe(201);
        string id = reply.Json.GetProperty("interview_id").GetString()!;
        id.ShouldStartWith("int_");
        reply.Body.ShouldBe($$"""{"interview_id":"{{id}}","invitation_link":"https://interview.ariahr.ai/start/{{id}}","status":"invited","expires_at":"2026-10-15T09:00:00Z"}""");
        rig.Sandbox.Interviews.ShouldHaveSingleItem().Email.ShouldBe("jane.doe@example.com");
        rig.Sandbox.InvitationsCreated.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"job_id":"j","interview_kit_id":"k"}""", "candidate", "candidate must be an object.")]
    [InlineData("""{"candidate":{"name":"J"},"job_id":"j","interview_kit_id":"k"}""", "candidate.email", "candidate.email is required.")]
    [InlineData("""{"candidate":{"name":"J","email":"jane"},"job_id":"j","interview_kit_id":"k"}""", "candidate.email", "candidate.email has no '@'.")]
    [InlineData("""{"candidate":{"name":"J","email":"a..b@example.com"},"job_id":"j","interview_kit_id":"k"}""", "candidate.email", "candidate.email has a local part that is not dot-separated atoms.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example"},"job_id":"j","interview_kit_id":"k"}""", "candidate.email", "candidate.email has a domain that is not a dotted host name.")]
    [InlineData("""{"candidate":{"name":"J","email":" a@example.com"},"job_id":"j","interview_kit_id":"k"}""", "candidate.email", "candidate.email has a local part that is not dot-separated atoms.")]
    [InlineData("""{"candidate":{"email":"a@example.com"},"job_id":"j","interview_kit_id":"k"}""", "candidate.name", "candidate.name is required.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com","phone":1},"job_id":"j","interview_kit_id":"k"}""", "candidate.phone", "candidate.phone must be a string that is not blank.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com","age":1},"job_id":"j","interview_kit_id":"k"}""", "candidate.age", "candidate.age is not known.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com"},"interview_kit_id":"k"}""", "job_id", "job_id is required.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com"},"job_id":7,"interview_kit_id":"k"}""", "job_id", "job_id must be a string that is not blank.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com"},"job_id":"j"}""", "interview_kit_id", "interview_kit_id is required.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com"},"job_id":"j","interview_kit_id":"k","send_immediately":"yes"}""", "send_immediately", "send_immediately must be true or false.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com"},"job_id":"j","interview_kit_id":"k","metadata":[]}""", "metadata", "metadata must be an object.")]
    [InlineData("""{"candidate":{"name":"J","email":"a@example.com"},"job_id":"j","interview_kit_id":"k","kit":"k"}""", "kit", "kit is not known.")]
    public async Task Create_WrongMember_Is422NamingIt(string body, string field, string message)
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await rig.Client.PostAsync("/v1/interviews", body);

        reply.Status.ShouldBe(422);
        JsonElement error = reply.Json.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("invalid_request");
        error.GetProperty("field").GetString().ShouldBe(field);
        error.GetProperty("message").GetString().ShouldBe(message);
        rig.Sandbox.InvitationsCreated.ShouldBe(0);
    }

    [Theory]
    [InlineData("jane+tag@sub.example.com")]
    [InlineData("\"jane doe\"@example.com")]
    [InlineData("zoë@exämple.com")]
    public async Task Create_UnusualButValidAddress_IsAccepted(string email)
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        await rig.InviteAsync($$"""{"candidate":{"name":"J","email":{{JsonSerializer.Serialize(email)}}},"job_id":"j","interview_kit_id":"k"}""");

        rig.Sandbox.Interviews[0].Email.ShouldBe(email);
    }

    [Theory]
    [InlineData("{", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("""{"job_id":"a","job_id":"b"}""", "application/json")]
    [InlineData("{}", "text/plain")]
    public async Task Create_Unreadable_Is400(string body, string mediaType)
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await rig.Client.SendAsync("POST", "/v1/interviews", new StringContent(body, Encoding.UTF8, mediaType));

        reply.Status.ShouldBe(400);
        reply.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("malformed_request");
    }

    [Fact]
    public async Task Keys_TwoWhileRotating_BothWorkAndOthersAre401()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { ApiKeys = ["old", "new"] });
        (await rig.Client.GetAsync("/v1/interviews")).Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("unauthorized");

        foreach (string key in (string[])["old", "new"])
        {
            rig.Client.Authorization = new("Bearer", key);
            (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(200);
        }

        rig.Client.Authorization = null;
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task IdempotencyKey_SameBody_GivesTheSameAnswerOnce()
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply first = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation, "key-1");
        SandboxReply again = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation, "key-1");
        SandboxReply other = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation.Replace("Jane Doe", "Joan Doe", StringComparison.Ordinal), "key-1");

        (again.Status, again.Body).ShouldBe((201, first.Body));
        other.Status.ShouldBe(409);
        other.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("idempotency_conflict");
        (rig.Sandbox.InvitationsCreated, rig.Sandbox.InvitationsRepeated).ShouldBe((1, 1));
    }

    [Fact]
    public async Task IdempotencyKey_OfARefusedRequest_MayBeUsedAgain()
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        (await rig.Client.PostAsync("/v1/interviews", "{}", "key-1")).Status.ShouldBe(422);
        (await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation, "key-1")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task IdempotencyKey_WithoutSupport_CreatesTwice()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { IdempotencyKeys = false });

        await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation, "key-1");
        await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation, "key-1");

        rig.Sandbox.InvitationsCreated.ShouldBe(2);
    }

    [Fact]
    public async Task Read_ResultMembers_AppearOnCompletion()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        string id = await rig.InviteAsync();
        JsonElement before = (await rig.Client.GetAsync($"/v1/interviews/{id}")).Json;
        before.GetProperty("status").GetString().ShouldBe("invited");
        before.GetProperty("metadata").GetRawText().ShouldBe("""{"source":"greenhouse"}""");
        foreach (string absent in (string[])["score", "recommendation", "transcript_url", "recording_url", "completed_at", "insights"])
        {
            before.TryGetProperty(absent, out _).ShouldBeFalse();
        }

        rig.Sandbox.Start(id);
        rig.Sandbox.Complete(id, new AriaResult(8.5m, "advance", new AriaInsights(9, 8, 7.5m)));

        JsonElement after = (await rig.Client.GetAsync($"/v1/interviews/{id}")).Json;
        after.GetProperty("status").GetString().ShouldBe("completed");
        after.GetProperty("score").GetRawText().ShouldBe("8.5");
        after.GetProperty("insights").GetRawText().ShouldBe("""{"communication_score":9,"technical_score":8,"cultural_fit_score":7.5}""");
        after.GetProperty("completed_at").GetString().ShouldBe("2026-10-01T09:00:00Z");
        (await rig.Client.GetAsync("/v1/interviews/int_nope")).Json.GetProperty("error").GetProperty("message").GetString().ShouldBe("There is no interview 'int_nope'.");
    }

    [Fact]
    public async Task Expiry_Passed_ShowsExpiredAndRefusesCompletion()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        string id = await rig.InviteAsync();
        rig.Time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        (await rig.Client.GetAsync($"/v1/interviews/{id}")).Json.GetProperty("status").GetString().ShouldBe("invited");

        rig.Time.Advance(TimeSpan.FromSeconds(1));

        JsonElement read = (await rig.Client.GetAsync($"/v1/interviews/{id}")).Json;
        read.GetProperty("status").GetString().ShouldBe("expired");
        read.GetProperty("updated_at").GetString().ShouldBe("2026-10-15T09:00:00.000Z");
        Should.Throw<InvalidOperationException>(() => rig.Sandbox.Complete(id, new AriaResult(8, "advance"))).Message.ShouldBe($"Interview '{id}' is expired already.");
    }

    [Theory]
    [InlineData("0.9", "advance")]
    [InlineData("10.1", "advance")]
    [InlineData("8.55", "advance")]
    [InlineData("8.5", "hire")]
    public async Task Complete_ImpossibleResult_IsRefused(string score, string recommendation)
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        string id = await rig.InviteAsync();

        SandboxReply reply = await rig.Client.PostAsync($"/_sandbox/interviews/{id}/complete", $$"""{"score":{{score}},"recommendation":"{{recommendation}}"}""");

        reply.Status.ShouldBe(409);
        rig.Sandbox.Interviews[0].Status.ShouldBe(AriaStatus.Invited);
    }

    [Fact]
    public async Task List_ByExternalIdAndUpdatedSince_PagesToTheEnd()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { PageSize = 2 });
        var ids = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            ids.Add(await rig.InviteAsync(AriaRig.Invitation.Replace("app-1", $"app-{i}", StringComparison.Ordinal)));
            rig.Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await rig.Client.GetAsync("/v1/interviews?external_id=app-3")).Json.GetProperty("interviews")[0].GetProperty("interview_id").GetString().ShouldBe(ids[3]);
        rig.Sandbox.NoShow(ids[0]);
        var seen = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            JsonElement page = (await rig.Client.GetAsync($"/v1/interviews?updated_since=2026-10-01T09:02:00Z{(cursor.Length > 0 ? "&cursor=" + cursor : "")}")).Json;
            seen.AddRange(page.GetProperty("interviews").EnumerateArray().Select(i => i.GetProperty("interview_id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        seen.ShouldBe([ids[2], ids[3], ids[4], ids[0]]);
        (await rig.Client.GetAsync("/v1/interviews?status=invited")).Status.ShouldBe(422);
        (await rig.Client.GetAsync("/v1/interviews?updated_since=yesterday")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task RateLimit_HoldsInEveryRollingHour()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { RateLimit = 2 });
        await rig.Client.GetAsync("/v1/interviews");
        rig.Time.Advance(TimeSpan.FromMinutes(50));
        SandboxReply second = await rig.Client.GetAsync("/v1/interviews");
        (second.Headers["X-RateLimit-Limit"], second.Headers["X-RateLimit-Remaining"]).ShouldBe(("2", "0"));

        SandboxReply refused = await rig.Client.GetAsync("/v1/interviews");

        refused.Status.ShouldBe(429);
        refused.Headers["Retry-After"].ShouldBe("600");
        refused.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("rate_limited");
        rig.Time.Advance(TimeSpan.FromMinutes(10));
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(200);
        (await rig.Client.GetAsync("/v1/interviews")).Headers["Retry-After"].ShouldBe("3000");
    }
}

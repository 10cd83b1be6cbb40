using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>The loop Greenhouse → ARIA → Greenhouse, with everything that may go wrong on the way.</summary>
public sealed class LoopTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("litedb")]
    public async Task Loop_CandidateReachesStage_ResultStandsInGreenhouse(string store)
    {
        await using Loop loop = await Loop.StartAsync(prepare: workspace => workspace.Store = store);
        long application = loop.ReachPhoneScreen();
        AriaInterview interview = await loop.InvitedAsync();
        (await loop.StatusAsync(application, "Pending")).CustomFields["aria_interview_score"].ShouldBeNull();

        loop.Aria.Complete(interview.Id, new AriaResult(8.5m, "advance"));

        GreenhouseApplicationView view = await loop.StatusAsync(application, "Completed");
        view.CustomFields["aria_interview_score"].ShouldBe(8.5m);
        view.CustomFields["aria_recommendation"].ShouldBe("Advance");
        view.CustomFields["aria_transcript_url"].ShouldBe(interview.TranscriptUrl);
        view.CustomFields["aria_recording_url"].ShouldBe(interview.RecordingUrl);
        (interview.Email, interview.Name, interview.Phone, interview.KitId).ShouldBe(("jane.doe@example.com", "Jane Doe", "+1 555 123 4567", "kit_xyz789"));
        await loop.RunAsync(RunState.Succeeded);
    }

    [Fact]
    public async Task Delivery_BadSignature_Is401AndNothingIsStored()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = Payload(loop);
        StoreCounts before = await loop.Store.CountAsync(Token);

        HttpResponseMessage forged = await loop.DeliverAsync(body, "another secret");
        HttpResponseMessage unsigned = await loop.DeliverAsync(body, null);

        forged.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        JsonNode.Parse(await forged.Content.ReadAsStringAsync(Token))!["code"]!.GetValue<string>().ShouldBe("signature_invalid");
        JsonNode.Parse(await unsigned.Content.ReadAsStringAsync(Token))!["code"]!.GetValue<string>().ShouldBe("signature_missing");
        (await loop.Store.CountAsync(Token)).Events.ShouldBe(before.Events);
    }

    [Fact]
    public async Task Delivery_FiveTimes_IsOneEventAndOneInvitation()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = Payload(loop);

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => loop.DeliverAsync(body)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        AriaInterview interview = await loop.InvitedAsync();
        loop.Aria.Complete(interview.Id, new AriaResult(5m, "maybe"), new AriaAnnouncement { Copies = 3 });
        await loop.RunAsync(RunState.Succeeded);
        (await loop.Store.ListRunsAsync(new RunQuery(null, null, 10), Token)).Count.ShouldBe(1);
        loop.Aria.InvitationsCreated.ShouldBe(1);
    }

    [Fact]
    public async Task Await_CompletionArrivesBeforeTheWait_EndsAtOnce()
    {
        await using Loop loop = await Loop.StartAsync();
        // The status write between invitation and wait is held back until the completion has been delivered.
        loop.Greenhouse.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = 3600, Method = "PATCH" });
        long application = loop.ReachPhoneScreen();
        AriaInterview interview = await loop.InvitedAsync();
        await loop.RunAsync(RunState.Ready);
        loop.Aria.Complete(interview.Id, new AriaResult(7m, "maybe"));
        await loop.Aria.WhenQuietAsync(Token);

        loop.Pass(TimeSpan.FromHours(2));

        (await loop.StatusAsync(application, "Completed")).CustomFields["aria_interview_score"].ShouldBe(7m);
        RunDetail run = await loop.RunAsync(RunState.Succeeded);
        Output(run, "wait")["outcome"]!.GetValue<string>().ShouldBe("event");
    }

    [Fact]
    public async Task Await_FourteenDaysWithoutReport_EndsAsNoShow()
    {
        await using Loop loop = await Loop.StartAsync();
        long application = loop.ReachPhoneScreen();
        await loop.InvitedAsync();
        await loop.RunAsync(RunState.Waiting);

        loop.Pass(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1));

        (await loop.StatusAsync(application, "No-show")).CustomFields["aria_interview_score"].ShouldBeNull();
        Output(await loop.RunAsync(RunState.Succeeded), "wait")["outcome"]!.GetValue<string>().ShouldBe("timeout");
    }

    [Fact]
    public async Task Outbound_AriaAnswers429_WaitsAsLongAsItSays()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.Aria.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = 1800, Method = "POST", PathPrefix = "/v1/interviews" });
        loop.ReachPhoneScreen();

        // A run is ready without a date before it is worked on for the first time.
        RunDetail waiting = await Eventually.GetAsync(
            async () => await loop.RunAsync(RunState.Ready) is { Run.DueUtc: not null } run ? run : null, "a run that waits for a date");
        DateTimeOffset due = waiting.Run.DueUtc!.Value;
        (due - loop.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromSeconds(1700), TimeSpan.FromSeconds(1801));
        loop.Pass(TimeSpan.FromSeconds(1200));
        loop.Aria.InvitationsCreated.ShouldBe(0);
        loop.Pass(TimeSpan.FromSeconds(700));

        await loop.InvitedAsync();
        DateTimeOffset[] sent = [.. loop.Aria.Requests.Entries.Where(r => r.Method == "POST").Select(r => r.At)];
        sent.Length.ShouldBe(2);
        (sent[1] - sent[0]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1800));
    }

    [Fact]
    public async Task Outbound_TokenExpiresWithinARun_IsRefreshedOnce()
    {
        await using Loop loop = await Loop.StartAsync();
        long application = loop.ReachPhoneScreen();
        AriaInterview interview = await loop.InvitedAsync();
        await loop.StatusAsync(application, "Pending");
        await loop.RunAsync(RunState.Waiting);
        int before = loop.Greenhouse.State.Counts.TokensIssued;

        loop.Pass(TimeSpan.FromHours(3));
        loop.Aria.Complete(interview.Id, new AriaResult(9m, "advance"));

        await loop.StatusAsync(application, "Completed");
        before.ShouldBe(1);
        loop.Greenhouse.State.Counts.TokensIssued.ShouldBe(2);
    }

    [Fact]
    public async Task Write_OptionMissingInGreenhouse_StopsTheRunNamingFieldAndOption()
    {
        GreenhouseFieldSeed[] fields = [.. GreenhouseSeeds.Fields.Select(f => f.NameKey == "aria_recommendation" ? f with { Options = ["Advance", "Pass"] } : f)];
        await using Loop loop = await Loop.StartAsync(new GreenhouseOptions { Fields = fields });
        long application = loop.ReachPhoneScreen();
        AriaInterview interview = await loop.InvitedAsync();
        await loop.StatusAsync(application, "Pending");

        loop.Aria.Complete(interview.Id, new AriaResult(6m, "maybe"));

        RunDetail run = await loop.RunAsync(RunState.Dead);
        run.Run.Code.ShouldBe("option_missing");
        string diagnostic = Encoding.UTF8.GetString(run.Diagnostic!);
        diagnostic.ShouldContain("aria_recommendation");
        diagnostic.ShouldContain("Maybe");
        loop.Greenhouse.State.Application(application).CustomFields["aria_interview_status"].ShouldBe("Pending");
        loop.Greenhouse.State.Notes.Count(n => n.ApplicationId == application).ShouldBe(1);
    }

    [Fact]
    public async Task Name_WithQuotesNewlinesAndBraces_ChangesNothingButTheName()
    {
        await using Loop loop = await Loop.StartAsync();
        long plain = loop.ReachPhoneScreen("Plain", "Name", "one@example.com");
        AriaInterview first = await loop.InvitedAsync();
        const string First = "Rob\"ert'); {{ 7 * 7 }} ${secret:aria-api-key}";
        const string Last = "O'Neil\n\\u0041 </script> \u202e{{ event.job.id }}";
        long odd = loop.ReachPhoneScreen(First, Last, "two@example.com");

        AriaInterview second = (await loop.Aria.WhenAsync(interviews => interviews.Count == 2, Token))[^1];

        second.Name.ShouldBe($"{First} {Last}");
        (second with { Id = first.Id, Name = first.Name, Email = first.Email, ExternalId = first.ExternalId, Metadata = first.Metadata, CreatedAt = first.CreatedAt, ExpiresAt = first.ExpiresAt, UpdatedAt = first.UpdatedAt }).ShouldBe(first);
        JsonNode.Parse(second.Metadata!)!["application_id"]!.GetValue<string>().ShouldBe(odd.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await loop.StatusAsync(plain, "Pending")).CustomFields.ShouldBe((await loop.StatusAsync(odd, "Pending")).CustomFields);
    }

    [Fact]
    public async Task Invite_AddressIsNotAnEmail_SaysWhatIsWrongAndLeavesANote()
    {
        await using Loop loop = await Loop.StartAsync();
        long application = loop.ReachPhoneScreen(email: "jane.doe.example.com");

        RunDetail run = await loop.RunAsync(RunState.Dead);

        run.Run.Code.ShouldBe("input_invalid");
        string diagnostic = Encoding.UTF8.GetString(run.Diagnostic!);
        diagnostic.ShouldContain("candidate.email");
        diagnostic.ShouldContain("@");
        diagnostic.ShouldNotContain("jane.doe.example.com", Case.Insensitive, "findings name members, never values");
        loop.Greenhouse.State.Notes.ShouldHaveSingleItem().ApplicationId.ShouldBe(application);
        loop.Aria.InvitationsCreated.ShouldBe(0);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JsonNode Output(RunDetail run, string step) => JsonNode.Parse(run.Steps.Single(s => s.Path == step).Output!)!;

    /// <summary>A stage change as the sandbox would send it, taken from a delivery it made.</summary>
    private static byte[] Payload(Loop loop)
    {
        long id = loop.Greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com"));
        return Encoding.UTF8.GetBytes($$$$"""
            {"action":"candidate_stage_change","payload":{"application":{"id":{{{{id}}}},"status":"active","applied_at":"2026-11-01T09:00:00Z",
             "current_stage":{"id":405631001,"name":"Phone Screen"},"candidate":{"id":1,"first_name":"Jane","last_name":"Doe",
             "email_addresses":[{"value":"jane.doe@example.com","type":"personal"}],"phone_numbers":[]},"jobs":[{"id":4056310,"name":"Backend Engineer"}]}}}
            """);
    }
}

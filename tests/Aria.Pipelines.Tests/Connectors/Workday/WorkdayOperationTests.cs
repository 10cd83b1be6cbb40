using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Workday;

namespace Aria.Pipelines.Tests.Connectors.Workday;

/// <summary>Every operation of the Workday connector against the stand-in, which holds each envelope against the schema.</summary>
public sealed class WorkdayOperationTests
{
    private const string Version26 = """{"version":"v26.1","assessedBy":"21001"}""";

    [Theory]
    [InlineData("{}", "Assess Candidate")]
    [InlineData("""{"version":"v26.1"}""", "Assess Candidate")]
    [InlineData("""{"stageNames":{"ASSESS_CANDIDATE":"Phone Screen"}}""", "Phone Screen")]
    [InlineData("""{"descriptors":false}""", "ASSESS_CANDIDATE")]
    public async Task ApplicationGet_ByBothIdsOrItsOwn_Complete(string settings, string stage)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        string id = account.Assessed();
        foreach (string asked in new[] { id, id.Split(':')[1] })
        {
            JsonElement output = (await account.PerformAsync(account.Connect(settings), "application.get", new { application_id = asked })).Output!.Value;
            output.GetProperty("application").GetProperty("id").GetString().ShouldBe(id);
            output.GetProperty("application").GetProperty("stage").GetRawText().ShouldBe($$"""{"id":"ASSESS_CANDIDATE","name":"{{stage}}"}""");
            output.GetProperty("candidate").GetProperty("email_canonical").GetString().ShouldBe("zoe@example.com");
            output.GetProperty("candidate").GetProperty("name").GetString().ShouldBe("Zoë Lee");
            output.GetProperty("job").GetProperty("id").GetString().ShouldBe(WorkdaySeeds.EngineerRequisition);
        }
    }

    [Fact]
    public async Task ApplicationGet_WorkdayIds_WhereTheConnectionWantsThem()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect("""{"idTypes":{"candidate":"WID","application":"WID","step":"WID"}}""");
        JsonElement first = (await account.PerformAsync(account.Connect(), "application.get", new { application_id = account.Assessed() })).Output!.Value;
        JsonElement event1 = (await account.PollAsync(connection, "application.stage_changed", account.Rig.Time.GetUtcNow().AddMinutes(-1))).ShouldHaveSingleItem();
        string id = event1.GetProperty("application_id").GetString()!;
        id.ShouldMatch("^[0-9a-f]{32}:[0-9a-f]{32}$");
        JsonElement output = (await account.PerformAsync(connection, "application.get", new { application_id = id })).Output!.Value;
        output.GetProperty("candidate").GetProperty("email").GetRawText().ShouldBe(first.GetProperty("candidate").GetProperty("email").GetRawText());
        output.GetProperty("application").GetProperty("stage").GetProperty("id").GetString()!.ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task ApplicationGet_Unknown_SaysSo()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Preparation prepared = await account.PrepareAsync(account.Connect(), "application.get", new { application_id = "C99999:JOB_APPLICATION-3-9" });
        prepared.Problem.ShouldNotBeNull().ToString().ShouldStartWith("error application_not_found: Workday shows no job application 'C99999:JOB_APPLICATION-3-9'");
    }

    [Theory]
    [InlineData("{}", "https://t.example/1", "ARIA_MAYBE")]
    [InlineData("""{"resultsUrl":"recording_url"}""", "https://r.example/1", "ARIA_MAYBE")]
    [InlineData("""{"resultsUrl":"none","testStatuses":{"maybe":null}}""", null, null)]
    [InlineData(Version26, null, "ARIA_MAYBE")]
    public async Task InterviewWrite_PendingThenResult_OneAssessmentThatHoldsAllOfIt(string settings, string? url, string? verdict)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        string id = account.Assessed();
        await account.PerformAsync(account.Connect(settings), "interview.write", new { application_id = id, status = "pending" });
        await account.PerformAsync(account.Connect(settings), "interview.write",
            new { application_id = id, status = "completed", score = 8.46, recommendation = "maybe", transcript_url = "https://t.example/1", recording_url = "https://r.example/1" });
        WorkdayAssessmentView held = Own(account, id);
        (held.Id, held.Status).ShouldBe(($"ARIA-{id.Split(':')[1]}", "ARIA_COMPLETED"));
        held.Comment.ShouldBe("Status: completed\nScore: 8.46\nRecommendation: maybe\nTranscript: https://t.example/1\nRecording: https://r.example/1");
        WorkdayTestResult test = held.Tests.ShouldHaveSingleItem();
        (test.Test, test.Score, test.Status, test.Date, test.ResultsUrl).ShouldBe(("ARIA_INTERVIEW", 85, verdict, "2026-01-06", url));
        (account.Sandbox.State.Counts.AssessmentsCreated, account.Sandbox.State.Counts.AssessmentsModified).ShouldBe((1, 1));
    }

    [Fact]
    public async Task InterviewWrite_WhatIsAbsent_StaysAsItIs()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        string id = account.Assessed();
        await account.PerformAsync(account.Connect(), "interview.write", new { application_id = id, status = "completed", score = 7, recommendation = "advance" });
        await account.PerformAsync(account.Connect(), "interview.write", new { application_id = id, transcript_url = "https://t.example/2" });
        WorkdayAssessmentView held = Own(account, id);
        held.Comment.ShouldBe("Status: completed\nScore: 7\nRecommendation: advance\nTranscript: https://t.example/2");
        (held.Tests[0].Score, held.Tests[0].Status, held.Tests[0].ResultsUrl).ShouldBe((70, "ARIA_ADVANCE", "https://t.example/2"));
    }

    [Theory]
    [InlineData("{}", 8.45, 85)]
    [InlineData("""{"scoreRounding":"down"}""", 8.49, 84)]
    [InlineData("""{"scoreRounding":"up"}""", 8.41, 85)]
    [InlineData("""{"scoreRounding":"down"}""", 8.3, 83)]
    [InlineData("""{"scoreFactor":1}""", 8.5, 9)]
    [InlineData("""{"scoreFactor":1,"scoreRounding":"down"}""", 8.5, 8)]
    [InlineData("{}", 0, 0)]
    [InlineData("{}", 10, 100)]
    public async Task InterviewWrite_Score_IsAWholeNumberAsTheConnectionRounds(string settings, double score, int whole)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        string id = account.Assessed();
        await account.PerformAsync(account.Connect(settings), "interview.write", new { application_id = id, score });
        Own(account, id).Tests[0].Score.ShouldBe(whole);
    }

    [Fact]
    public async Task InterviewWrite_OutsideOfTheStep_RefusedInWorkdaysWords()
    {
        foreach (int status in new[] { 500, 400, 200 })
        {
            await using WorkdayAccount account = await WorkdayAccount.StartAsync(new WorkdayOptions { FaultStatus = status });
            string id = account.Sandbox.Apply(new WorkdayPerson("A", "B", null, "1"));
            var input = new { application_id = $"C00001:{id}", status = "pending" };
            byte[] frozen = await account.FreezeAsync(account.Connect(), "interview.write", input);
            OperationAnswer answer = await account.SendAsync(account.Connect(), "interview.write", input, frozen);
            (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Rejected, "remote_rejected"), $"with status {status}");
            answer.Message.ShouldBe("Validation error occurred. The Candidate was never in the Assessment Business Process to add or update a Candidate Assessment.");
        }
    }

    [Theory]
    [InlineData("""{"version":"v26.1"}""", "error assessor_missing: Workday v26.1 wants to know who assessed: name a worker in settings.assessedBy.")]
    [InlineData("""{"statuses":{"pending":null}}""", "error status_missing: settings.statuses names no Assessment_Status_ID for 'pending'.")]
    public async Task InterviewWrite_SettingsThatCannotWork_SaidBeforeAnythingIsSent(string settings, string problem)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Preparation prepared = await account.PrepareAsync(account.Connect(settings), "interview.write", new { application_id = account.Assessed(), status = "pending" });
        prepared.Problem.ShouldNotBeNull().ToString().ShouldBe(problem);
        account.Sandbox.State.Counts.AssessmentsCreated.ShouldBe(0);
    }

    [Fact]
    public async Task InterviewWrite_AnswerLost_FoundByItsOwnId()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect();
        var input = new { application_id = account.Assessed(), status = "completed", score = 9.1 };
        await account.PerformAsync(connection, "interview.write", new { input.application_id, status = "completed", score = 5 });
        byte[] frozen = await account.FreezeAsync(connection, "interview.write", input);
        (await account.LookUpAsync(connection, "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound, "it holds another score");
        account.Sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await account.SendAsync(connection, "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        OperationAnswer found = await account.LookUpAsync(connection, "interview.write", input, frozen);
        (found.Outcome, found.Reference).ShouldBe((OperationOutcome.Confirmed, Own(account, input.application_id).Id));
        // The same bytes again, as the class idempotent would send them: it is changed into what it is.
        (await account.SendAsync(account.Connect("""{"assessmentEffect":"idempotent"}"""), "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        account.Sandbox.State.Counts.AssessmentsCreated.ShouldBe(1);
    }

    [Fact]
    public async Task StageMove_ToTheNextStep_OnceAndFoundAgain()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect();
        string id = account.Assessed();
        var input = new { application_id = id, stage_id = "INTERVIEW" };
        byte[] frozen = await account.FreezeAsync(connection, "stage.move", input);
        (await account.LookUpAsync(connection, "stage.move", input, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        account.Sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await account.SendAsync(connection, "stage.move", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await account.LookUpAsync(connection, "stage.move", input, frozen)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        account.Sandbox.State.Moves[^1].ShouldBe(new WorkdayMoveView(id.Split(':')[1], "ASSESS_CANDIDATE", "INTERVIEW", true));
        var far = new { application_id = id, stage_id = "REVIEW" };
        OperationAnswer refused = await account.SendAsync(connection, "stage.move", far, await account.FreezeAsync(connection, "stage.move", far));
        refused.Message.ShouldBe("Validation error occurred. The next step or disposition chosen is invalid for the job application process.");
    }

    [Theory]
    [InlineData("Needs attention: see run 7")]
    [InlineData("</wd:Comment><wd:Evil/> & \"quotes\" ]]> <!-- -->\r\nsecond line\ttab 小龙 😀")]
    public async Task NoteAdd_AnyText_IsAFileWithExactlyThatText(string text)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect();
        var input = new { application_id = account.Assessed(), text };
        byte[] frozen = await account.FreezeAsync(connection, "note.add", input);
        (await account.LookUpAsync(connection, "note.add", input, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        account.Sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await account.SendAsync(connection, "note.add", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await account.LookUpAsync(connection, "note.add", input, frozen)).Reference.ShouldBe("ARIA-key-1");
        (await account.SendAsync(connection, "note.add", input, frozen)).Outcome.ShouldBe(OperationOutcome.Rejected, "it is only added");
        account.Sandbox.State.Attachments.ShouldHaveSingleItem().Content.ShouldBe(text);
    }

    [Fact]
    public async Task Operations_PlannedOffline_NeedNoNetworkAndNoSecrets()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        foreach (ConnectorOperation operation in WorkdayAccount.Connector.Operations.Values)
        {
            JsonObject input = new() { ["application_id"] = "C00001:JOB_APPLICATION-3-1" };
            input[operation.Name switch { "interview.write" => "status", "stage.move" => "stage_id", "note.add" => "text", _ => "application_id" }] =
                operation.Name switch { "interview.write" => "completed", "application.get" => "C00001:JOB_APPLICATION-3-1", _ => "x" };
            Preparation plan = account.Rig.Client.PrepareOffline(account.Connect(), operation, JsonSerializer.SerializeToElement(input), "key-1");
            plan.Problem.ShouldBeNull(operation.Name);
        }
        account.Sandbox.Requests.Count.ShouldBe(0);
    }

    private static WorkdayAssessmentView Own(WorkdayAccount account, string id) => account.Sandbox.State.Application(id.Split(':')[1]).Assessments.Single(a => !a.Started);
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class CaseSuiteTests
{
    private const string Moved = """
        { "from": "ats", "sample": "application.stage_changed",
          "merge": { "payload": { "application": { "current_stage": { "name": "Phone Screen" }, "jobs": [{ "id": 4056310, "name": "Engineer" }] } } } }
        """;

    [Fact]
    public async Task Shipped_Cases_AllPass()
    {
        using var workspace = CaseWorkspace.OfRepository();

        SuiteResult result = await workspace.PlayAsync();

        result.Cases.Where(c => !c.Passed).SelectMany(c => c.Explanation.Select(e => $"{c.Name}: {e}")).ShouldBeEmpty();
        result.Cases.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Shipped_Cases_ReachEverythingInTheirPipelines()
    {
        using var workspace = CaseWorkspace.OfRepository();

        SuiteResult result = await workspace.PlayAsync();

        result.Coverage.Select(c => c.Pipeline).ShouldBe(["invite-by-application", "invite-by-stage"]);
        result.Coverage.SelectMany(c => c.Missing).ShouldBeEmpty();
    }

    [Fact]
    public async Task Mapping_Changed_IsShownAtTheMemberOfTheRequest()
    {
        using CaseWorkspace workspace = CaseWorkspace.Copy();
        File.Copy(Path.Combine(Connectors.Plugins.Root, "pipelines/invite-by-stage/cases/completed.json"), workspace.PathOf("cases/completed.json"));
        workspace.Replace("result.js", "'completed' : 'no_show'", "'no_show' : 'completed'");
        workspace.Replace("invitation.json", "\"job_id\": \"{{ event.job.id }}\"", "\"job_id\": \"{{ event.job.id }}x\"");

        CaseResult result = (await workspace.PlayAsync()).Cases.ShouldHaveSingleItem();

        result.Passed.ShouldBeFalse();
        result.Explanation.ShouldBe(
        [
            "requests[0].body.job_id: expected \"4056310\", actual \"4056310x\"",
            "requests[3].body.custom_fields[0].value: expected 12, actual 13",
        ]);
    }

    [Fact]
    public async Task Run_ThatEndedOtherwise_SaysWithWhat()
    {
        CaseResult result = await CaseWorkspace.PlayAsync(
            $$"""{ "event": {{Moved}}, "answers": [{ "to": "aria POST /interviews", "status": 422, "body": { "error": { "message": "Unknown interview kit" } } }], "expect": { "state": "succeeded" } }""");

        result.Explanation.Last().ShouldBe("the run ended with: error remote_rejected: 'aria' refused 'interview.create' with status 422: Unknown interview kit");
    }

    [Fact]
    public async Task Run_WithoutTheAwaitedEvent_StaysWaiting()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""{ "event": {{Moved}}, "then": [{ "after": "13d" }], "expect": { "state": "succeeded" } }""");

        result.Differences.Select(d => d.ToString()).ShouldContain("state: expected \"succeeded\", actual \"waiting\"");
    }

    [Fact]
    public async Task Deadline_Passed_EndsTheWaitAtOnce()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""
            { "event": {{Moved}}, "then": [{ "after": "13d" }, { "after": "1d" }], "expect": { "state": "waiting", "steps": { "wait": { "output": { "outcome": "event" } } } } }
            """);

        result.Differences.Select(d => d.ToString()).ShouldContain("state: expected \"waiting\", actual \"succeeded\"");
        result.Differences.Select(d => d.ToString()).ShouldContain("steps.wait.output.outcome: expected \"event\", actual \"timeout\"");
    }

    [Fact]
    public async Task Answer_LostAndNotSearchedFor_IsAProblemThatSaysWhatToAdd()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""{ "event": {{Moved}}, "answers": [{ "to": "aria POST /interviews", "lost": true }], "expect": { "state": "dead" } }""");

        result.CanRenew.ShouldBeFalse();
        result.Problems[0].ShouldBe(
            "'aria GET /interviews?external_id=<effect:invite>' was requested, and neither the case nor a sample of the connector answers it. Add an answer \"to\": \"aria GET /interviews?external_id=<effect:invite>\".");
    }

    /// <summary>What a recruiter's click reads first: the sample of the connector, what the case says it gives, or what an answer of the case makes of it.</summary>
    [Theory]
    [InlineData("", "Giuseppe Hurley")]
    [InlineData("""{ "to": "ats GET /candidates", "times": "any", "read": "candidate", "value": { "id": 1, "first_name": "Given", "last_name": "Directly", "email_addresses": [{ "value": "a@example.com" }] } },""", "Given Directly")]
    [InlineData("""{ "to": "ats GET /candidates", "times": "any", "read": "another", "value": { "id": 1, "first_name": "Given", "last_name": "Directly", "email_addresses": [{ "value": "a@example.com" }] } },""", "Giuseppe Hurley")]
    [InlineData("""{ "to": "ats GET /candidates", "times": "any", "body": [{ "id": 1, "first_name": "Made", "last_name": "Byvalue", "email_addresses": [{ "value": "a@example.com" }] }] },""", "Made Byvalue")]
    public async Task Read_ThatTheCaseDoesNotAnswer_GivesItsSample(string answer, string candidate)
    {
        CaseResult result = await CaseWorkspace.PlayAsync(
            $$"""
            { "event": { "manual": "71980812" },
              "answers": [{{answer}} { "to": "ats GET /applications", "times": "any", "value": { "id": 71980812, "candidate_id": 1, "job_id": 4056310, "status": "in_process" } }],
              "expect": { "state": "waiting" } }
            """);

        result.Problems.ShouldBeEmpty();
        result.Renewed!.ToJsonString().ShouldContain(candidate);
    }

    [Fact]
    public async Task Answer_NeverAskedFor_IsAProblem()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""
            { "event": {{Moved}},
              "answers": [{ "to": "aria POST /interview" }, { "to": "ats GET /custom_fields", "times": "any", "body": [] }], "expect": { "state": "dead" } }
            """);

        result.Problems.ShouldBe(["The answer to 'aria POST /interview' at line 3 was never asked for. Remove it, or correct its 'to'."]);
    }

    [Fact]
    public async Task Answer_ThatLimitsForever_EndsTheCaseWithAProblem()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""{ "event": {{Moved}}, "answers": [{ "to": "aria POST /interviews", "status": 429, "times": "any" }], "expect": { "state": "dead" } }""");

        result.Problems.ShouldBe(["The run did not come to rest in 1000 rounds: it is tried again and again. Give fewer 'times' to an answer, or the step a retry that ends."]);
    }

    [Theory]
    [InlineData("""{ "from": "at", "sample": "application.created" }""", "pipelines/invite-by-stage/cases/one.json(1,22): 'at' is not one of the pipeline's connections. Did you mean 'ats'? Known: ats, aria.")]
    [InlineData("""{ "from": "aria", "sample": "interview.complete" }""", "pipelines/invite-by-stage/cases/one.json(1,40): Connector 'aria' has no sample of an event 'interview.complete'. Did you mean 'interview.completed'? Known: interview.invited, interview.started, interview.completed, interview.no_show.")]
    public async Task Event_ThatCannotBeMade_IsAProblemWithTheNearestName(string source, string expected)
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""{ "event": {{source}}, "expect": { "state": "unmatched" } }""");

        result.Problems.ShouldBe([expected]);
    }

    [Fact]
    public async Task Event_ThatStartsNothing_IsUnmatched()
    {
        CaseResult result = await CaseWorkspace.PlayAsync("""{ "event": { "from": "ats", "sample": "application.hired" }, "expect": { "state": "unmatched" } }""");

        result.Explanation.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_DeliveredAgain_IsADuplicate()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""{ "given": [{ "event": {{Moved}} }], "event": {{Moved}}, "expect": { "state": "duplicate" } }""");

        result.Explanation.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_FromAFile_IsDeliveredByteForByte()
    {
        using CaseWorkspace workspace = CaseWorkspace.Copy();
        Directory.CreateDirectory(workspace.PathOf("cases/events"));
        File.WriteAllText(workspace.PathOf("cases/events/broken.json"), "{\"action\": \"candidate_stage_change\",");
        workspace.With("one", """{ "event": { "from": "ats", "file": "events/broken.json" }, "expect": { "state": "quarantined" } }""");

        (await workspace.PlayAsync()).Cases.ShouldHaveSingleItem().Explanation.ShouldBeEmpty();
    }

    [Fact]
    public async Task Renew_FailingCase_RewritesNothingButItsExpectation()
    {
        using CaseWorkspace workspace = CaseWorkspace.Copy();
        string before = $$"""
            {
                "description":   "laid out by hand",
                "event": {{Moved}},
                "expect": { "state": "dead", "code": "never", "steps": { "invite": { "status": "failed" } } },
                "then": [   { "after": "14d" } ]
            }
            """;
        workspace.With("one", before);

        SuiteResult again = await workspace.WithSuiteAsync(async suite =>
        {
            suite.Renew(await suite.RunAsync([], TestContext.Current.CancellationToken)).Select(c => c.Name).ShouldBe(["one"]);
            return await suite.RunAsync([], TestContext.Current.CancellationToken);
        });

        again.Failed.ShouldBe(0);
        string after = File.ReadAllText(workspace.PathOf("cases/one.json"));
        int at = before.IndexOf("{ \"state\"", StringComparison.Ordinal);
        after[..at].ShouldBe(before[..at]);
        after.ShouldEndWith(before[before.IndexOf(",\n    \"then\"", StringComparison.Ordinal)..]);
        JsonNode expect = JsonNode.Parse(after)!["expect"]!;
        expect.AsObject().Select(m => m.Key).ShouldBe(["state", "requests", "steps"]);
        expect["steps"]!.ToJsonString().ShouldBe("""{"invite":{"status":"succeeded"}}""");
    }

    [Fact]
    public async Task Case_WithoutExpectation_FailsAndSaysHowItIsWritten()
    {
        CaseResult result = await CaseWorkspace.PlayAsync($$"""{ "event": {{Moved}} }""");

        result.CanRenew.ShouldBeTrue();
        result.Explanation.ShouldBe(["It has no 'expect'. 'aria test --update' writes what happens now; read it before you keep it."]);
    }

    [Fact]
    public async Task Coverage_OfOneCase_NamesWhatItDoesNotReach()
    {
        using CaseWorkspace workspace = CaseWorkspace.Copy();
        workspace.With("one", """{ "event": { "from": "ats", "sample": "application.stage_changed" }, "expect": { "state": "skipped", "code": "when" } }""");

        SuiteResult result = await workspace.PlayAsync();

        result.Failed.ShouldBe(0);
        PipelineCoverage coverage = result.Coverage.ShouldHaveSingleItem();
        coverage.All.Where(coverage.Reached.Contains).Select(p => p.Name).ShouldBe(["trigger ats.application.stage_changed when", "trigger ats.application.stage_changed when: false"], ignoreOrder: true);
        coverage.Of(CoverageKind.Step).ShouldBe((0, 6));
        coverage.Missing.Select(p => p.Name).ShouldContain("wait: timeout");
        coverage.Missing.Select(p => p.Name).ShouldContain("invite.once: taken before");
    }

    [Fact]
    public async Task Selection_OfOneCase_PlaysNoOther()
    {
        using var workspace = CaseWorkspace.OfRepository();

        SuiteResult result = await workspace.PlayAsync(new CaseSelection("invite-by-stage", "manual"));

        result.Cases.Select(c => c.Name).ShouldBe(["manual"]);
        result.Coverage.ShouldBeEmpty("one case alone says nothing about how much all of them reach");
    }
}

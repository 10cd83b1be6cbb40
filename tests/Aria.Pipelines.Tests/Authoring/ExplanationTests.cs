using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Explanation;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Tests.Authoring;

public sealed class ExplanationTests
{
    [Fact]
    public void Text_OfAShippedPipeline_SaysWhatStartsItAndWhatEachStepDoes()
    {
        string text = ExplanationText.Write(Explain("invite-by-stage"));

        text.ShouldStartWith("invite-by-stage\nInvite candidates who reach Phone Screen, or whom a recruiter picks; write the result back\nDefinition ");
        text.ShouldContain("ats = connection 'greenhouse' of Greenhouse 1.0.0, aria = connection 'aria' of ARIA 1.0.0\n");
        text.ShouldContain("""
              when ats.application.stage_changed comes in. An application reached another stage. Greenhouse does not say which one it left.
                only if: event.application.stage?.name === 'Phone Screen'
              when a person asks for it: aria send invite-by-stage <id>. The rest is read with ats.application.get by application_id.
              In every case only where event.job.requisition_id ?? event.job.id is 4056310 or 4056311; other events end as skipped.
            """);
        text.ShouldContain("""
              1. invite: aria.interview.create (ARIA 1.0.0). Invites a candidate to an interview.
                 input: invitation.json
                 once: {{ event.candidate.email_canonical }} + {{ event.job.id }}, for 30 days, scope 'interview'; otherwise skipped
                 effect lookup: when an outcome is unknown, the change is looked for by its marker, then confirmed, or sent again when it is not there
                 tries: up to 9, the second after 10 seconds, then doubling up to 1 hour; a definite refusal is not tried again
            """);
        text.ShouldContain("""
              3. wait: waits, parked, until aria.interview.completed or aria.interview.no_show
                 where interview_id is {{ steps.invite.output.interview_id }}
                 for at most 14 days; then the run goes on, with outcome "timeout"
            """);
        text.ShouldContain("When a failure ends the run, first\n  1. failed: ats.note.add (Greenhouse 1.0.0).");
    }

    [Fact]
    public void Text_EffectClassFromASetting_IsTheOneOfThisConnection()
    {
        string pipeline = """
            {
              "connections": { "aria": "aria" }, "enabled": false,
              "triggers": [ { "on": "aria.interview.no_show" } ],
              "steps": [
                {
                  "id": "again", "when": "event.raw !== null", "action": "aria.interview.create", "with": { "job_id": "1", "interview_kit_id": "k", "candidate": { "$js": "event.raw.candidate" } },
                  "retry": { "max": 1 }, "timeout": "5s", "onFailure": [ { "id": "note", "map": { "$js": "1 + 1" } } ]
                },
                { "id": "get", "action": "aria.interview.get", "with": { "interview_id": "1" }, "onFailure": "continue" }
              ]
            }
            """;

        string text = ExplanationText.Write(Explain(pipeline, """{ "connector": "aria", "settings": { "apiKey": "${secret:a}", "webhookSecret": "${secret:b}", "creation": "keyed" } }"""));

        text.ShouldBe("""
            mine (disabled: no new runs start, parked ones finish)
            Definition HASH; aria = connection 'aria' of ARIA 1.0.0

            A run starts
              when aria.interview.no_show comes in. The candidate did not come.

            Steps
              1. again: aria.interview.create (ARIA 1.0.0). Invites a candidate to an interview.
                 only if: event.raw !== null
                 input: job_id = 1, interview_kit_id = k, candidate = event.raw.candidate
                 effect keyed: when an outcome is unknown, the same request is sent again with the same key in 'Idempotency-Key', which holds for 1 day
                 tries: one only
                 each try takes at most 5 seconds
                 on failure, before the run ends
                   1. note: makes JSON from 1 + 1
              2. get: aria.interview.get (ARIA 1.0.0). Reads the state and result of an interview.
                 input: interview_id = 1
                 effect read: when an outcome is unknown, it is repeated; it changes nothing
                 tries: up to 9, the second after 10 seconds, then doubling up to 1 hour; a definite refusal is not tried again
                 on failure: recorded, and the run goes on

            When a failure ends the run, nothing more is done.

            """.Replace("HASH", text.Split("Definition ")[1][..8], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("review", "effect unsafe: when an outcome is unknown, nothing is sent again by itself: the run is shown for review and a person decides")]
    [InlineData("sendAgain", "effect at_least_once: when an outcome is unknown, the same request is sent again, and what it does may be done twice")]
    public void Text_OfAnUnsafeStep_SaysWhatItsAuthorDecided(string onUnknown, string expected)
    {
        string pipeline = $$$"""
            {
              "connections": { "ats": "bamboohr" }, "triggers": [ { "on": "ats.application.created" } ],
              "steps": [ { "id": "note", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": "Hello" }, "onUnknown": "{{{onUnknown}}}" } ]
            }
            """;

        ExplanationText.Write(Explain(pipeline, File.ReadAllText(Path.Combine(Connectors.Plugins.Root, "pipelines", "connections", "bamboohr.json")))).ShouldContain(expected);
    }

    [Fact]
    public void Diagram_OfAShippedPipeline_IsAMermaidFlowchart()
    {
        ExplanationDiagram.Write(Explain("invite-by-stage")).ShouldBe("""
            flowchart TD
              t1(["ats.application.stage_changed<br/>if event.application.stage?.name === 'Phone Screen'"]) --> rollout
              t2(["aria send invite-by-stage<br/>ats.application.get by application_id"]) --> rollout
              rollout{"event.job.requisition_id ?? event.job.id<br/>is 4056310 or 4056311?"} -->|yes| s1
              rollout -->|no| skipped([skipped])
              subgraph steps [" "]
                s1["invite: aria.interview.create<br/>ARIA 1.0.0, lookup"]
                s2["pending: ats.interview.write<br/>Greenhouse 1.0.0, idempotent"]
                s1 --> s2
                s3{{"wait: waits for<br/>aria.interview.completed, aria.interview.no_show<br/>at most 14 days"}}
                s2 --> s3
                s4["details: aria.interview.get<br/>ARIA 1.0.0, read"]
                s3 -->|14 days at most| s4
                s5["write: ats.interview.write<br/>Greenhouse 1.0.0, idempotent"]
                s4 --> s5
              end
              s5 --> succeeded([succeeded])
              steps -.->|a failure| f1
              f1["failed: ats.note.add<br/>Greenhouse 1.0.0, lookup"]
              f1 --> failed([failed])

            """);
    }

    [Fact]
    public void Diagram_TextThatMermaidWouldRead_IsEscaped()
    {
        string pipeline = """
            {
              "connections": { "aria": "aria" },
              "triggers": [ { "on": "aria.interview.no_show", "when": "event.raw.a < 1 && event.raw.b === \"x\" && '#'" } ],
              "steps": [ { "id": "a", "map": 1 } ]
            }
            """;

        ExplanationDiagram.Write(Explain(pipeline, """{ "connector": "aria", "settings": { "apiKey": "${secret:a}", "webhookSecret": "${secret:b}" } }"""))
            .ShouldContain("""t1(["aria.interview.no_show<br/>if event.raw.a #lt; 1 && event.raw.b === #quot;x#quot; && '#35;'"]) --> s1""");
    }

    [Fact]
    public void Json_OfAnExplanation_HasTheResolvedVersions()
    {
        JsonElement json = JsonSerializer.SerializeToElement(Explain("invite-by-application"), ExplanationJson.Default.PipelineExplanation);

        json.GetProperty("connections")[0].GetProperty("version").GetString().ShouldBe("1.0.0");
        json.GetProperty("steps")[2].GetProperty("onTimeout").GetString().ShouldBe("continue");
        json.GetProperty("steps")[0].GetProperty("effect").GetString().ShouldBe("lookup");
    }

    private static PipelineExplanation Explain(string id)
    {
        (Pipeline pipeline, DefinitionBundle bundle) = Shipped.Workspace.Pipelines.Single(p => p.Pipeline.Id == id);
        return PipelineExplainer.Explain(pipeline, bundle);
    }

    private static PipelineExplanation Explain(string pipeline, string connection)
    {
        using var folder = new TemporaryWorkspace();
        folder.Write($"connections/{JsonElement.Parse(connection).GetProperty("connector").GetString()}.json", connection);
        folder.Write("mine/pipeline.json", pipeline);
        Workspace workspace = folder.Compile();
        workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error).Select(f => f.ToString()).ShouldBeEmpty();
        (Pipeline compiled, DefinitionBundle bundle) = workspace.Pipelines.ShouldHaveSingleItem();
        return PipelineExplainer.Explain(compiled, bundle);
    }
}

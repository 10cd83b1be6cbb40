using System.Text.Json.Nodes;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;
using Aria.Pipelines.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Tests.Testing;

public sealed class CaseRecorderTests
{
    private const string Real = """
        { "event": { "from": "ats", "sample": "application.stage_changed",
            "merge": { "payload": { "application": {
              "current_stage": { "name": "Phone Screen" }, "jobs": [{ "id": 4056310, "name": "Engineer" }],
              "candidate": { "first_name": "Zoë", "last_name": "Quartz", "phone_numbers": [{ "value": "+44 20 7946 0958", "type": "mobile" }],
                "email_addresses": [{ "value": "Zoe.Quartz@mail.example", "type": "personal" }] } } } } },
          "answers": [
            { "to": "aria POST /interviews", "lost": true },
            { "to": "aria GET /interviews", "body": { "interviews": [{ "interview_id": "int_9", "external_id": "<effect:invite>", "status": "invited",
                "candidate": { "name": "Zoë Quartz", "email": "zoe.quartz@mail.example" } }] } },
            { "to": "ats PATCH /applications/265277", "status": 503 },
            { "to": "aria GET /interviews/int_9", "body": { "interview_id": "int_9", "status": "completed", "score": 4.5, "recommendation": "pass", "transcript_url": "https://aria.example/t/zoe-quartz" } }],
          "then": [{ "after": "3d" }, { "event": { "from": "aria", "body": { "event": "interview.completed", "interview_id": "int_9", "timestamp": "2026-01-08T10:00:00Z", "data": {} } } }],
          "expect": { "state": "succeeded" } }
        """;

    [Fact]
    public async Task Record_OfARealRun_HoldsNothingPersonalAndPlaysTheSame()
    {
        using CaseWorkspace workspace = CaseWorkspace.Copy().With("real", Real);
        (JsonObject recorded, JsonArray requests) = await RecordAsync(workspace, "succeeded");
        string text = CaseLayout.Pretty(recorded, 0, 0);

        foreach (string personal in new[] { "Zoë", "Zoe", "Quartz", "7946", "mail.example", "aria.example", "Giuseppe", "Hurley", "Fake St", "Harvard", "Alicia" })
        {
            text.ShouldNotContain(personal, Case.Insensitive);
        }
        text.ShouldContain("\"name\": \"Phone Screen\"");
        recorded["answers"]!.AsArray().Select(a => $"{a!["to"]}{(a["lost"] is null ? "" : " lost")}{(a["status"] is { } status ? $" {status}" : "")}").ShouldBe(
        [
            "aria POST /interviews lost",
            "aria GET /interviews?external_id=<effect:invite> 200",
            "ats GET /custom_fields?field_type=application&active=true&per_page=500",
            "ats GET /custom_field_options?custom_field_ids=1%2C3&active=true&per_page=500",
            "ats PATCH /applications/265277 503",
            "ats PATCH /applications/265277 200",
            "aria GET /interviews/int_9 200",
            "ats PATCH /applications/265277 200",
        ]);
        recorded["then"]![0]!["after"]!.GetValue<string>().ShouldBe("3d");

        CaseResult played = await CaseWorkspace.PlayAsync(text);
        played.CanRenew.ShouldBeTrue(string.Join('\n', played.Explanation));
        played.Renewed!["state"]!.GetValue<string>().ShouldBe("succeeded");
        JsonArray replayed = played.Renewed["requests"]!.AsArray();
        replayed.Select(r => r!["to"]!.GetValue<string>()).ShouldBe(requests.Select(r => r!["to"]!.GetValue<string>()));
        replayed[0]!["body"]!["candidate"]!.ToJsonString().ShouldBe("""{"email":"person2@example.com","name":"Name3 Name4","phone":"\u002B1-555-0101"}""");
    }

    [Theory]
    [InlineData("", "succeeded", "")]
    [InlineData("""{ "to": "aria POST /interviews", "status": 422, "body": { "error": "invalid", "message": "No." } },""", "dead", "remote_rejected")]
    public async Task Record_EventThatWasCompletedByReads_PlaysThePersonThatWasRead(string answer, string state, string code)
    {
        using CaseWorkspace workspace = CaseWorkspace.CopyForLever().With("real", $$"""
            { "event": { "from": "ats", "sample": "application.stage_changed" },
              "answers": [
                {{answer}}
                { "to": "ats GET /opportunities/*", "read": "opportunity", "times": "any", "value": {
                    "id": "11111111-1111-4111-8111-111111111111", "name": "Zoë Quartz", "contact": "22222222-2222-4222-8222-222222222222",
                    "stage": { "id": "33333333-3333-4333-8333-333333333333", "text": "Phone Screen" }, "phones": [], "emails": ["Zoe.Quartz@mail.example"],
                    "applications": [{ "id": "a1", "posting": "9999" }], "urls": { "show": "https://hire.lever.example/zoe-quartz" } } },
                { "to": "ats GET /postings/9999", "times": "any", "value": { "id": "9999", "text": "Engineer", "requisitionCodes": ["ENG-17"] } }],
              "then": [{ "after": "15d" }],
              "expect": { "state": "{{state}}" } }
            """);

        (JsonObject recorded, JsonArray requests) = await RecordAsync(workspace, state);
        string text = CaseLayout.Pretty(recorded, 0, 0);

        text.ShouldNotContain("Zoë", Case.Insensitive);
        text.ShouldNotContain("zoe", Case.Insensitive);
        text.ShouldNotContain("Quartz", Case.Insensitive);
        recorded["answers"]!.AsArray().Where(a => a!["read"] is not null).Select(a => $"{a!["to"]} {a["times"]} {a["read"]}").Take(2).ShouldBe(
        [
            "ats GET /opportunities/11111111-1111-4111-8111-111111111111?expand=applications&expand=stage any opportunity",
            "ats GET /postings/9999 any posting",
        ]);
        CaseResult played = (await workspace.With("real", text).PlayAsync()).Cases.ShouldHaveSingleItem();
        played.CanRenew.ShouldBeTrue(string.Join('\n', played.Explanation));
        ((string?)played.Renewed!["state"], (string?)played.Renewed["code"] ?? "").ShouldBe((state, code));
        JsonArray replayed = played.Renewed["requests"]!.AsArray();
        replayed.Select(r => r!["to"]!.GetValue<string>()).ShouldBe(requests.Select(r => r!["to"]!.GetValue<string>()));
        replayed[0]!["body"]!["candidate"]!.ToJsonString().ShouldBe("""{"email":"person1@example.com","name":"Name1 Name2"}""");
    }

    [Fact]
    public void Replaced_SameValue_IsTheSamePlaceholderEverywhere()
    {
        JsonObject value = JsonNode.Parse("""
            { "candidate": { "id": "c1", "name": "Ann Lee", "email": "Ann@Lee.example", "phone": "123", "created_at": "2026-01-01T00:00:00Z", "type": "person", "tags": ["referred by Bob"] },
              "note": "Ann Lee (ann@lee.example) called from 123; see https://cv.example/ann?x=1. Annual plan, Leeds.", "to": "aria GET /people?email=Ann%40Lee.example",
              "job": { "name": "Engineer", "score": 8.5 } }
            """)!.AsObject();

        PersonalData.Replaced(value).ToJsonString().ShouldBe(JsonNode.Parse("""
            { "candidate": { "id": "c1", "name": "Name1 Name2", "email": "person1@example.com", "phone": "+1-555-0101", "created_at": "2026-01-01T00:00:00Z", "type": "person", "tags": ["Text 1"] },
              "note": "Name1 Name2 (person1@example.com) called from +1-555-0101; see https://example.com/1 Annual plan, Leeds.", "to": "aria GET /people?email=person1%40example.com",
              "job": { "name": "Engineer", "score": 8.5 } }
            """)!.ToJsonString());
    }

    private static async Task<(JsonObject Recorded, JsonArray Requests)> RecordAsync(CaseWorkspace files, string state)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var options = new EngineOptions { Workspace = files.Folder, Plugins = Path.Combine(Connectors.Plugins.Root, "plugins") };
        var mappings = new MappingCompiler();
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(options, mappings);
        using (installed)
        {
            Pipeline pipeline = workspace.Pipelines.ShouldHaveSingleItem().Pipeline;
            CaseDefinition real = new CaseReader(new DefinitionFolder(files.PathOf("cases"), "cases"), new DiagnosticBag()).Read("real.json").ShouldNotBeNull();
            var clock = new CaseClock(real.At);
            await using SqliteStore store = await SqliteStore.OpenAsync(Path.Combine(files.Folder, "data", "aria.db"), new StoreIdentity("t", "e"), MasterKey.Ephemeral(), clock, cancellationToken);
            var catalog = new PipelineCatalog(store, mappings);
            await catalog.LoadAsync(workspace, cancellationToken);
            var names = new CaseNames(pipeline);
            var targets = new CaseTargets(pipeline, real.Answers, names);
            await using ServiceProvider services = AriaPipelines.ForCase(store, catalog, mappings, targets, clock);
            (CaseOutcome outcome, IReadOnlyList<RunDetail> runs) = await new CaseRun(real, pipeline, services, targets, names).PlayAsync(cancellationToken);
            outcome.Problems.ShouldBeEmpty();
            outcome.State.ShouldBe(state);
            return (CaseRecorder.Record(runs.ShouldHaveSingleItem(), pipeline).ShouldNotBeNull(), outcome.Requests);
        }
    }
}

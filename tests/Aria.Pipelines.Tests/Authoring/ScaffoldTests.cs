using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Playground;
using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Tests.Authoring;

public sealed class ScaffoldTests
{
    private static readonly PipelineRequest Basic = new("mine", "ats", "aria", [PipelineTrigger.Application], null, [], "kit_1");

    [Theory]
    [InlineData("greenhouse", PipelineTrigger.Stage, "Greenhouse/samples/candidate_stage_change.json", "Phone Screen", null)]
    [InlineData("greenhouse", PipelineTrigger.Application, "Greenhouse/samples/new_candidate_application.json", null, null)]
    [InlineData("sample", PipelineTrigger.Application, "Sample/samples/applied.csv", null, "j-12")]
    [InlineData("sample", PipelineTrigger.Stage, "Sample/samples/moved.csv", null, null)]
    internal void NewPipeline_ForAConnector_LintsAndPlansASampleAtOnce(string connector, PipelineTrigger trigger, string sample, string? stage, string? job)
    {
        using TemporaryWorkspace folder = With(connector);
        Make(folder, Basic with { Triggers = [trigger], Stage = stage, Jobs = job is null ? [] : [job] });

        Workspace workspace = folder.Compile();
        (JsonObject plan, IReadOnlyList<Diagnostic> findings) = Plan(workspace, sample);

        workspace.Findings.Select(f => f.ToString()).ShouldBeEmpty();
        findings.Where(f => f.Severity == DiagnosticSeverity.Error).Select(f => f.ToString()).ShouldBeEmpty();
        if (stage is null)
        {
            plan["steps"]!.AsArray().Select(s => s!["id"]!.GetValue<string>()).ShouldBe(["invite", "pending", "wait", "details", "write"]);
            plan["steps"]!.AsArray().ShouldAllBe(s => !s!["skipped"]!.GetValue<bool>());
            plan["steps"]![0]!["request"]!["body"]!["interview_kit_id"]!.GetValue<string>().ShouldBe("kit_1");
        }
    }

    [Theory]
    [InlineData("It's \"odd\" \\ {{ really }}")]
    [InlineData("Zoë's Entretien 🎤")]
    public void NewPipeline_StageWithSpecialCharacters_StaysThatText(string stage)
    {
        using TemporaryWorkspace folder = With("greenhouse");
        Make(folder, Basic with { Triggers = [PipelineTrigger.Stage], Stage = stage, Kit = stage });

        folder.Compile().Findings.Select(f => f.ToString()).ShouldBeEmpty();
        string when = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Folder, "mine/pipeline.json")))!["triggers"]![0]!["when"]!.GetValue<string>();
        var bag = new DiagnosticBag();
        var happened = System.Text.Json.JsonSerializer.SerializeToElement(new JsonObject { ["application"] = new JsonObject { ["stage"] = new JsonObject { ["name"] = stage } } });
        MappingTrial.Evaluate(new InlineFile(when), InlineFile.Name, new Dictionary<string, System.Text.Json.JsonElement> { ["event"] = happened }, bag)!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void NewCases_SampleWithoutAJob_SaysWhyEachIsLeftOut()
    {
        using TemporaryWorkspace folder = With("greenhouse");
        Workspace workspace = folder.Compile();
        Connection ats = workspace.Connections["ats"];
        ConnectorEvent created = ats.Connector.Events["application.created"];
        JsonNode body = JsonNode.Parse(created.Samples[0].Body)!;
        body["payload"]!["application"]!["jobs"] = new JsonArray();
        ConnectorEvent without = created with { Samples = [created.Samples[0] with { Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()) }] };
        ats = ats with { Connector = ats.Connector with { Events = new Dictionary<string, ConnectorEvent>(ats.Connector.Events) { [created.Type] = without } } };
        using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
        var scaffold = new CaseScaffold(Basic with { Jobs = ["4056310"] }, ats, workspace.Connections["aria"], services.GetRequiredService<IWebhookReceiver>(), "case.schema.json");

        scaffold.Files().ShouldBeEmpty();

        scaffold.LeftOut[0].ShouldBe(
            "No sample of 'greenhouse' can be made into a case 'completed' (The candidate takes the interview: its result is written back): " +
            "nothing in the sample of 'application.created', or in the samples of its reads, can be changed so that the event has '4056310' for job.id. " +
            "Write it by hand, with what the system really sends and answers.");
        scaffold.LeftOut.Count.ShouldBe(7);
    }

    [Fact]
    public void NewPipeline_ResultAsANote_TellsANoShow()
    {
        using TemporaryWorkspace folder = With("sample");
        Make(folder, Basic);
        var bag = new DiagnosticBag();
        var steps = System.Text.Json.JsonElement.Parse("""{ "details": { "output": { "status": "expired", "score": null } } }""");

        JsonNode? text = MappingTrial.Evaluate(new DefinitionFolder(Path.Combine(folder.Folder, "mine"), "mine"), "result.scriban", new Dictionary<string, System.Text.Json.JsonElement> { ["steps"] = steps }, bag);

        bag.Items.ShouldBeEmpty();
        text!.GetValue<string>().Trim().ShouldBe("ARIA interview: no-show");
    }

    [Fact]
    public void NewPipeline_AgainstItsOwnSchemaFile_NamesIt()
    {
        using TemporaryWorkspace folder = With("greenhouse");
        Make(folder, Basic);

        Shipped.Validate("pipeline.schema.json", File.ReadAllText(Path.Combine(folder.Folder, "mine/pipeline.json"))).ShouldBeEmpty();
    }

    [Fact]
    public void Obstacles_ConnectorThatCannot_AreAllNamed()
    {
        IReadOnlyList<string> lacking = PipelineScaffold.Obstacles(Basic with { Triggers = [PipelineTrigger.Manual, PipelineTrigger.Stage] }, Shipped.Connectors.ByName["aria"], Shipped.Connectors.ByName["sample"]);

        lacking.ShouldBe(
        [
            "Connector 'aria' of connection 'ats' has no operation 'application.get', which --trigger manual needs.",
            "Connector 'aria' of connection 'ats' has no event 'application.stage_changed', which --trigger stage needs.",
            "Connector 'aria' of connection 'ats' has neither 'interview.write' nor 'note.add', so no result could be written back.",
            "Connector 'sample' of connection 'aria' does not invite: it lacks 'interview.create', 'interview.get', 'interview.completed', 'interview.no_show'.",
        ]);
    }

    [Theory]
    [InlineData("Mine", "'Mine' is not a usable name for a pipeline.")]
    [InlineData("a/b", "'a/b' is not a usable name for a pipeline.")]
    [InlineData("..", "'..' is not a usable name for a pipeline.")]
    [InlineData("con", "'con' is not a usable name for a pipeline.")]
    [InlineData("connections", "'connections' is the folder of all connections.")]
    [InlineData("taken", "'taken' exists already in ")]
    public void PipelineName_ThatCannotBe_IsRefused(string name, string reason)
    {
        using var folder = new TemporaryWorkspace();
        folder.Write("taken/pipeline.json", "{}");

        NewName.ObstacleToPipeline(folder.Folder, name).ShouldNotBeNull().ShouldStartWith(reason);
    }

    [Fact]
    public void Names_ThatAreFree_AreTaken()
    {
        using var folder = new TemporaryWorkspace();
        folder.Write("connections/taken.json", "{}");

        NewName.ObstacleToPipeline(folder.Folder, "mine").ShouldBeNull();
        NewName.ObstacleToConnection(folder.Folder, "mine").ShouldBeNull();
        NewName.ObstacleToConnection(folder.Folder, "taken").ShouldNotBeNull().ShouldStartWith("Connection 'taken' exists already");
        NewName.ObstacleToConnection(folder.Folder, "../x").ShouldNotBeNull().ShouldStartWith("'../x' is not a usable id for a connection.");
    }

    [Fact]
    public void NewConnection_OfEveryConnector_LintsExceptForWhatOnlyAPersonKnows()
    {
        foreach (Connector connector in Shipped.Connectors.ByName.Values)
        {
            using var folder = new TemporaryWorkspace();
            string text = ConnectionScaffold.File("my_one", connector, "../../schemas/connection.schema.json");
            folder.Write("connections/my_one.json", text);

            folder.Compile().Findings.Where(f => !text.Contains(ConnectionScaffold.Placeholder, StringComparison.Ordinal)).Select(f => f.ToString()).ShouldBeEmpty();
        }
        ConnectionScaffold.File("gh", Shipped.Connectors.ByName["greenhouse"], "s").ShouldBe("""
            {
              "$schema": "s",
              "connector": "greenhouse",
              "settings": {
                "clientId": "${secret:gh-client-id}",
                "clientSecret": "${secret:gh-client-secret}",
                "webhookSecret": "${secret:gh-webhook}"
              }
            }

            """);
        ConnectionScaffold.ToDo("gh", Shipped.Connectors.ByName["greenhouse"]).First().ShouldBe("secret 'gh-client-id': Client id of the Harvest v3 API credential.");
    }

    private static TemporaryWorkspace With(string connector)
    {
        var folder = new TemporaryWorkspace();
        folder.Write("connections/ats.json", ConnectionScaffold.File("ats", Shipped.Connectors.ByName[connector], "s"));
        folder.Write("connections/aria.json", ConnectionScaffold.File("aria", Shipped.Connectors.ByName["aria"], "s"));
        return folder;
    }

    private static void Make(TemporaryWorkspace folder, PipelineRequest request)
    {
        IReadOnlyDictionary<string, Connection> connections = folder.Compile().Connections;
        PipelineScaffold.Obstacles(request, connections["ats"].Connector, connections["aria"].Connector).ShouldBeEmpty();
        foreach ((string file, string text) in PipelineScaffold.Files(request, connections["ats"].Connector, "../../schemas/pipelines/mine.schema.json"))
        {
            folder.Write($"mine/{file}", text);
        }
    }

    private static (JsonObject Plan, IReadOnlyList<Diagnostic> Findings) Plan(Workspace workspace, string sample)
    {
        var delivery = new Delivery("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), File.ReadAllBytes(Path.Combine(Shipped.Root, "plugins", sample)), TimeProvider.System.GetUtcNow());
        using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
        return services.GetRequiredService<RunPlanner>().Plan(workspace.Pipelines.ShouldHaveSingleItem().Pipeline, delivery);
    }
}

using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Testing;
using Aria.Pipelines.Tests.Testing;

namespace Aria.Pipelines.Tests.Authoring;

public sealed class GeneratedSchemaTests
{
    private const string Stage = "pipelines/invite-by-stage.schema.json";

    public static TheoryData<string> Definitions =>
    [
        .. Directory.EnumerateFiles(Shipped.Folder("pipelines"), "pipeline.json", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateDirectories(Shipped.Folder("pipelines"), "connections", SearchOption.AllDirectories).SelectMany(f => Directory.EnumerateFiles(f, "*.json")))
            .Concat(Directory.EnumerateFiles(Shipped.Folder("pipelines/environments"), "*.json"))
            .Concat(Directory.EnumerateDirectories(Shipped.Folder("pipelines"), "cases", SearchOption.AllDirectories).SelectMany(f => Directory.EnumerateFiles(f, "*.json")))
            .Concat(Directory.EnumerateFiles(Shipped.Folder("plugins"), "connector.json", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(Shipped.Root, f).Replace('\\', '/')),
    ];

    [Fact]
    public void Schemas_InTheRepository_AreFresh()
    {
        GeneratedSchemas.Differences(Shipped.Folder("schemas"), Shipped.Schemas).ShouldBeEmpty("run 'aria schema' and commit what it writes");
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void ShippedFile_AgainstTheSchemaItNames_IsValid(string file)
    {
        string json = Shipped.Read(file);
        string named = System.Text.Json.Nodes.JsonNode.Parse(json)!["$schema"].ShouldNotBeNull("every definition names its schema").GetValue<string>();
        string schema = Path.GetRelativePath(Shipped.Folder("schemas"), Path.GetFullPath(Path.Combine(Shipped.Root, Path.GetDirectoryName(file)!, named))).Replace('\\', '/');

        Shipped.Validate(schema, json).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"aria.interview.get\"", "\"aria.interview.gett\"", "/steps/3/action")]
    [InlineData("\"ats.application.stage_changed\"", "\"ats.application.moved\"", "/triggers/0/on")]
    [InlineData("\"ats.application\"", "\"ats.candidate\"", "/triggers/1/manual/subject")]
    [InlineData("\"status\": \"pending\"", "\"status\": \"waiting\"", "/steps/1/with/status")]
    [InlineData("\"status\": \"pending\"", "\"statuss\": \"pending\"", "/steps/1/with/statuss")]
    [InlineData("\"status\": \"pending\"", "\"score\": 11", "/steps/1/with/score")]
    [InlineData("\"application_id\": \"{{ event.application.id }}\", \"status\"", "\"status\"", "/steps/1/with")]
    [InlineData("\"match\": { \"interview_id\"", "\"match\": { \"interviewId\"", "/steps/2/await/match/interviewId")]
    [InlineData("\"14d\"", "\"14 days\"", "/steps/2/await/timeout")]
    [InlineData("\"onTimeout\"", "\"ontimeout\"", "/steps/2/await/ontimeout")]
    [InlineData("\"ats\": \"greenhouse\"", "\"ats\": \"greenhous\"", "/connections/ats")]
    [InlineData("\"id\": \"invite\"", "\"id\": \"the-invite\"", "/steps/0/id")]
    [InlineData("{ \"$file\": \"result.js\" }", "{ \"$file\": \"result.txt\" }", "/steps/4/with/$file")]
    [InlineData("{ \"$file\": \"result.js\" }", "{ \"$file\": \"result.js\", \"score\": 1 }", "/steps/4/with")]
    public void PipelineSchema_TypicalMistake_IsFoundAtItsPlace(string right, string wrong, string place)
    {
        string json = Shipped.Read("pipelines/invite-by-stage/pipeline.json");
        json.ShouldContain(right);

        Shipped.Validate(Stage, json.Replace(right, wrong, StringComparison.Ordinal)).Select(f => f.Split(": ")[0]).ShouldContain(place);
    }

    [Theory]
    [InlineData("\"status\": \"pending\"", "\"status\": \"{{ steps.invite.output.status }}\"")]
    [InlineData("\"status\": \"pending\"", "\"score\": { \"$js\": \"1 + 1\" }")]
    [InlineData("\"status\": \"pending\"", "\"score\": null")]
    [InlineData("{ \"$file\": \"result.js\" }", "\"{{ steps.details.output }}\"")]
    public void PipelineSchema_MappingInsteadOfAValue_IsValid(string before, string after)
    {
        string json = Shipped.Read("pipelines/invite-by-stage/pipeline.json");

        Shipped.Validate(Stage, json.Replace(before, after, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"${secret:aria-webhook}\"", "\"hunter2\"", "/settings/webhookSecret")]
    [InlineData("\"${secret:aria-webhook}\"", "[\"${secret:aria-webhook}\", \"hunter2\"]", "/settings/webhookSecret/1")]
    [InlineData("\"${secret:aria-webhook}\"", "{ \"secret\": \"hunter2\", \"notAfter\": \"2026-12-31T00:00:00Z\" }", "/settings/webhookSecret/secret")]
    [InlineData("\"${secret:aria-webhook}\"", "[{ \"secret\": \"${secret:aria-webhook}\", \"notAfter\": \"2026-12-31\" }]", "/settings/webhookSecret/0/notAfter")]
    [InlineData("\"webhookSecret\"", "\"webhooksecret\"", "/settings/webhooksecret")]
    [InlineData("\"connector\": \"aria\"", "\"connector\": \"ariaa\"", "/connector")]
    [InlineData("\"perHour\"", "\"perDay\"", "/limits")]
    public void ConnectionSchema_TypicalMistake_IsFoundAtItsPlace(string right, string wrong, string place)
    {
        string json = Shipped.Read("pipelines/connections/aria.json");

        Shipped.Validate("connection.schema.json", json.Replace(right, wrong, StringComparison.Ordinal)).Select(f => f.Split(": ")[0]).ShouldContain(place);
    }

    [Theory]
    [InlineData("\"expect\": {", "\"expected\": {", "/expected")]
    [InlineData("\"state\": \"succeeded\"", "\"state\": \"done\"", "/expect/state")]
    [InlineData("\"after\": \"14d\"", "\"after\": \"14 days\"", "/then/0/after")]
    [InlineData("\"after\": \"14d\"", "\"after\": \"14d\", \"event\": { \"manual\": \"1\" }", "/then/0")]
    [InlineData("\"from\": \"ats\",", "", "/event")]
    [InlineData("\"sample\": \"application.stage_changed\"", "\"sampel\": \"application.stage_changed\"", "/event/sampel")]
    [InlineData("\"sample\": \"application.stage_changed\"", "\"manual\": \"1\"", "/event")]
    [InlineData("\"to\": \"aria GET /interviews/int_456def\", \"body\"", "\"to\": \"GET /interviews/int_456def\", \"body\"", "/answers/0/to")]
    [InlineData("\"to\": \"aria GET /interviews/int_456def\", \"body\"", "\"to\": \"aria GET /interviews/int_456def\", \"status\": 99, \"body\"", "/answers/0/status")]
    [InlineData("\"to\": \"aria GET /interviews/int_456def\", \"body\"", "\"to\": \"aria GET /interviews/int_456def\", \"times\": 0, \"body\"", "/answers/0/times")]
    [InlineData("\"to\": \"aria GET /interviews/int_456def\", \"body\"", "\"to\": \"aria GET /interviews/int_456def\", \"lost\": true, \"unreachable\": true, \"body\"", "/answers/0")]
    public void CaseSchema_TypicalMistake_IsFoundByTheSchemaAndByTheReader(string right, string wrong, string place)
    {
        string json = Shipped.Read("pipelines/invite-by-stage/cases/timed-out.json");
        json.ShouldContain(right);
        string mistaken = json.Replace(right, wrong, StringComparison.Ordinal);
        var bag = new DiagnosticBag();

        Shipped.Validate("case.schema.json", mistaken).Select(f => f.Split(": ")[0]).ShouldContain(place);
        new CaseReader(new OneFile("timed-out.json", mistaken), bag).Read("timed-out.json").ShouldBeNull();
    }

    [Fact]
    public void EnvironmentSchema_SettingThatTheConnectorLacks_IsFound()
    {
        string json = Shipped.Read("pipelines/environments/sandbox.json").Replace("\"tokenUrl\"", "\"tokenurl\"", StringComparison.Ordinal);

        Shipped.Validate("environment.schema.json", json).ShouldHaveSingleItem().ShouldStartWith("/connections/greenhouse/settings/tokenurl");
    }

    [Fact]
    public void Differences_StaleMissingAndLeftOverFiles_AreNamedAndWritten()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-schemas-");
        try
        {
            GeneratedSchemas.Write(folder.FullName, Shipped.Schemas).Count.ShouldBe(Shipped.Schemas.Count);
            GeneratedSchemas.Differences(folder.FullName, Shipped.Schemas).ShouldBeEmpty();
            File.AppendAllText(Path.Combine(folder.FullName, "pipeline.schema.json"), " ");
            File.Delete(Path.Combine(folder.FullName, "connectors/aria.schema.json"));
            File.WriteAllText(Path.Combine(folder.FullName, "pipelines/gone.schema.json"), "{}");
            File.WriteAllText(Path.Combine(folder.FullName, "mine.schema.json"), "{}");

            GeneratedSchemas.Write(folder.FullName, Shipped.Schemas).ShouldBe(["connectors/aria.schema.json", "pipeline.schema.json", "pipelines/gone.schema.json"]);

            File.Exists(Path.Combine(folder.FullName, "pipelines/gone.schema.json")).ShouldBeFalse();
            File.Exists(Path.Combine(folder.FullName, "mine.schema.json")).ShouldBeTrue("files beside the generated ones are not ours");
            GeneratedSchemas.Differences(folder.FullName, Shipped.Schemas).ShouldBeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

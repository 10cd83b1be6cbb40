using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Tests.Compilation;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>What <c>aria lint --online</c> finds out from accounts, asked of the stand-ins.</summary>
public sealed class ConnectionChecksTests : IDisposable
{
    private const string Scopes = "harvest:custom_fields:list, harvest:custom_field_options:list";
    private readonly ConnectorRig _rig = new();
    private readonly WorkspaceFolder _workspace = new();

    public ConnectionChecksTests()
    {
        (_rig.Secrets["id"], _rig.Secrets["secret"], _rig.Secrets["key"], _rig.Secrets["hook"]) = ("client-1", "very-secret-value", "key-1", "hook-1");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _rig.Dispose();
        _workspace.Dispose();
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{ "recording_url": "aria_recording_url" }""")]
    [InlineData("""{ "status": null, "score": null, "recommendation": null, "transcript_url": null }""")]
    public async Task Check_RightSettings_FindsNothing(string fields) => (await GreenhouseAsync($$""" "fields": {{fields}} """)).ShouldBeEmpty();

    [Fact]
    public async Task Check_MisspeltField_ErrorAtItsLineWithTheNearestName()
    {
        (await GreenhouseAsync("\n\"fields\": {\n  \"score\": \"aria_interview_scor\" }")).ShouldHaveSingleItem().ShouldBe(
            "pipelines/connections/greenhouse.json(4,12): error ARIA4007: Greenhouse has no active application custom field 'aria_interview_scor' for 'score'. Did you mean 'aria_interview_score'? "
            + "Known: aria_interview_score, aria_interview_status, aria_recommendation, aria_recording_url, aria_transcript_url.");
    }

    [Fact]
    public async Task Check_FieldThatNobodyWrote_ErrorAtTheConnection()
    {
        string found = (await GreenhouseAsync("", new GreenhouseOptions { Fields = [.. GreenhouseSeeds.Fields.Where(f => f.NameKey != "aria_interview_score")] })).ShouldHaveSingleItem();

        found.ShouldStartWith("pipelines/connections/greenhouse.json(1,1): error ARIA4007: Greenhouse has no active application custom field 'aria_interview_score' for 'score'.");
    }

    [Fact]
    public async Task Check_WrongHolder_SaysWhereTheFieldIs()
    {
        (await GreenhouseAsync(""" "fields": { "transcript_url": "desired_level" } """)).ShouldHaveSingleItem().ShouldEndWith(
            "error ARIA4007: Greenhouse holds the custom field 'desired_level' on candidates, but settings.fieldHolder says 'application'.");
        (await GreenhouseAsync(""" "fieldHolder": "candidate" """)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Check_WrongType_SaysWhichTypesItMayHave()
    {
        (await GreenhouseAsync(""" "fields": { "score": "aria_transcript_url" } """)).ShouldHaveSingleItem().ShouldEndWith(
            "error ARIA4007: The Greenhouse custom field 'aria_transcript_url' for 'score' is of type url. It has to be one of: number, short_text.");
    }

    [Fact]
    public async Task Check_WrongOption_ErrorAtTheLabelWithTheNearestOption()
    {
        (await GreenhouseAsync("\n\"labels\": { \"no_show\": \"NoShow\" }")).ShouldHaveSingleItem().ShouldBe(
            "pipelines/connections/greenhouse.json(3,24): error ARIA4007: The Greenhouse custom field 'aria_interview_status' has no option 'NoShow' for 'no_show'. "
            + "Did you mean 'No-show'? Known: Completed, No-show, Pending.");
    }

    [Fact]
    public async Task Check_NoPermission_SaysWhichOneIsMissing()
    {
        string found = (await GreenhouseAsync("", new GreenhouseOptions { Scopes = new HashSet<string> { "harvest:applications:list" } })).ShouldHaveSingleItem();

        found.ShouldBe("pipelines/connections/greenhouse.json(1,1): error ARIA4008: Check 'fields' of connection 'greenhouse' could not be made: "
            + $"'greenhouse.fields' could not read 'application' (status 403): Forbidden. The account needs the permissions {Scopes}.");
    }

    [Fact]
    public async Task Check_WrongCredentials_AFindingWithoutTheSecret()
    {
        _rig.Secrets["secret"] = "a-wrong-secret";

        string found = (await GreenhouseAsync("")).ShouldHaveSingleItem();

        found.ShouldStartWith("pipelines/connections/greenhouse.json(1,1): error ARIA4008: Check 'fields' of connection 'greenhouse' could not be made: ");
        found.ShouldEndWith("Check the settings 'clientId' and 'clientSecret' of this connection.", Case.Sensitive, "the permissions were not asked for yet");
        found.ShouldNotContain("a-wrong-secret");
    }

    [Fact]
    public async Task Check_NetworkDown_AFindingAndNoException()
    {
        (await LintAsync("greenhouse", """ "baseUrl": "http://127.0.0.1:1/v3", "tokenUrl": "http://127.0.0.1:1/token" """)).ShouldHaveSingleItem().ShouldStartWith(
            "pipelines/connections/greenhouse.json(1,1): error ARIA4008: Check 'fields' of connection 'greenhouse' could not be made: "
            + "the system gave no answer (token_unavailable). Is it reachable from this machine, and are the addresses in the settings right?");
    }

    [Theory]
    [InlineData("key-1", false)]
    [InlineData("key-2", true)]
    public async Task Check_OfAria_AsksWhetherTheKeyIsGood(string key, bool wrong)
    {
        await using AriaSandbox aria = await AriaSandbox.StartAsync(new AriaOptions { Time = _rig.Time, ApiKeys = ["key-1"] }, Stop);
        _rig.Secrets["key"] = key;

        IReadOnlyList<string> found = await LintAsync("aria", $$""" "baseUrl": "{{aria.ApiUrl}}" """);

        found.Count.ShouldBe(wrong ? 1 : 0);
        found.ShouldAllBe(f => f.StartsWith("pipelines/connections/aria.json(1,1): error ARIA4008: Check 'account' of connection 'aria' could not be made: 'aria.account' could not read 'interviews' (status 401)") && f.EndsWith("Check the setting 'apiKey' of this connection."));
    }

    [Fact]
    public void Check_ThatWouldWrite_IsRefusedWhenTheConnectorIsRead()
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(
            new TestFolder("""
                {
                  "connector": "c", "version": "1.0.0", "contract": 1, "title": "C", "http": { "baseUrl": "https://c.example" },
                  "checks": [ { "id": "a", "reads": [ { "id": "r", "request": { "method": "POST", "path": "/x" }, "sample": 1 } ] } ]
                }
                """),
            null,
            new Aria.Pipelines.Mapping.MappingCompiler(),
            bag);

        bag.Items.ShouldHaveSingleItem().Summary.ShouldBe("Check 'a' would send POST: a check only reads.");
    }

    private async Task<IReadOnlyList<string>> GreenhouseAsync(string settings, GreenhouseOptions? options = null)
    {
        await using GreenhouseSandbox greenhouse = await GreenhouseSandbox.StartAsync(
            (options ?? new GreenhouseOptions()) with { Time = _rig.Time, ClientId = "client-1", ClientSecret = "very-secret-value" }, Stop);
        string urls = $$""" "baseUrl": "{{greenhouse.ApiUrl}}", "tokenUrl": "{{greenhouse.TokenUrl}}" """;
        return await LintAsync("greenhouse", settings.Trim().Length == 0 ? urls : $"{urls.TrimEnd()}, {settings}");
    }

    /// <summary>Writes the connection, compiles the workspace and makes the checks of the one connection.</summary>
    private async Task<IReadOnlyList<string>> LintAsync(string id, string settings)
    {
        string secrets = id == "aria"
            ? """ "apiKey": "${secret:key}", "webhookSecret": "${secret:hook}" """
            : """ "clientId": "${secret:id}", "clientSecret": "${secret:secret}", "webhookSecret": "${secret:hook}" """;
        _workspace
            .With($"connections/{id}.json", $$"""
                { "connector": "{{id}}",
                  "settings": {{{secrets}}, {{settings}} } }
                """)
            .With("environments/test.json", """{ "allowLoopback": true, "allowPlainHttp": true }""");
        Workspace compiled = _workspace.Compile("test");
        compiled.Findings.Where(f => f.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        var bag = new DiagnosticBag();
        await new ConnectionChecks(_rig.Client).CheckAsync(compiled.Connections[id], bag, Stop);
        return [.. bag.Items.Select(i => i.ToString())];
    }
}

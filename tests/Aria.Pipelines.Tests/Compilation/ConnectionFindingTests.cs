using System.Text.Json;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Tests.Compilation;

/// <summary>Connections and environments: every finding, and what is made of good ones.</summary>
public sealed class ConnectionFindingTests : IDisposable
{
    private readonly WorkspaceFolder _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("\"greenhouse\"", "\"greenhous\"", "(2,16): error ARIA4001: Connector 'greenhous' is not installed. Did you mean 'greenhouse'? Known: aria, greenhouse.")]
    [InlineData("  \"connector\": \"greenhouse\",\n", "", "(1,1): error ARIA1004: Property 'connector' is missing. Add \"connector\" to this object.")]
    [InlineData("\"clientId\":", "\"clientID\": \"${secret:x}\", \"clientId\":", "(4,5): error ARIA4002: Connector 'greenhouse' has no setting 'clientID'. Did you mean 'clientId'? Known: clientId, clientSecret, webhookSecret, userId, baseUrl, tokenUrl, appUrl, emailType, resume, fieldHolder, fields, labels, scoreDecimals, optionAs, customFieldsAs, moveGuard, noteUserId, noteVisibility.")]
    [InlineData("\"clientId\": \"${secret:id}\", ", "", "(1,1): error ARIA4003: Connection 'greenhouse' does not give the setting 'clientId'. Client id of the Harvest v3 API credential.")]
    [InlineData("\"clientId\":", "\"userId\": \"me\", \"clientId\":", "(4,15): error ARIA4004: The setting 'userId' does not have the form ^[0-9]+$. Id of the Greenhouse user that requests act as; has to be a Site Admin. Without it they act as the credential's Integration Service User.")]
    [InlineData("\"clientId\":", "\"userId\": 7, \"clientId\":", "(4,15): error ARIA4004: The setting 'userId' is a string. Id of the Greenhouse user that requests act as; has to be a Site Admin. Without it they act as the credential's Integration Service User.")]
    [InlineData("\"clientId\":", "\"fieldHolder\": \"job\", \"clientId\":", "(4,20): error ARIA4004: 'job' is not allowed for the setting 'fieldHolder'. Known: application, candidate.")]
    [InlineData("\"clientId\":", "\"baseUrl\": \"${secret:x}\", \"clientId\":", "(4,16): error ARIA4004: The setting 'baseUrl' is not a secret and cannot take one. A secret here would reach logs and stored requests.")]
    [InlineData("\"${secret:id}\"", "\"abc123\"", "(4,17): error ARIA4005: The setting 'clientId' is a secret and is never written into a file. Write \"${secret:name}\" and provide the secret of that name to the host.")]
    [InlineData("\"${secret:id}\"", "[\"${secret:id}\", 7]", "(4,34): error ARIA4005: The setting 'clientId' is a secret and is never written into a file. Write \"${secret:name}\" and provide the secret of that name to the host.")]
    [InlineData("\"${secret:id}\"", "[]", "(4,17): error ARIA4003: The setting 'clientId' names no secret. Write \"${secret:name}\", or a list of them while one is being rotated.")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"abc\", \"notAfter\": \"2026-12-31T00:00:00Z\" }", "(4,29): error ARIA4005: The setting 'clientId' is a secret and is never written into a file. Write \"${secret:name}\" and provide the secret of that name to the host.")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\" }", "(4,17): error ARIA1004: Property 'notAfter' is missing. Add \"notAfter\" to this object.")]
    [InlineData("\"${secret:id}\"", "{ \"notAfter\": \"2026-12-31T00:00:00Z\" }", "(4,17): error ARIA1004: Property 'secret' is missing. Add \"secret\" to this object.")]
    [InlineData("\"${secret:id}\"", "[{ \"secret\": \"${secret:id}\", \"notAfter\": \"2026-12-31T00:00:00Z\", \"notafter\": 1 }]", "(4,82): error ARIA1003: Property 'notafter' is not known here. Did you mean 'notAfter'? Known: secret, notAfter.")]
    [InlineData("\"${secret:id}\"", "[\"${secret:new}\", { \"secret\": \"${secret:id}\", \"notAfter\": \"2026-12-31\" }]", "(4,75): error ARIA1006: '2026-12-31' is not an instant. Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\", \"notAfter\": \"2026-12-31T00:00:00\" }", "(4,57): error ARIA1006: '2026-12-31T00:00:00' is not an instant. Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\", \"notAfter\": \"2026-02-29T00:00:00Z\" }", "(4,57): error ARIA1006: '2026-02-29T00:00:00Z' is not an instant. Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\", \"notAfter\": \"2026-12-31T23:59:60Z\" }", "(4,57): error ARIA1006: '2026-12-31T23:59:60Z' is not an instant. Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\", \"notAfter\": \"31 Dec 2026 00:00Z\" }", "(4,57): error ARIA1006: '31 Dec 2026 00:00Z' is not an instant. Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".")]
    [InlineData("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\", \"notAfter\": 1798675200 }", "(4,57): error ARIA1005: Expected a time, found a number. Write an RFC 3339 time with its offset: \"2026-12-31T00:00:00Z\" or \"2026-12-31T01:00:00+01:00\".")]
    [InlineData("\"settings\"", "\"limits\": { \"perHour\": 0 }, \"settings\"", "(3,26): error ARIA1005: Expected a whole number, 1 or more, found 0.")]
    [InlineData("\"settings\"", "\"limits\": { \"requests\": 5 }, \"settings\"", "(3,13): error ARIA1004: A limit needs 'perHour', or 'requests' with 'per'. Write { \"perHour\": 1000 } or { \"requests\": 50, \"per\": \"30s\" }.")]
    [InlineData("\"settings\"", "\"limits\": { \"requests\": 5, \"per\": \"0s\" }, \"settings\"", "(3,37): error ARIA1006: A limit of no time allows nothing. Write the time in which so many requests are allowed: 30s, 1h.")]
    [InlineData("\"settings\"", "\"limits\": { \"perHour\": 5, \"requests\": 5, \"per\": \"1s\" }, \"settings\"", "(3,13): error ARIA1004: A limit needs 'perHour', or 'requests' with 'per'. Write { \"perHour\": 1000 } or { \"requests\": 50, \"per\": \"30s\" }.")]
    [InlineData("\"settings\"", "\"allowFrom\": [ \"203.0.113.7\", \"10.0.0.1/8\" ], \"settings\"", "(3,33): error ARIA1006: '10.0.0.1/8' is not an address or a network. The address has bits beyond the first 8: write 10.0.0.0/8.")]
    [InlineData("\"settings\"", "\"allowFrom\": [ \"example.com\" ], \"settings\"", "(3,18): error ARIA1006: 'example.com' is not an address or a network. Write an address (203.0.113.7) or a network (203.0.113.0/24, 2001:db8::/32).")]
    [InlineData("\"settings\"", "\"allowFrom\": [ \"::ffff:10.0.0.7\" ], \"settings\"", "(3,18): error ARIA1006: '::ffff:10.0.0.7' is not an address or a network. Write it as IPv4: 10.0.0.7; a sender's IPv4 address is compared as one, however it came.")]
    [InlineData("\"settings\"", "\"allowFrom\": [], \"settings\"", "(3,16): error ARIA1006: A list without an address refuses every delivery. Name the sender's networks, or leave 'allowFrom' out to take deliveries from anywhere.")]
    [InlineData("\"settings\"", "\"allowFrom\": \"203.0.113.7\", \"settings\"", "(3,16): error ARIA1005: Expected an array, found a string.")]
    [InlineData("\"settings\"", "\"description\": 5, \"settings\"", "(3,18): error ARIA1005: Expected a string, found a number.")]
    public void Compile_OneMistakeInAConnection_OneFinding(string from, string to, string expected)
    {
        WorkspaceFolder.Greenhouse.ShouldContain(from);

        string[] findings = _workspace.With("connections/greenhouse.json", WorkspaceFolder.Greenhouse.Replace(from, to, StringComparison.Ordinal)).Findings();

        findings.ShouldHaveSingleItem().ShouldBe("pipelines/connections/greenhouse.json" + expected);
    }

    [Theory]
    [InlineData("[]", "(1,1): error ARIA1005: Expected an object, found an array.")]
    [InlineData("{ \"allowLoopback\": \"yes\" }", "(1,20): error ARIA1005: Expected true or false, found a string.")]
    [InlineData("{ \"allowLoopBack\": true }", "(1,3): error ARIA1003: Property 'allowLoopBack' is not known here. Did you mean 'allowLoopback'? Known: description, allowLoopback, allowPlainHttp, connections.")]
    [InlineData("{ \"connections\": { \"greenhuose\": {} } }", "(1,20): error ARIA4006: Environment 'staging' speaks of connection 'greenhuose', which does not exist. Did you mean 'greenhouse'? Known: aria, greenhouse.")]
    [InlineData("{ \"connections\": { \"greenhouse\": { \"connector\": \"aria\" } } }", "(1,36): error ARIA1003: Property 'connector' is not known here. Known: settings, limits, trust, allowFrom.")]
    [InlineData("{ \"connections\": { \"greenhouse\": { \"trust\": \"ca.pem\" } } }", "(1,45): error ARIA4005: 'trust' is a secret and is never written into a file. Write \"${secret:name}\" and provide the secret of that name to the host.")]
    [InlineData("{ \"connections\": { \"greenhouse\": { \"trust\": [] } } }", "(1,45): error ARIA4003: 'trust' names no secret. Write \"${secret:name}\", or a list of them while one is being rotated.")]
    [InlineData("{ \"connections\": { \"greenhouse\": { \"settings\": { \"userID\": \"1\" } } } }", "(1,50): error ARIA4002: Connector 'greenhouse' has no setting 'userID'. Did you mean 'userId'? Known: clientId, clientSecret, webhookSecret, userId, baseUrl, tokenUrl, appUrl, emailType, resume, fieldHolder, fields, labels, scoreDecimals, optionAs, customFieldsAs, moveGuard, noteUserId, noteVisibility.")]
    [InlineData("{ \"connections\": { \"greenhouse\": { \"settings\": { \"clientId\": \"abc\" } } } }", "(1,62): error ARIA4005: The setting 'clientId' is a secret and is never written into a file. Write \"${secret:name}\" and provide the secret of that name to the host.")]
    public void Compile_OneMistakeInAnEnvironment_OneFinding(string text, string expected)
    {
        string[] findings = _workspace.With("environments/staging.json", text).Findings("staging");

        findings.ShouldHaveSingleItem().ShouldBe("pipelines/environments/staging.json" + expected);
    }

    [Fact]
    public void Compile_EnvironmentWithoutFile_IsUnknownUnlessItIsProduction()
    {
        _workspace.With("environments/staging.json", "{}");

        _workspace.Findings().ShouldBeEmpty();
        _workspace.Findings("stagign").ShouldHaveSingleItem().ShouldBe(
            "pipelines/environments/stagign.json: error ARIA4006: There is no environment 'stagign'. Did you mean 'staging'? Known: staging, production.");
        _workspace.Findings("../invite/pipeline").ShouldHaveSingleItem().ShouldStartWith("pipelines/environments/../invite/pipeline.json: error ARIA4006: There is no environment");
    }

    [Theory]
    [InlineData("""{ "connector": "pear-tree" }""")]
    [InlineData("{ not JSON }")]
    public void Compile_ConnectorHasErrors_SaysThatItIsInstalledAndWhereTheyAre(string definition)
    {
        _workspace.With("plugins/PearTree/connector.json", definition).With("connections/pear.json", """{ "connector": "pear-tree", "settings": {} }""");
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(new EngineOptions { Workspace = _workspace.Folder, Plugins = _workspace.PathOf("plugins") }, new MappingCompiler());

        installed.Dispose();

        workspace.Findings.Single(f => f.File!.EndsWith("connections/pear.json", StringComparison.Ordinal)).ToString().ShouldEndWith(
            "connections/pear.json(1,16): error ARIA4001: Connector 'pear-tree' is installed and has errors of its own. " +
            $"Mend what is said about '{_workspace.PathOf("plugins")}/PearTree' first.");
    }

    [Fact]
    public void Compile_NoSuchFolder_SaysWhichOptionNamesAnother()
    {
        var compiler = new WorkspaceCompiler(new Dictionary<string, Connector>(), new MappingCompiler());

        compiler.Compile(_workspace.PathOf("none"), "none", "production").Findings.ShouldHaveSingleItem().ToString().ShouldBe(
            "none: error ARIA1007: The workspace folder 'none' does not exist. Give another one with --workspace.");
    }

    [Fact]
    public void Compile_Overlay_WinsMemberByMemberOverConnectionAndDefaults()
    {
        _workspace.With("connections/greenhouse.json", WorkspaceFolder.Greenhouse.Replace(
            "\"clientId\":", "\"userId\": \"1\", \"fields\": { \"score\": \"own_score\", \"recording_url\": \"own_recording\" }, \"clientId\":", StringComparison.Ordinal));
        _workspace.With("environments/staging.json", """
            {
              "allowPlainHttp": true,
              "connections": {
                "greenhouse": {
                  "settings": { "userId": "2", "clientId": "${secret:staging-id}", "fields": { "score": "staging_score" } },
                  "limits": { "requests": 5, "per": "1s" }, "trust": ["${secret:next-authority}", "${secret:authority}"]
                }
              }
            }
            """);

        Connection production = Compiled("production");
        Connection staging = Compiled("staging");

        production.Settings.GetProperty("userId").GetString().ShouldBe("1");
        staging.Settings.GetProperty("userId").GetString().ShouldBe("2");
        JsonElement fields = staging.Settings.GetProperty("fields");
        (Text(fields, "score"), Text(fields, "recording_url"), Text(fields, "status")).ShouldBe(("staging_score", "own_recording", "aria_interview_status"));
        staging.SecretNames["clientId"].ShouldBe([new("staging-id")]);
        staging.SecretNames["clientSecret"].ShouldBe([new("secret")]);
        (staging.Limit?.Limit, staging.Limit?.Window).ShouldBe((5, TimeSpan.FromSeconds(1)));
        staging.Trust.ShouldBe([new("next-authority"), new("authority")]);
        production.Trust.ShouldBeEmpty();
        (staging.Policy.AllowLoopback, staging.Policy.AllowPlainHttp).ShouldBe((false, true));
        (production.Policy.AllowLoopback, production.Policy.AllowPlainHttp).ShouldBe((false, false));
    }

    [Fact]
    public void Compile_SecretsWithAnEnd_AreTakenAloneInAListAndFromAnOverlay()
    {
        _workspace.With("connections/greenhouse.json", WorkspaceFolder.Greenhouse
            .Replace("\"${secret:id}\"", "{ \"secret\": \"${secret:id}\", \"notAfter\": \"2026-12-31T01:00:00+01:00\" }", StringComparison.Ordinal)
            .Replace("\"${secret:hook}\"", "[\"${secret:next-hook}\", { \"secret\": \"${secret:hook}\", \"notAfter\": \"2026-12-31t00:00:00.5z\" }]", StringComparison.Ordinal));
        _workspace.With("environments/staging.json", """
            {
              "connections": {
                "greenhouse": {
                  "settings": { "clientId": [{ "secret": "${secret:staging-id}", "notAfter": "2027-01-01T00:00:00-00:00" }] },
                  "trust": { "secret": "${secret:authority}", "notAfter": "2026-12-31T00:00:00Z" }
                }
              }
            }
            """);
        var end = new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);

        Connection production = Compiled("production");
        Connection staging = Compiled("staging");

        production.SecretNames["clientId"].ShouldBe([new("id", end)]);
        production.SecretNames["webhookSecret"].ShouldBe([new("next-hook"), new("hook", end.AddMilliseconds(500))]);
        staging.SecretNames["clientId"].ShouldBe([new("staging-id", end.AddDays(1))]);
        staging.Trust.ShouldBe([new("authority", end)]);
    }

    [Fact]
    public void Compile_FaultyConnection_IsNotReportedAgainByThePipelinesThatUseIt()
    {
        _workspace.With("connections/greenhouse.json", "{");

        _workspace.Findings().ShouldHaveSingleItem().ShouldStartWith("pipelines/connections/greenhouse.json(1,2): error ARIA1001");
    }

    [Theory]
    [InlineData("Greenhouse.json")]
    [InlineData("green house.json")]
    [InlineData("nul.json")]
    public void Compile_ConnectionWithABadName_IsRefused(string name)
    {
        _workspace.With($"connections/{name}", WorkspaceFolder.Greenhouse);

        _workspace.Findings().ShouldHaveSingleItem().ShouldBe(
            $"pipelines/connections/{name}: error ARIA1008: '{name}' cannot be read as a definition file. Use lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 100 characters. Links, empty files and files over 1 MiB are not read.");
    }

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private Connection Compiled(string environment)
    {
        Workspace workspace = _workspace.Compile(environment);
        workspace.Findings.Select(f => f.ToString()).ShouldBeEmpty();
        return workspace.Connections["greenhouse"];
    }
}

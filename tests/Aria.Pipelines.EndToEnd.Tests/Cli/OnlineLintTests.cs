using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary><c>aria lint --online</c> as a user runs it, against accounts that answer over sockets.</summary>
public sealed class OnlineLintTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _secrets = [];
    private GreenhouseSandbox _greenhouse = null!;
    private AriaSandbox _aria = null!;
    private LoopWorkspace _workspace = null!;

    public async ValueTask InitializeAsync()
    {
        _greenhouse = await GreenhouseSandbox.StartAsync(new GreenhouseOptions());
        _aria = await AriaSandbox.StartAsync(new AriaOptions());
        _workspace = new LoopWorkspace(_greenhouse.ApiUrl, _greenhouse.TokenUrl, _aria.ApiUrl);
        foreach (string name in new[] { "greenhouse-client-id", "greenhouse-client-secret", "greenhouse-webhook", "aria-api-key", "aria-webhook" })
        {
            _secrets[$"ARIA_SECRET_DEMO_{name.ToUpperInvariant().Replace('-', '_')}"] = DemoWorkspace.Secrets(GreenhouseDemo.Credentials).Find(name)!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _workspace.Dispose();
        await _aria.DisposeAsync();
        await _greenhouse.DisposeAsync();
    }

    [Fact]
    public async Task Online_AccountsHaveWhatTheSettingsName_GoodInBothForms()
    {
        (int code, string output, string errors) = await LintAsync();
        (code, errors).ShouldBe((0, ""));
        output.Trim().ShouldBe("9 connectors, 8 connections, 2 pipelines: 0 errors, 0 other findings");

        (code, output, errors) = await LintAsync("--json");
        (code, output.Trim(), errors).ShouldBe((0, "[]", ""));
    }

    [Fact]
    public async Task Online_FieldAndOptionThatTheAccountDoesNotHave_FailureWithThePlaceInTheConnection()
    {
        File.WriteAllText(Connection, """
            {
              "connector": "greenhouse",
              "settings": {
                "clientId": "${secret:greenhouse-client-id}", "clientSecret": "${secret:greenhouse-client-secret}", "webhookSecret": "${secret:greenhouse-webhook}",
                "noteUserId": "4000001",
                "fields": { "score": "aria_interview_scor" },
                "labels": { "no_show": "NoShow" }
              }
            }
            """);

        (int code, string output, string errors) = await LintAsync("--json");

        (code, errors).ShouldBe((1, ""));
        JsonNode[] findings = [.. JsonNode.Parse(output)!.AsArray().OfType<JsonNode>()];
        findings.Select(f => $"{f["code"]} {f["severity"]} {f["fault"]} {f["file"]} {f["line"]},{f["column"]}").ShouldBe(
            [$"ARIA4007 error operator {Connection} 6,26", $"ARIA4007 error operator {Connection} 7,28"], ignoreOrder: true);
        findings.Select(f => (string)f["detail"]!).ShouldContain(d => d.StartsWith("Did you mean 'aria_interview_score'?", StringComparison.Ordinal));

        (code, output, errors) = await LintAsync();
        code.ShouldBe(1);
        (output + errors).ShouldContain($"{Connection}(6,26): error ARIA4007: Greenhouse has no active application custom field 'aria_interview_scor' for 'score'. Did you mean 'aria_interview_score'?");
        output.ShouldContain("2 errors, 0 other findings");

        (code, output, _) = await AriaProcess.RunAsync(_secrets, "lint", "--workspace", _workspace.Folder, "--environment", DemoWorkspace.Environment, "--json");
        (code, output.Trim()).ShouldBe((0, "[]"), "without --online nothing is asked");
    }

    [Fact]
    public async Task Online_WrongCredentials_FailureWithoutTheSecret()
    {
        _secrets["ARIA_SECRET_DEMO_ARIA_API_KEY"] = "a-wrong-key";

        (int code, string output, string errors) = await LintAsync("--json");

        code.ShouldBe(1);
        JsonNode finding = JsonNode.Parse(output)!.AsArray().ShouldHaveSingleItem()!;
        ((string)finding["code"]!, (string)finding["summary"]!).ShouldBe(("ARIA4008", "Check 'account' of connection 'aria' could not be made: 'aria.account' could not read 'interviews' (status 401): The API key is missing or not valid."));
        (output + errors).ShouldNotContain("a-wrong-key");
    }

    [Fact]
    public async Task Online_SecretMissing_SaysWhereItGoesAndStillAsksTheOthers()
    {
        _secrets.Remove("ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_SECRET");
        _secrets["ARIA_SECRET_DEMO_ARIA_API_KEY"] = "a-wrong-key";

        (int code, string output, _) = await LintAsync("--json");

        code.ShouldBe(1);
        JsonNode[] findings = [.. JsonNode.Parse(output)!.AsArray().OfType<JsonNode>()];
        findings.Length.ShouldBe(2, output);
        findings.ShouldContain(f => ((string)f["summary"]!).Contains("'greenhouse-client-secret'", StringComparison.Ordinal) && ((string)f["detail"]!).Contains("ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_SECRET", StringComparison.Ordinal));
        findings.ShouldContain(f => (string)f["code"]! == "ARIA4008");
    }

    [Fact]
    public async Task Online_MisspeltOption_WrongUsage()
    {
        (int code, string output, string errors) = await LintAsync("--onlin");

        (code, output).ShouldBe((2, ""));
        errors.ShouldContain("--onlin");
    }

    private string Connection => $"{_workspace.Folder}/connections/greenhouse.json";

    private Task<(int Code, string Output, string Errors)> LintAsync(params string[] more) =>
        AriaProcess.RunAsync(_secrets, ["lint", "--online", "--workspace", _workspace.Folder, "--environment", DemoWorkspace.Environment, .. more]);
}

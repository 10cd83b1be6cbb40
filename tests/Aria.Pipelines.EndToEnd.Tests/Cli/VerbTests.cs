using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>Verbs that end by themselves, as a user runs them.</summary>
public sealed class VerbTests : IDisposable
{
    private const string Sample = "plugins/Greenhouse/samples/candidate_stage_change.json";
    private readonly LoopWorkspace _workspace = new(new Uri("http://127.0.0.1:9/v3"), new Uri("http://127.0.0.1:9/token"), new Uri("http://127.0.0.1:9/v1"));

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Lint_ShippedFiles_EmptyArrayAndGood()
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("lint", "--json");

        (code, output.Trim(), errors).ShouldBe((0, "[]", ""));
    }

    [Fact]
    public async Task Lint_BrokenCopy_FindingsWithPlacesAndFailure()
    {
        File.WriteAllText(Path.Combine(_workspace.Folder, "invite-by-stage/pipeline.json"), "{\n  \"descripton\": \"x\" }");

        (int code, string output, string errors) = await AriaProcess.RunAsync("lint", "--workspace", _workspace.Folder, "--json");

        (code, errors).ShouldBe((1, ""));
        JsonNode[] findings = [.. JsonNode.Parse(output)!.AsArray().OfType<JsonNode>()];
        findings.Select(f => $"{f["code"]} {f["line"]},{f["column"]}").ShouldBe(["ARIA1003 2,3", "ARIA1004 1,1", "ARIA1004 1,1", "ARIA1004 1,1"], ignoreOrder: true);
        JsonObject first = findings[0].AsObject();
        first.Select(p => p.Key).ShouldBe(["code", "severity", "file", "line", "column", "summary", "detail", "fault"]);
        ((string)first["severity"]!, (string)first["fault"]!, (string)first["file"]!).ShouldBe(("error", "author", $"{_workspace.Folder}/invite-by-stage/pipeline.json"));
    }

    [Fact]
    public async Task Lint_NoEnvironmentNamed_LooksAtAllOfThem()
    {
        File.WriteAllText(Path.Combine(_workspace.Folder, "environments/staging.json"), "{\n  \"connections\": { \"aria\": { \"settings\": { \"baseurl\": \"https://staging.example.com\" } } }\n}");

        (int code, string output, _) = await AriaProcess.RunAsync("lint", "--workspace", _workspace.Folder, "--json");
        JsonNode finding = JsonNode.Parse(output)!.AsArray().ShouldHaveSingleItem()!;
        (code, (string)finding["file"]!, (int)finding["line"]!).ShouldBe((1, $"{_workspace.Folder}/environments/staging.json", 2));
        ((string)finding["summary"]!).ShouldBe("Connector 'aria' has no setting 'baseurl'.");

        (code, output, _) = await AriaProcess.RunAsync("lint", "--workspace", _workspace.Folder, "--environment", "production", "--json");
        (code, output.Trim()).ShouldBe((0, "[]"));
    }

    [Fact]
    public async Task Lint_TimeZonesOfSchedules_KnowsThoseOfTheSystem()
    {
        Directory.CreateDirectory(Path.Combine(_workspace.Folder, "nightly"));
        File.WriteAllText(Path.Combine(_workspace.Folder, "nightly/pipeline.json"), """
            {
              "triggers": [
                { "schedule": { "cron": "0 2 * * *", "timeZone": "America/New_York" } },
                { "schedule": { "cron": "0 2 * * *", "timeZone": "Europe/Berln" } }
              ],
              "steps": []
            }
            """);

        (int code, string output, _) = await AriaProcess.RunAsync("lint", "--workspace", _workspace.Folder, "--json");

        JsonNode zone = JsonNode.Parse(output)!.AsArray().OfType<JsonNode>().Where(f => ((string)f["summary"]!).Contains("time zone", StringComparison.Ordinal)).ShouldHaveSingleItem();
        (code, (int)zone["line"]!, (string)zone["summary"]!).ShouldBe((1, 4, "'Europe/Berln' is not a time zone."));
        ((string)zone["detail"]!).ShouldContain("'Europe/Berlin'");
    }

    [Fact]
    public async Task Plan_SampleOfGreenhouse_ShapeOfThePlanWithoutSecrets()
    {
        JsonNode sample = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, Sample), TestContext.Current.CancellationToken))!;
        JsonNode application = sample["payload"]!["application"]!;
        application["current_stage"]!["name"] = "Phone Screen";
        application["jobs"]![0]!["id"] = 4056310;
        string file = Path.Combine(_workspace.Folder, "event.json");
        await File.WriteAllTextAsync(file, sample.ToJsonString(), TestContext.Current.CancellationToken);

        (int code, string output, _) = await AriaProcess.RunAsync("plan", "invite-by-stage", "--event", file, "--json");

        JsonObject plan = JsonNode.Parse(output)!.AsObject();
        code.ShouldBe(0, output);
        plan.Select(p => p.Key).ShouldBe(["event", "steps", "diagnostics"]);
        ((string)plan["event"]!["type"]!).ShouldBe("application.stage_changed");
        JsonObject[] steps = [.. plan["steps"]!.AsArray().OfType<JsonObject>()];
        steps.Select(s => (string)s["id"]!).ShouldBe(["invite", "pending", "wait", "details", "write"]);
        foreach (JsonObject step in steps)
        {
            step.Select(p => p.Key).ShouldBe(["id", "kind", "skipped", "connection", "operation", "request"]);
        }
        JsonObject request = steps[0]["request"]!.AsObject();
        request.Select(p => p.Key).ShouldBe(["method", "url", "headers", "body"]);
        ((string)request["method"]!, (string)request["url"]!).ShouldBe(("POST", "https://api.ariahr.ai/v1/interviews"));
        request["headers"]!.AsObject().Select(h => h.Key).ShouldNotContain("Authorization");
        plan["diagnostics"]!.AsArray().OfType<JsonNode>().ShouldAllBe(d => (string)d["severity"]! != "error");
    }

    [Fact]
    public async Task Plan_UnknownPipelineOrFile_SaysSo()
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("plan", "invite-by-stge", "--event", Sample);
        (code, output, errors.Trim()).ShouldBe((1, "", "There is no pipeline 'invite-by-stge' without errors. Did you mean 'invite-by-stage'? Known: invite-by-application, invite-by-stage."));

        (code, output, errors) = await AriaProcess.RunAsync("plan", "invite-by-stage", "--event", "none.json");
        (code, output, errors.Trim()).ShouldBe((1, "", "The file 'none.json' does not exist."));
    }

    [Theory]
    [InlineData("'nothing'", "nothing")]
    [InlineData("--event", "plan", "invite-by-stage")]
    [InlineData("'lost'", "runs", "--state", "lost")]
    [InlineData("Option '--max' takes a whole number, 1 or more.", "runs", "--max", "0")]
    [InlineData("The host cannot listen on 'https://127.0.0.1:5080'.", "run", "--urls", "https://127.0.0.1:5080")]
    [InlineData("The host cannot listen on 'http://example.com:80'.", "run", "--urls", "http://127.0.0.1:0;http://example.com:80")]
    public async Task Verb_WrongUsage_ExitCode2AndTheErrorOnStandardError(string expected, params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync(arguments);

        (code, output).ShouldBe((2, ""));
        errors.ShouldContain(expected);
        errors.ShouldContain("Try 'aria --help', or 'aria <verb> --help'.");
    }

    [Fact]
    public async Task Run_WithoutMasterKey_SaysHowToMakeOne()
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("run", "--data", _workspace.Data);

        (code, output).ShouldBe((1, ""));
        errors.ShouldContain("ARIA_SECRET_PRODUCTION_MASTER_KEY");
        errors.ShouldContain("openssl rand -base64 32");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Run_WithoutSecrets_NamesEachAndWhereItGoes()
    {
        var environment = new Dictionary<string, string> { ["ARIA_SECRET_PRODUCTION_MASTER_KEY"] = Convert.ToBase64String(new byte[31].Append((byte)1).ToArray()) };
        string unused = File.ReadAllText(Path.Combine(_workspace.Folder, "connections/aria.json")).Replace("secret:aria-", "secret:unused-", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_workspace.Folder, "connections/unused.json"), unused);

        (int code, _, string errors) = await AriaProcess.RunAsync(environment, "run", "--data", _workspace.Data);

        code.ShouldBe(1);
        errors.ShouldContain("Secret 'greenhouse-client-id', the setting 'clientId' of connection 'greenhouse', is missing or empty. Provide it here: environment variable ARIA_SECRET_PRODUCTION_GREENHOUSE_CLIENT_ID.");
        errors.ShouldContain("Secret 'aria-webhook'");
        errors.ShouldNotContain("unused", customMessage: "no pipeline uses that connection");
        errors.ShouldContain("The host does not start with errors in its definitions or secrets.");
        Directory.Exists(_workspace.Data).ShouldBeFalse("nothing is opened before everything is there");
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("send", "invite-by-stage", "1")]
    public async Task ControlVerb_NoHostRuns_SaysHowToStartOne(params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync([.. arguments, "--data", _workspace.Data]);

        (code, output, errors.Trim()).ShouldBe((1, "", $"No host runs on the data folder '{_workspace.Data}'. Start one with 'aria run --data {_workspace.Data}'."));
    }

    [Fact]
    public async Task ControlVerb_DataFolderLiesTooDeep_SaysSo()
    {
        string deep = Path.Combine(_workspace.Data, new string('d', 100));

        (int code, _, string errors) = await AriaProcess.RunAsync("runs", "--data", deep);

        (code, errors.Trim()).ShouldBe((1, $"The data folder '{deep}' lies too deep: the path of its control socket may have 103 bytes."));
    }

    [Fact]
    public async Task Demo_EverySystemSideBySide_RowsWithTheCountsThatMatter()
    {
        (int code, string output, _) = await AriaProcess.RunAsync("demo", "--all", "--json");

        code.ShouldBe(0, output);
        JsonObject all = JsonNode.Parse(output)!.AsObject();
        JsonObject[] rows = [.. all["systems"]!.AsArray().Select(r => r!.AsObject())];
        rows.Select(r => (string)r["ats"]!).ShouldBe(DemoSystems.Names);
        string[] counts = ["candidates", "invited", "completed", "noShow", "skipped", "writtenBack", "lost", "duplicates"];
        foreach (JsonObject row in rows)
        {
            counts.Select(n => (int)row[n]!).ShouldBe([20, 17, 16, 1, 3, 17, 0, 0], (string)row["ats"]!);
            ((bool)row["ok"]!).ShouldBeTrue();
        }
        ((int)all["lost"]!, (int)all["duplicates"]!, (bool)all["ok"]!).ShouldBe((0, 0, true));
    }

    [Fact]
    public async Task Demo_OneSystem_OneObjectWithItsCounts()
    {
        (int code, string output, _) = await AriaProcess.RunAsync("demo", "--ats", "lever", "--json");

        code.ShouldBe(0, output);
        JsonObject summary = JsonNode.Parse(output)!.AsObject();
        ((string)summary["ats"]!, (int)summary["writtenBack"]!, (bool)summary["ok"]!).ShouldBe(("lever", 17, true));
    }
}

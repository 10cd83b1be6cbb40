using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>A host process beside the stand-ins, and the verbs that speak to it.</summary>
public sealed class RunningHostTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["ARIA_SECRET_DEMO_MASTER_KEY"] = Convert.ToBase64String(Enumerable.Repeat((byte)3, 32).ToArray()),
        ["ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_ID"] = "greenhouse-sandbox-client",
        ["ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_SECRET"] = "greenhouse-sandbox-secret",
        ["ARIA_SECRET_DEMO_GREENHOUSE_WEBHOOK"] = GreenhouseDemo.HookSecret,
        ["ARIA_SECRET_DEMO_ARIA_API_KEY"] = "aria-sandbox-key",
        ["ARIA_SECRET_DEMO_ARIA_WEBHOOK"] = DemoWorkspace.AriaHookSecret,
        // Whoever sets this must not make the host show stack traces.
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
    };

    private GreenhouseSandbox _greenhouse = null!;
    private AriaSandbox _aria = null!;
    private LoopWorkspace _workspace = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string[] Start => ["run", "--workspace", _workspace.Folder, "--data", _workspace.Data, "--environment", DemoWorkspace.Environment, "--urls", "http://127.0.0.1:0"];

    public async ValueTask InitializeAsync()
    {
        _greenhouse = await GreenhouseSandbox.StartAsync(new GreenhouseOptions { Jobs = DemoScenario.Jobs }, Stop);
        _aria = await AriaSandbox.StartAsync(new AriaOptions(), Stop);
        _workspace = new LoopWorkspace(_greenhouse.ApiUrl, _greenhouse.TokenUrl, _aria.ApiUrl);
    }

    public async ValueTask DisposeAsync()
    {
        await _greenhouse.DisposeAsync();
        await _aria.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Host_SentASubject_InvitesAndTellsAboutTheRun()
    {
        long application = _greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567"));
        (AriaProcess host, Uri address) = await AriaProcess.StartAsync(Secrets, Start);
        await using (host)
        {
            await RefusesASecondHostAsync();
            await KeepsControlFromTheNetworkAsync(address);

            (int code, string output, string errors) = await AriaProcess.RunAsync("send", "invite-by-stage", $"{application}", "--data", _workspace.Data, "--json");
            code.ShouldBe(0, errors);
            string run = (string)JsonNode.Parse(output)!["runs"]![0]!;
            AriaInterview interview = (await _aria.WhenAsync(i => i.Count > 0, Stop))[0];
            interview.Email.ShouldBe("jane.doe@example.com");
            JsonObject shown = await Eventually.GetAsync(() => WaitingAsync(run), "the run waits for the interview");

            (code, output, _) = await AriaProcess.RunAsync("runs", "--data", _workspace.Data, "--pipeline", "invite-by-stage", "--state", "waiting", "--json");
            (code, (string)JsonNode.Parse(output)!.AsArray().Single()!["id"]!).ShouldBe((0, run));
            JsonNode invite = shown["effects"]!.AsArray().Single(e => (string)e!["path"]! == "invite")!;
            ((string)invite["operation"]!, (string)invite["state"]!).ShouldBe(("interview.create", "confirmed"));
            shown.ToJsonString().ShouldNotContain("aria-sandbox-key");

            (code, _, errors) = await AriaProcess.RunAsync("runs", "nobody", "--data", _workspace.Data);
            (code, errors.Trim()).ShouldBe((1, "There is no run 'nobody'."));
            (code, _, errors) = await AriaProcess.RunAsync("send", "invite", "1", "--data", _workspace.Data);
            (code, errors.Trim()).ShouldBe((1, "There is no pipeline 'invite' with a manual trigger. Known: invite-by-stage."));
            (await host.StopAsync()).ShouldBe(0, host.Errors);
            host.Output.ShouldBe("");
            Secrets.Where(s => s.Key != "ASPNETCORE_ENVIRONMENT").ShouldAllBe(s => !host.Errors.Contains(s.Value));
        }
    }

    [Fact]
    public async Task Host_OperatedByHand_CancelsReplaysAndExaminesItself()
    {
        long application = _greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567"));
        (AriaProcess host, _) = await AriaProcess.StartAsync(Secrets, Start);
        await using (host)
        {
            (_, string output, _) = await AriaProcess.RunAsync("send", "invite-by-stage", $"{application}", "--data", _workspace.Data, "--json");
            string run = (string)JsonNode.Parse(output)!["runs"]![0]!;
            await Eventually.GetAsync(() => WaitingAsync(run), "the run waits for the interview");

            (await SaysAsync("replay", run)).ShouldBe((1, $"Run '{run}' has not ended: it is waiting."));
            (await SaysAsync("runs", "cancel", run, "--reason", "withdrawn")).ShouldBe((0, $"Run {run} is cancelled."));
            (await SaysAsync("replay", run, "--preview")).Said.ShouldContain("  invite: aria.interview.create already confirmed (confirmed ");
            (int code, string said) = await SaysAsync("replay", run);
            code.ShouldBe(0, said);
            await Eventually.GetAsync(() => WaitingAsync(said.Split(' ')[^1].TrimEnd('.')), "the replay waits for the interview");
            _aria.InvitationsCreated.ShouldBe(1);
            (await SaysAsync("resolve", run, "--done")).ShouldBe((1, $"Run '{run}' is cancelled, and none of its effects needs a review."));
            (await SaysAsync("resolve", "nobody", "--done")).ShouldBe((1, "There is no effect 'nobody'."));
            (await SaysAsync("replay", "nobody")).ShouldBe((1, "There is no run or event 'nobody'."));
            (await SaysAsync("replay", "--failed")).ShouldBe((0, "Nothing fits: nothing was replayed."));
            (int whole, string stands) = await SaysAsync("audit", "verify");
            (whole, stands.Split(':')[1]).ShouldBe((0, " 2 rows. It stands at 2"), stands);
            string anchor = stands.Split(' ')[^1].TrimEnd('.');
            (await SaysAsync("audit", "verify", "--anchor", anchor)).ShouldBe((0, stands));
            (await SaysAsync("audit", "verify", "--anchor", "3" + anchor[1..]))
                .ShouldBe((1, "The audit chain is broken at row 3: The chain ends before the anchor: row 3 is missing; the anchor names row 3."));
            (await SaysAsync("audit", "verify", "--anchor", "two")).Said.ShouldStartWith("'two' is not an anchor: it is a row's number, a colon and 64 hexadecimal digits");
            (await SaysAsync("audit", "list")).Said.ShouldContain("run.cancelled");
            (await SaysAsync("events", "--state", "open")).Said.ShouldContain("manual");
            (await SaysAsync("runs", "--failures", "--json")).ShouldBe((0, "[]"));
            (await SaysAsync("doctor", "--invariants")).Said.Split('\n').Length.ShouldBe(9);
            (await host.StopAsync()).ShouldBe(0, host.Errors);
        }
        (int healthy, string report, string errors) = await AriaProcess.RunAsync(
            Secrets, "doctor", "--invariants", "--data", _workspace.Data, "--environment", DemoWorkspace.Environment);
        healthy.ShouldBe(0, report + errors);
        report.Split('\n')[0].TrimEnd().ShouldBe("I1 holds    Every event that was answered with success is recorded.");
    }

    [Theory]
    [InlineData("--urls")]
    [InlineData("--management")]
    public async Task Host_AddressThatSomebodyHas_SaysWhichAndNothingElse(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = $"http://{taken.LocalEndpoint}";

        (int code, _, string errors) = await AriaProcess.RunAsync(Secrets, [.. option == "--urls" ? Start[..^2] : Start, option, address]);

        (code, errors.Trim()).ShouldBe((1, $"The host cannot listen on {address}: another program listens there already. Stop it, or give another address with '{option}'."));
    }

    [Fact]
    public async Task Host_NoPipelineHasAManualTrigger_SaysWhatToWrite()
    {
        _workspace.Edit("invite-by-stage/pipeline.json", pipeline => pipeline["triggers"]!.AsArray().RemoveAt(1));
        (AriaProcess host, _) = await AriaProcess.StartAsync(Secrets, Start);
        await using (host)
        {
            (await SaysAsync("send", "invite-by-stage", "1")).ShouldBe(
                (1, "No pipeline has a manual trigger, so nothing can be started by hand. Add one to 'triggers' of a pipeline: { \"manual\": { \"subject\": \"<connection>.application\" } }."));
        }
    }

    [Fact]
    public async Task Host_PipelineIsNotEnabled_StartsNothingByHand()
    {
        _workspace.Edit("invite-by-stage/pipeline.json", pipeline => pipeline["enabled"] = false);
        (AriaProcess host, _) = await AriaProcess.StartAsync(Secrets, Start);
        await using (host)
        {
            (int code, _, string errors) = await AriaProcess.RunAsync("send", "invite-by-stage", "1", "--data", _workspace.Data);

            (code, errors.Trim()).ShouldBe((1, "Pipeline 'invite-by-stage' is not enabled: it starts no new runs."));
        }
    }

    [Fact]
    public async Task Host_RunsItKeeps_BecomeACaseAndAPlan()
    {
        _greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567"));
        (AriaProcess host, Uri address) = await AriaProcess.StartAsync(Secrets, Start);
        await using (host)
        {
            await DeliverAsync(address);
            string run = await Eventually.GetAsync(() => EndedAsync("skipped"), "the run of the delivery has ended");
            (await SaysAsync("runs", run)).Said.ShouldContain(
                "The event is not wanted: the condition of its trigger did not give true: event.application.stage?.name === 'Phone Screen' (invite-by-stage/pipeline.json, line ");
            string file = Path.Combine(_workspace.Folder, "invite-by-stage/cases/real.json");

            (int code, string output, string errors) = await AriaProcess.RunAsync("test", "record", run, "--data", _workspace.Data, "--out", file, "--environment", DemoWorkspace.Environment);
            (code, errors).ShouldBe((0, ""), output);
            JsonNode recorded = JsonNode.Parse(await File.ReadAllTextAsync(file, Stop))!;
            recorded["$schema"]!.GetValue<string>().ShouldEndWith("schemas/case.schema.json");
            ((string)recorded["expect"]!["state"]!, (string)recorded["expect"]!["code"]!).ShouldBe(("skipped", "when"));
            recorded.ToJsonString().ShouldNotContain("giuseppe.hurley", Case.Insensitive);
            (code, _, errors) = await AriaProcess.RunAsync("test", "record", run, "--data", _workspace.Data, "--out", file);
            (code, errors.Trim()).ShouldBe((1, $"The file '{file}' exists. Give another name with --out, or remove it first."));

            _workspace.Edit("invite-by-stage/pipeline.json", pipeline =>
            {
                pipeline["triggers"]![0]!.AsObject().Remove("when");
                pipeline.Remove("rollout");
            });
            (code, output, errors) = await AriaProcess.RunAsync("plan", "invite-by-stage", "--workspace", _workspace.Folder, "--recorded", "5", "--data", _workspace.Data, "--against", "pipelines", "--json");
            (code, errors).ShouldBe((0, ""));
            JsonNode planned = JsonNode.Parse(output)!["events"]!.AsArray().ShouldHaveSingleItem()!;
            ((string)planned["before"]!, (string)planned["fate"]!).ShouldBe(("skipped", "caught"));
            output.ShouldNotContain("giuseppe.hurley", Case.Insensitive);
        }
    }

    private static async Task DeliverAsync(Uri address)
    {
        byte[] body = await File.ReadAllBytesAsync(Path.Combine(Repository.Plugins, "Greenhouse/samples/candidate_stage_change.json"), Stop);
        byte[] signature = System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(GreenhouseDemo.HookSecret), body);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/hooks/greenhouse")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Signature", $"sha256 {Convert.ToHexStringLower(signature)}");
        (await http.SendAsync(request, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<string?> EndedAsync(string state)
    {
        (_, string output, _) = await AriaProcess.RunAsync("runs", "--data", _workspace.Data, "--state", state, "--json");
        return JsonNode.Parse(output)!.AsArray().FirstOrDefault()?["id"]?.GetValue<string>();
    }

    private async Task RefusesASecondHostAsync()
    {
        (int code, _, string errors) = await AriaProcess.RunAsync(Secrets, Start);

        code.ShouldBe(1);
        errors.ShouldContain("is in use by another process (store_in_use). Stop that process, or give this one its own data folder.");
    }

    private static async Task KeepsControlFromTheNetworkAsync(Uri address)
    {
        using var http = new HttpClient();
        (string Method, string Path)[] asked =
        [
            ("GET", "/control/runs"), ("GET", "/control/runs/x"), ("POST", "/control/send/invite-by-stage?subject=1"), ("POST", "/control/send/x"), ("DELETE", "/Control/runs"),
        ];
        foreach ((string method, string path) in asked)
        {
            HttpResponseMessage answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(address, path)), Stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    /// <summary>What a verb says on either stream, and how it ends.</summary>
    private async Task<(int Code, string Said)> SaysAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync([.. arguments, "--data", _workspace.Data]);
        return (code, (output + errors).Trim());
    }

    private async Task<JsonObject?> WaitingAsync(string run)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("runs", run, "--data", _workspace.Data, "--json");
        code.ShouldBe(0, errors);
        JsonObject shown = JsonNode.Parse(output)!.AsObject();
        return (string)shown["state"]! == "waiting" ? shown : null;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary><c>aria sandbox --ats</c>: what it prints is all that a host needs, and what is typed happens in the systems.</summary>
public sealed partial class SandboxVerbTests
{
    public static TheoryData<string> Systems => [.. DemoSystems.Names];

    [Theory]
    [InlineData("lever", "oauth")]
    [InlineData("bamboohr", "key")]
    public async Task Ats_HostStartedAsPrinted_TheLoopIsClosedByTypingAndNoSecretIsKept(string ats, string auth)
    {
        string host = $"http://127.0.0.1:{FreePort()}";
        await using AriaProcess sandbox = AriaProcess.Begin("sandbox", "--ats", ats, "--host", host);
        string printed = await SaysAsync(sandbox, "it goes when this stops.");
        Dictionary<string, string> secrets = Exported().Matches(printed).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim('\''));
        secrets["ARIA_SECRET_DEMO_MASTER_KEY"] = Convert.ToBase64String(new byte[32]);
        Authenticate(Path.Combine(DemoWorkspaceOf(printed), "pipelines", "environments", "demo.json"), auth);
        string[] arguments = Started().Match(printed).Groups["arguments"].Value.Split(' ');

        (AriaProcess started, Uri _) = await AriaProcess.StartAsync(secrets, arguments);
        await using (started)
        {
            await SaysAsync(sandbox, "The host is there");
            sandbox.Type("apply jane.doe@example.com Jane Doe");
            string application = Application().Match(await SaysAsync(sandbox, "application ")).Groups["id"].Value;
            sandbox.Type($"move {application} Phone Screen");
            string interview = Interview().Match(await ShowsAsync(sandbox, ": jane.doe@example.com, Invited")).Value;
            sandbox.Type($"complete {interview} 8.5 advance");

            string shown = await ShowsAsync(sandbox, $"application {application}: completed");
            shown.ShouldContain(", recommendation advance, transcript https://app.ariahr.ai/transcripts/");
            sandbox.Type($"complete {interview} 8.5 advance");
            await SaysAsync(sandbox, $"That is not possible: Interview '{interview}' is completed already.");
            (await started.StopAsync()).ShouldBe(0);
            string kept = string.Concat(Directory.EnumerateFiles(Path.Combine(DemoWorkspaceOf(printed), "data")).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
            secrets.Values.Where(s => (kept + started.Output + started.Errors).Contains(s, StringComparison.Ordinal)).ShouldBeEmpty();
        }
        (await sandbox.StopAsync()).ShouldBe(0, sandbox.Errors);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Ats_EverySystem_StartsAndStops(string ats)
    {
        await using AriaProcess sandbox = AriaProcess.Begin("sandbox", "--ats", ats, "--host", $"http://127.0.0.1:{FreePort()}");

        string printed = await SaysAsync(sandbox, "it goes when this stops.");

        File.ReadAllText(Path.Combine(DemoWorkspaceOf(printed), "pipelines", "invite-by-stage", "pipeline.json")).ShouldContain($"\"{ats}\"");
        (await sandbox.StopAsync()).ShouldBe(0, sandbox.Errors);
        Directory.Exists(DemoWorkspaceOf(printed)).ShouldBeFalse();
    }

    [Fact]
    public async Task Sandbox_CommandsForTheInterviewAsPrinted_EndIt()
    {
        (int greenhouse, int aria) = (FreePort(), FreePort());
        await using AriaProcess sandbox = AriaProcess.Begin("sandbox", "--greenhouse-port", $"{greenhouse}", "--aria-port", $"{aria}", "--host", $"http://127.0.0.1:{FreePort()}");
        string printed = await SaysAsync(sandbox, "_sandbox/state");
        Dictionary<string, string> commands = Interviewing().Matches(printed).ToDictionary(m => m.Groups["what"].Value, m => m.Groups["body"].Value);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{aria}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "aria-sandbox-key");

        commands.Keys.ShouldBe(["complete", "no-show"]);
        foreach ((string what, string body) in commands)
        {
            JsonNode invited = await PostAsync(http, "v1/interviews", """{ "candidate": { "email": "jane.doe@example.com", "name": "Jane Doe" }, "job_id": "1", "interview_kit_id": "kit_1" }""");
            JsonNode ended = await PostAsync(http, $"_sandbox/interviews/{invited["interview_id"]}/{what}", body);
            ((string)ended["status"]!).ShouldBe(what == "complete" ? "completed" : "no_show");
        }
        printed.ShouldContain("export ARIA_SECRET_SANDBOX_ARIA_WEBHOOK=");
        (await sandbox.StopAsync()).ShouldBe(0, sandbox.Errors);
    }

    [Fact]
    public async Task Ats_Unknown_SaysWhichThereAre()
    {
        (int code, string _, string errors) = await AriaProcess.RunAsync("sandbox", "--ats", "taleo");

        code.ShouldBe(2);
        errors.ShouldContain("'taleo'");
        errors.ShouldContain("lever");
    }

    private static void Authenticate(string environment, string auth)
    {
        JsonNode overlay = JsonNode.Parse(File.ReadAllText(environment))!;
        JsonNode settings = overlay["connections"]!["aria"]!["settings"]!;
        (settings["auth"], settings["clientId"], settings["clientSecret"]) = (auth, "${secret:aria-client-id}", "${secret:aria-client-secret}");
        File.WriteAllText(environment, overlay.ToJsonString());
    }

    private static string DemoWorkspaceOf(string printed) => Path.GetDirectoryName(Started().Match(printed).Groups["workspace"].Value)!;

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, string body)
    {
        using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }

    private static Task<string> SaysAsync(AriaProcess sandbox, string text) => Eventually.GetAsync(
        () => Task.FromResult(sandbox.Output.Contains(text, StringComparison.Ordinal) ? sandbox.Output : null), $"'{text}' (it said: {sandbox.Output} {sandbox.Errors})");

    /// <summary>Asks again and again for what there is.</summary>
    private static Task<string> ShowsAsync(AriaProcess sandbox, string text) => Eventually.GetAsync(
        () =>
        {
            sandbox.Type("show");
            return Task.FromResult(sandbox.Output.Contains(text, StringComparison.Ordinal) ? sandbox.Output : null);
        },
        $"'{text}'");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"export (?<name>ARIA_SECRET_\w+)=(?<value>'[^']*')", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Exported();

    [GeneratedRegex(@"aria (?<arguments>run .*--workspace (?<workspace>\S+) .*)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Started();

    [GeneratedRegex(@"curl -sX POST \S+_sandbox/interviews/<interview_id>/(?<what>[a-z-]+) -d '(?<body>[^']*)'", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Interviewing();

    [GeneratedRegex(@"^application (?<id>\S+)\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 10_000)]
    private static partial Regex Application();

    [GeneratedRegex(@"int_\w+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Interview();
}

using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.EndToEnd.Tests.Telemetry;

/// <summary>What Prometheus reads from a host process, and who may read it.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["ARIA_SECRET_DEMO_MASTER_KEY"] = Convert.ToBase64String(Enumerable.Repeat((byte)5, 32).ToArray()),
        ["ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_ID"] = "greenhouse-sandbox-client",
        ["ARIA_SECRET_DEMO_GREENHOUSE_CLIENT_SECRET"] = "greenhouse-sandbox-secret",
        ["ARIA_SECRET_DEMO_GREENHOUSE_WEBHOOK"] = GreenhouseDemo.HookSecret,
        ["ARIA_SECRET_DEMO_ARIA_API_KEY"] = "aria-sandbox-key",
        ["ARIA_SECRET_DEMO_ARIA_WEBHOOK"] = DemoWorkspace.AriaHookSecret,
    };

    private GreenhouseSandbox _greenhouse = null!;
    private AriaSandbox _aria = null!;
    private LoopWorkspace _workspace = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
    public async Task Metrics_AfterAnInvitation_TellItToTheManagementAddressAndTheSocketOnly()
    {
        var management = new Uri($"http://127.0.0.1:{HostProcess.FreePort()}");
        (AriaProcess host, Uri address) = await StartAsync(Secrets, "--management", management.ToString());
        await using (host)
        {
            await InviteAsync(address);

            string metrics = await Eventually.GetAsync(
                async () => await Http.GetStringAsync(new Uri(management, "/metrics"), Stop) is var text && text.Contains("aria_runs_total{", StringComparison.Ordinal) ? text : null,
                "a run was left");

            ShouldCount(metrics, "aria_events_total", "connection=\"greenhouse\"", "outcome=\"accepted\"");
            ShouldCount(metrics, "aria_deliveries_refused_total", "connection=\"greenhouse\"", "code=\"signature_missing\"");
            ShouldCount(metrics, "aria_runs_total", "pipeline=\"invite-by-stage\"", "state=\"waiting\"");
            ShouldCount(metrics, "aria_attempt_duration_seconds_count", "operation=\"interview.create\"", "class=\"lookup\"", "outcome=\"confirmed\"");
            ShouldCount(metrics, "aria_store_commit_duration_seconds_count", "synced=\"true\"");
            ShouldCount(metrics, "aria_store_commit_operations_count");
            metrics.ShouldContain("aria_runs_open{");
            metrics.ShouldNotContain("jane.doe", Case.Insensitive, "metrics hold no personal data");
            Secrets.Values.ShouldAllBe(secret => !metrics.Contains(secret));
            (await Http.GetAsync(new Uri(address, "/metrics"), Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "senders of webhooks do not see them");
            (await FromSocketAsync()).ShouldContain("aria_events_total{");
            (await Http.GetAsync(new Uri(management, "/control/runs"), Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Metrics_SwitchedOff_AreNowhere()
    {
        var management = new Uri($"http://127.0.0.1:{HostProcess.FreePort()}");
        (AriaProcess host, _) = await StartAsync(new Dictionary<string, string>(Secrets) { ["OTEL_SDK_DISABLED"] = "true" }, "--management", management.ToString());
        await using (host)
        {
            (await Http.GetAsync(new Uri(management, "/metrics"), Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    private static HttpClient Http { get; } = new();

    private async Task<(AriaProcess Host, Uri Address)> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] more) => await AriaProcess.StartAsync(
        environment,
        ["run", "--workspace", _workspace.Folder, "--data", _workspace.Data, "--environment", DemoWorkspace.Environment, "--urls", "http://127.0.0.1:0", .. more]);

    private async Task InviteAsync(Uri address)
    {
        (await Http.PostAsync(new Uri(address, "/hooks/greenhouse"), new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), Stop))
            .StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await _greenhouse.AddWebhookAsync(new Uri(address, "/hooks/greenhouse"), GreenhouseDemo.HookSecret, ["candidate_stage_change"]);
        long application = _greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567"));
        _greenhouse.MoveStage(application, "Phone Screen");
        await _aria.WhenAsync(interviews => interviews.Count > 0, Stop);
    }

    private async Task<string> FromSocketAsync()
    {
        string path = Host.Control.ControlApi.SocketPath(_workspace.Data);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        return await http.GetStringAsync(new Uri("http://control/metrics"), Stop);
    }

    /// <summary>One series of this name has all these labels, and counted something.</summary>
    private static void ShouldCount(string metrics, string name, params string[] labels) => metrics.Split('\n')
        .Any(line => line.StartsWith(name, StringComparison.Ordinal) && labels.All(line.Contains) && Regex.IsMatch(line, @"\} [1-9]", RegexOptions.None, TimeSpan.FromSeconds(1)))
        .ShouldBeTrue($"{name} with {string.Join(", ", labels)} in:\n{metrics}");
}

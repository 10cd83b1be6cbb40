using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Telemetry;

/// <summary>What a host process logs between its start and its end.</summary>
public sealed class HostLogTests : IDisposable
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

    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    private readonly LoopWorkspace _workspace = new(Nobody, Nobody, Nobody);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Log_OfAHost_SaysWhenWhatStartedWhatWasRefusedAndThatItStopped()
    {
        (AriaProcess host, Uri address) = await AriaProcess.StartAsync(
            Secrets,
            ["run", "--workspace", _workspace.Folder, "--data", _workspace.Data, "--environment", DemoWorkspace.Environment, "--urls", "http://127.0.0.1:0"]);
        await using (host)
        {
            using var http = new HttpClient();
            using var body = new StringContent("{}", Encoding.UTF8, "application/json");
            HttpResponseMessage refused = await http.PostAsync(new Uri(address, "/hooks/greenhouse"), body, Stop);
            string trace = (string)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Stop))!["traceId"]!;
            (await host.StopAsync()).ShouldBe(0);

            JsonNode[] lines = [.. host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!)];
            lines.ShouldAllBe(l => DateTimeOffset.ParseExact((string)l["Timestamp"]!, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).Offset == TimeSpan.Zero);
            string[] told = [.. lines.Select(l => (string)l["Message"]!)];
            told[0].ShouldStartWith("Aria ");
            told[0].ShouldContain($" has started: environment demo, store sqlite in {Path.GetFullPath(_workspace.Data)}, ");
            told[0].ShouldContain($"Now listening on: {address.GetLeftPart(UriPartial.Authority)}, ");
            told.ShouldContain(
                $"A delivery for greenhouse was refused with 401: signature_missing (2 bytes, trace {trace}) The signature is looked for in the header 'Signature' and made with the secret in the setting 'webhookSecret'.");
            told[^1].ShouldBe("Aria has stopped in good order");
            told.ShouldAllBe(t => !t.Contains("Hosting environment"));
        }
    }
}

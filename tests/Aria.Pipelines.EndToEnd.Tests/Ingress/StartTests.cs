using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>What other engines do wrong while they start, and at the price of a slow start.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["greenhouse-client-id"] = "greenhouse-sandbox-client",
        ["greenhouse-client-secret"] = "greenhouse-sandbox-secret",
        ["greenhouse-webhook"] = GreenhouseDemo.HookSecret,
        ["aria-api-key"] = "aria-sandbox-key",
        ["aria-webhook"] = DemoWorkspace.AriaHookSecret,
        ["master-key"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()),
    };

    private const int Enough = 10;

    private const string Body = """{"action":"candidate_stage_change","payload":{"application":{"id":ID,"current_stage":{"name":"Other"}}}}""";

    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    private readonly LoopWorkspace _workspace = new(Nobody, Nobody, Nobody);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Start_DeliveriesFromTheFirstMoment_NoneIsAnsweredBeforeItIsKept()
    {
        int port = HostProcess.FreePort();
        using var http = new HttpClient();
        var acknowledged = new List<string>();
        Task sending = DeliverAsync(http, new Uri($"http://127.0.0.1:{port}/hooks/greenhouse"), acknowledged, Stop);

        await using HostProcess host = await HostProcess.StartAsync(_workspace, Secrets, port);
        await sending;

        JsonArray runs = await HostProcess.RunsAsync(_workspace.Data, all => all.Count >= acknowledged.Count, "every acknowledged event has its run");
        runs.Select(r => (string)r!["event"]!).ShouldBe(acknowledged, ignoreOrder: true);
    }

    [Fact]
    public async Task Start_InABigFolder_WatchesNoFiles()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process watches is read from /proc.");
        await using HostProcess host = await HostProcess.StartAsync(_workspace, Secrets, HostProcess.FreePort());

        string[] watched = [.. Directory.GetFiles($"/proc/{host.Id}/fdinfo").SelectMany(LinesOf).Where(l => l.StartsWith("inotify", StringComparison.Ordinal))];

        watched.ShouldBeEmpty("a watch over the folder the host was started in makes the start take seconds in a big one");
    }

    private static string[] LinesOf(string handle)
    {
        try
        {
            return File.ReadAllLines(handle);
        }
        catch (FileNotFoundException)
        {
            // Closed since the list was made.
            return [];
        }
    }

    private static async Task DeliverAsync(HttpClient http, Uri hook, List<string> acknowledged, CancellationToken cancellationToken)
    {
        for (int i = 0; acknowledged.Count < Enough; i++)
        {
            byte[] body = Encoding.UTF8.GetBytes(Body.Replace("ID", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            using var request = new HttpRequestMessage(HttpMethod.Post, hook) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add("Signature", "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(GreenhouseDemo.HookSecret), body)));
            try
            {
                HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    acknowledged.Add((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["events"]![0]!);
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet: the sender tries again.
            }
        }
    }
}

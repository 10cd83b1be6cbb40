using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host.Control;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>
/// F17: twenty secrets and a person's name that stand nowhere else. A target that says the key back, wrong signatures, bodies that cannot be
/// read, and kills; then logs, raw bytes of the store and the outputs of verbs are searched. Every other campaign with a host searches its logs and store too.
/// </summary>
internal sealed class LeakCampaign : Campaign
{
    private const int AtATime = 3;
    private const int Events = 60;
    private const int EffectFaults = 60;
    private const int RunsShown = 15;

    // A process for each would take most of the campaign's time; the host gives the same to all of them.
    private const int RunsPrinted = 2;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Id => "F17";

    public override string Title => "20 canaries searched in logs, store and outputs";

    public override int FullCount => 20;

    public override int CiCount => 1;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, settings.Count), options, async (number, token) => await TrialAsync(settings.TrialSeed(number), tally, token));
    }

    private static async Task TrialAsync(long seed, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(EffectFaults, dice.Fork()), cancellationToken);
        IReadOnlyList<Order> orders = Order.Mix(Events, bed.Canaries.Person);
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        using Sender sender = bed.NewSender();
        await sender.SendAsync(orders.Take(Events / 2), cancellationToken);
        await UglyAsync(bed, orders, cancellationToken);
        await host.KillAsync();
        host = await bed.StartReadyAsync(cancellationToken);
        await sender.SendAsync(orders.Skip(Events / 2), cancellationToken);
        await Checker.WhenAtRestAsync(bed.StoreFile, TimeSpan.FromMinutes(3), cancellationToken);
        await OutputsAsync(bed, seed, tally, cancellationToken);
        tally.Trial();
        tally.Fault();
        // Leaks in log and store are looked for here, as in every campaign.
        await bed.SettleAsync(host, tally, seed, cancellationToken);
    }

    /// <summary>Deliveries that a host must refuse or put aside: secrets stand where they do not belong.</summary>
    private static async Task UglyAsync(Testbed bed, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach ((string path, string body, string signature) in ((string, string, string)[])
        [
            ("/hooks/target", orders[0].Text, bed.Canaries.Webhook[0]),
            ("/hooks/target", "{\"type\": ", Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(bed.Canaries.Webhook[^1]), "{\"type\": "u8))),
            ($"/hooks/target?key={bed.Canaries.ApiKey}", "{}", "00"),
            ($"/hooks/{bed.Canaries.ApiKey}", "{}", "00"),
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bed.Address, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Counting-Signature", signature);
            request.Headers.Add("Authorization", $"Bearer {bed.Canaries.ApiKey}");
            (await http.SendAsync(request, cancellationToken)).Dispose();
        }
    }

    private static async Task OutputsAsync(Testbed bed, long seed, Tally tally, CancellationToken cancellationToken)
    {
        string list = await Shell.VerbAsync(bed.Folder, ["runs", "--data", bed.Data, "--max", "500", "--json"], cancellationToken);
        List<(string Verb, string Output)> outputs = [("runs", list)];
        // The runs that met faults have answers on record that held the key.
        string[] ids = [.. JsonNode.Parse(list)!.AsArray().OrderBy(r => r!["state"]!.ToString() == "succeeded").Select(r => r!["id"]!.ToString()).Take(RunsShown)];
        tally.Demand(ids.Length == RunsShown, seed, string.Create(CultureInfo.InvariantCulture, $"Only {ids.Length} runs were shown: {list}"));
        using var client = new ControlClient(bed.Data);
        foreach (string id in ids)
        {
            outputs.Add(($"the host about run {id}", (await client.AskAsync(HttpMethod.Get, $"runs/{id}", cancellationToken)).Answer.ToJsonString(Readable)));
        }
        foreach (string id in ids.Take(RunsPrinted))
        {
            outputs.Add(($"runs {id}", await Shell.VerbAsync(bed.Folder, ["runs", id, "--data", bed.Data, "--json"], cancellationToken)));
        }
        outputs.Add(("lint", await Shell.VerbAsync(bed.Folder, ["lint", "--workspace", bed.Workspace, "--plugins", Path.Combine(bed.Folder, "plugins"), "--environment", Testbed.Environment], cancellationToken)));
        bool masked = false;
        foreach ((string verb, string output) in outputs)
        {
            masked |= output.Contains("You sent: ", StringComparison.Ordinal);
            byte[] bytes = Encoding.UTF8.GetBytes(output);
            foreach ((string name, byte[] canary) in bed.Canaries.All.Where(c => c.Name != "personal data"))
            {
                tally.Demand(bytes.AsSpan().IndexOf(canary) < 0, seed, $"The {name} stands in the output of '{verb}'");
            }
        }
        tally.Demand(masked, seed, "No run shows an answer that said the key back, so nothing was tried");
    }
}

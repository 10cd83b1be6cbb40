using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host.Control;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F25: everything that happened is replayed, twice. The preview says that nothing would be sent, and nothing is: what is confirmed was done. Then the live self-check examines it all.</summary>
internal sealed class ReplayCampaign : Campaign
{
    private const int Senders = 20;
    private const int Replays = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public override string Id => "F25";

    public override string Title => "all events replayed twice, then `aria doctor --invariants` on the running host";

    public override int FullCount => 10_000;

    public override int CiCount => 50;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(settings.Seed), _ => null, cancellationToken);
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        var queue = new ConcurrentQueue<Order>(Enumerable.Range(0, settings.Count).Select(n => new Order(n, "placed", $"s{n}", bed.Canaries.Person)));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(bed.NewSender())));
        await Checker.WhenAtRestAsync(bed.StoreFile, Patience, cancellationToken);
        tally.Trial(settings.Count);
        Dictionary<string, int> sent = Sent(bed);
        settings.Say($"{settings.Count} events done, {sent.Count} effects that change something");

        using var client = new ControlClient(bed.Data);
        await PreviewAsync(client, settings.Seed, tally, cancellationToken);
        for (int replay = 0; replay < Replays; replay++)
        {
            long started = Stopwatch.GetTimestamp();
            (bool good, JsonNode answer) = await client.AskAsync(HttpMethod.Post, "replay", Asked(), cancellationToken);
            int runs = good ? answer["runs"]!.AsArray().Count(r => r!["run"] is not null) : 0;
            TimeSpan taken = Stopwatch.GetElapsedTime(started);
            await Checker.WhenAtRestAsync(bed.StoreFile, Patience, cancellationToken);
            tally.Fault(runs);
            tally.Demand(runs == 2 * settings.Count, settings.Seed, $"{runs} of {2 * settings.Count} runs were replayed: {answer.ToJsonString()[..Math.Min(500, answer.ToJsonString().Length)]}");
            tally.Note(string.Create(CultureInfo.InvariantCulture, $"{runs} runs replayed in {taken.TotalSeconds:0.0} s, at rest after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
            settings.Say($"replay {replay + 1} done");
        }
        foreach ((string name, int received) in Sent(bed).Where(e => e.Value != sent.GetValueOrDefault(e.Key)))
        {
            tally.Violation(settings.Seed, $"{name} was confirmed, and a replay sent it again: {sent.GetValueOrDefault(name)} requests before, {received} afterwards");
        }
        long asked = Stopwatch.GetTimestamp();
        string examined = await Shell.VerbAsync(bed.Folder, ["doctor", "--invariants", "--data", bed.Data, "--json"], cancellationToken);
        tally.Demand(JsonNode.Parse(examined) is JsonArray { Count: 9 } findings && findings.All(f => (bool)f!["holds"]!), settings.Seed, $"`aria doctor --invariants`: {examined}");
        tally.Note(string.Create(CultureInfo.InvariantCulture, $"`aria doctor --invariants` took {Stopwatch.GetElapsedTime(asked).TotalSeconds:0.0} s"));
        await bed.SettleAsync(host, tally, settings.Seed, cancellationToken);

        async Task SendAsync(Sender sender)
        {
            while (queue.TryDequeue(out Order? order))
            {
                await sender.SendAsync(order, cancellationToken);
            }
        }
    }

    private static async Task PreviewAsync(ControlClient client, long seed, Tally tally, CancellationToken cancellationToken)
    {
        JsonObject asked = Asked();
        asked["preview"] = true;
        long started = Stopwatch.GetTimestamp();
        (_, JsonNode answer) = await client.AskAsync(HttpMethod.Post, "replay", asked, cancellationToken);
        Dictionary<string, int> verdicts = answer["runs"]!.AsArray().SelectMany(r => r!["effects"]!.AsArray()).CountBy(e => e!["verdict"]!.ToString()).ToDictionary();
        string said = string.Join(", ", verdicts.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Value} {v.Key}"));
        tally.Demand(verdicts.Count > 0 && verdicts.Keys.All(v => v is "confirmed" or "read"), seed, $"The preview says that something would be sent: {said}");
        tally.Note(string.Create(CultureInfo.InvariantCulture, $"preview: {said}, and {answer["more"]} runs more, in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
    }

    private static JsonObject Asked() => new() { ["by"] = "rig", ["reason"] = "F25", ["definition"] = "recorded" };

    /// <summary>Requests that the target got, of every effect that changes something.</summary>
    private static Dictionary<string, int> Sent(Testbed bed) =>
        bed.Target.Entries().Where(e => e.Value.Class != "read").ToDictionary(e => e.Key, e => e.Value.Received);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>
/// F11: five pipelines have far more to send than the account allows, and the host is killed three times meanwhile. At the target's own count no
/// rolling window holds more than the limit, each pipeline gets its share, and all of it is sent in the end.
/// </summary>
internal sealed class BudgetCampaign : Campaign
{
    private const int Limit = 1000;
    private const int Kills = 3;
    private const double LeastShare = 0.8;
    private const string Window = "60s";
    private static readonly TimeSpan Rolling = TimeSpan.FromSeconds(60);

    // A permit is of the moment it is taken. Its request may arrive later, on a busy machine by as much as this, and so nearer to those behind it.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    // One for each effect class, by which the target tells them apart.
    private static readonly string[] Operations = ["read", "put", "keyed", "mark", "tell"];

    public override string Id => "F11";

    public override string Title => $"five pipelines share {Limit} requests in {Window}, three kills";

    public override int FullCount => 5000;

    // A few hundred are through with the burst, of which nobody is owed a share.
    public override int CiCount => 0;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        var arrivals = new List<(string Class, DateTimeOffset At)>();
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), Count, cancellationToken);
        await WriteWorkspaceAsync(bed.Workspace, cancellationToken);
        settings.Say($"the account may make {Limit} requests in {Window}");
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        Sender sender = bed.NewSender();
        int events = settings.Count / Operations.Length;
        await sender.SendAsync(Enumerable.Range(0, events).Select(n => new Order(n, "placed", $"p{n}", bed.Canaries.Person)), cancellationToken);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (int kill = 1; kill <= Kills; kill++)
        {
            int when = settings.Count * kill / (Kills + 1);
            while (Arrived() < when)
            {
                await looks.WaitForNextTickAsync(cancellationToken);
            }
            await Task.Delay(dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)), TimeProvider.System, cancellationToken);
            await host.KillAsync();
            tally.Fault();
            settings.Say($"killed behind {Arrived()} requests");
            host = await bed.StartReadyAsync(cancellationToken);
        }
        await bed.SettleAsync(host, tally, settings.Seed, cancellationToken);
        tally.Trial(settings.Count);
        Judge(arrivals, events, tally, settings.Seed);

        Sandbox.Faults.Fault? Count(string effectClass)
        {
            arrivals.Add((effectClass, TimeProvider.System.GetUtcNow()));
            return null;
        }

        int Arrived() => (int)bed.Target.Requests;
    }

    private static void Judge(List<(string Class, DateTimeOffset At)> arrivals, int events, Tally tally, long seed)
    {
        int most = Most(arrivals, Rolling - OnTheWay);
        tally.Demand(most <= Limit, seed, $"{most} requests arrived within {Window}");
        // Shares are those of the time in which all of them had something left to send.
        Dictionary<string, int> sent = [];
        foreach ((string effectClass, _) in arrivals)
        {
            sent[effectClass] = sent.GetValueOrDefault(effectClass) + 1;
            if (sent[effectClass] == events)
            {
                break;
            }
        }
        double fair = sent.Values.Sum() / (double)Operations.Length;
        double least = sent.Count < Operations.Length ? 0 : sent.Values.Min() / fair;
        string shares = string.Join(", ", sent.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"));
        tally.Demand(least >= LeastShare, seed, $"When the first pipeline was through, they had sent {shares}");
        tally.Note(string.Create(CultureInfo.InvariantCulture, $"at most {Most(arrivals, Rolling)} arrived in any {Window}, {most} in any second less; when the first pipeline was through: {shares}, the least {least:0.00} of a fair share"));
    }

    private static int Most(List<(string Class, DateTimeOffset At)> arrivals, TimeSpan window)
    {
        int most = 0;
        int first = 0;
        for (int last = 0; last < arrivals.Count; last++)
        {
            while (arrivals[last].At - arrivals[first].At >= window)
            {
                first++;
            }
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    private static async Task WriteWorkspaceAsync(string workspace, CancellationToken cancellationToken)
    {
        string connection = Path.Combine(workspace, "connections", "target.json");
        JsonObject account = JsonNode.Parse(await File.ReadAllTextAsync(connection, cancellationToken))!.AsObject();
        account["limits"] = new JsonObject { ["requests"] = Limit, ["per"] = Window };
        await File.WriteAllTextAsync(connection, account.ToJsonString(), cancellationToken);
        foreach (string folder in Directory.EnumerateDirectories(workspace).Where(d => File.Exists(Path.Combine(d, "pipeline.json"))).ToList())
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (string operation in Operations)
        {
            Directory.CreateDirectory(Path.Combine(workspace, operation));
            var pipeline = new JsonObject
            {
                ["connections"] = new JsonObject { ["target"] = "target" },
                ["triggers"] = new JsonArray(new JsonObject { ["on"] = "target.order.placed" }),
                ["steps"] = new JsonArray(new JsonObject
                {
                    ["id"] = operation,
                    ["action"] = $"target.thing.{operation}",
                    ["with"] = new JsonObject { ["event"] = "{{ event.id }}", ["number"] = "{{ event.number }}", ["step"] = operation, ["text"] = "{{ event.text }}" },
                }),
            };
            await File.WriteAllTextAsync(Path.Combine(workspace, operation, "pipeline.json"), pipeline.ToJsonString(), cancellationToken);
        }
    }
}

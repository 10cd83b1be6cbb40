using System.Collections.Concurrent;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F15: every event comes one to five times, in any order, from twenty senders at once. Each is one event, and each subject's events are worked on in the order of acceptance.</summary>
internal sealed class RepeatCampaign : Campaign
{
    private const int Senders = 20;
    private const int MostCopies = 5;
    private const int EventsPerSubject = 5;

    public override string Id => "F15";

    public override string Title => "each event 1 to 5 times, shuffled, 20 senders";

    public override int FullCount => 10_000;

    public override int CiCount => 300;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), _ => null, cancellationToken);
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        List<Order> deliveries =
        [
            .. Enumerable.Range(0, settings.Count)
                .Select(n => new Order(n, "placed", $"s{n / EventsPerSubject}", bed.Canaries.Person))
                .SelectMany(o => Enumerable.Repeat(o, dice.Between(1, MostCopies))),
        ];
        dice.Shuffle(deliveries);
        var queue = new ConcurrentQueue<Order>(deliveries);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(bed.NewSender())));
        tally.Trial(settings.Count);
        tally.Fault(deliveries.Count - settings.Count);
        settings.Say($"{deliveries.Count} deliveries acknowledged");
        await bed.SettleAsync(host, tally, settings.Seed, cancellationToken, TimeSpan.FromMinutes(20));
        Compare(bed, settings, tally);

        async Task SendAsync(Sender sender)
        {
            while (queue.TryDequeue(out Order? order))
            {
                await sender.SendAsync(order, cancellationToken);
            }
        }
    }

    private static void Compare(Testbed bed, CampaignSettings settings, Tally tally)
    {
        using var store = new StoreView(bed.StoreFile);
        long events = store.Number("SELECT COUNT(*) FROM event");
        tally.Demand(events == settings.Count, settings.Seed, $"{settings.Count} events became {events}");
        Dictionary<string, long> sequences = store.List("SELECT id, seq FROM event", r => (r.GetString(0), r.GetInt64(1))).ToDictionary(r => r.Item1, r => r.Item2);
        Dictionary<string, int> numbers = bed.Acknowledged().Select(a => (a.EventId, a.Number)).Distinct().ToDictionary(a => a.EventId, a => a.Number);
        IEnumerable<IGrouping<(int Subject, string Step), (string Event, TargetEntry Entry)>> bySubject = bed.Target.Entries()
            .Select(e => (Event: e.Key.Split('/')[0], Step: e.Key.Split('/')[1], Entry: e.Value))
            .GroupBy(e => (numbers[e.Event] / EventsPerSubject, e.Step), e => (e.Event, e.Entry));
        foreach (IGrouping<(int Subject, string Step), (string Event, TargetEntry Entry)> subject in bySubject)
        {
            long[] arrivals = [.. subject.OrderBy(s => sequences[s.Event]).Select(s => s.Entry.FirstArrival)];
            tally.Demand(arrivals.SequenceEqual(arrivals.Order()), settings.Seed, $"I6: subject s{subject.Key.Subject} reached '{subject.Key.Step}' out of the order of acceptance");
        }
    }
}

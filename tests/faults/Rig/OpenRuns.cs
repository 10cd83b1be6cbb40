using System.Globalization;
using System.Text;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>Fills a testbed's store with open runs, through the engine's own store and without a host.</summary>
internal static class OpenRuns
{
    private const string Pipeline = "opened-settled";
    private const int PerDelivery = 1000;
    private const int Writers = 8;
    private static readonly TimeSpan Days = TimeSpan.FromDays(14);

    /// <summary>Makes runs.</summary>
    /// <param name="bed">Whose store.</param>
    /// <param name="count">How many are open in all.</param>
    /// <param name="waiting">How many of them wait for an event that never comes; the others are due.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task MakeAsync(Testbed bed, int count, int waiting, CancellationToken cancellationToken)
    {
        var secrets = new MemorySecretSource(new Dictionary<string, string>(bed.Canaries.Webhook.Select((w, n) => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"target-webhook-{n}"), w)))
        {
            ["master-key"] = Convert.ToBase64String(bed.Canaries.MasterKey),
            ["target-api-key"] = bed.Canaries.ApiKey,
        });
        var options = new EngineOptions { Workspace = bed.Workspace, Plugins = Path.Combine(bed.Folder, "plugins"), Data = bed.Data, Environment = Testbed.Environment };
        (AriaEngine? opened, _) = await AriaEngine.OpenAsync(options, secrets, MasterKey.FromSecrets(secrets), TimeProvider.System, cancellationToken);
        await using AriaEngine engine = opened ?? throw new InvalidOperationException("The campaigns' own workspace has errors.");
        string hash = engine.Catalog.Current.Pipelines[Pipeline].Hash;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count).Chunk(PerDelivery), parallel, async (numbers, token) =>
            await engine.Store.AcceptAsync(new Acceptance("target", "webhook", TimeProvider.System.GetUtcNow(), "{}"u8.ToArray(), [.. numbers.Select(n => Event(n, hash, bed))]), token));
        for (int parked = 0; parked < waiting;)
        {
            IReadOnlyList<RunLease> leases = await engine.Store.LeaseRunsAsync("rig", TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(3), Math.Min(500, waiting - parked), [], cancellationToken);
            await Task.WhenAll(leases.Select(lease => engine.Store.ParkAsync(lease, Wait(lease), cancellationToken)));
            parked += leases.Count;
        }
    }

    private static IncomingEvent Event(int number, string hash, Testbed bed)
    {
        // Far from the numbers that senders use.
        var order = new Order(1_000_000 + number, "opened", string.Create(CultureInfo.InvariantCulture, $"r{number}"), bed.Canaries.Person);
        return new IncomingEvent(
            "order.opened",
            $"order:{order.Subject}",
            Encoding.UTF8.GetBytes($"rig {order.Number}"),
            order.Bytes,
            [KeyValuePair.Create("order", order.Subject)],
            [new RunPlan(Pipeline, hash)],
            null);
    }

    private static WaitPlan Wait(RunLease lease) =>
        new("wait", 0, [("target", "order.settled")], [KeyValuePair.Create("order", lease.RunId)], TimeProvider.System.GetUtcNow() + Days);
}

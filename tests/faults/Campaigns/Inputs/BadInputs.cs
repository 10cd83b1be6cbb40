using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host;
using Aria.Pipelines.Privacy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Faults.Campaigns.Inputs;

/// <summary>
/// F16. A real host on a real socket gets mutated bodies and heads. What is signed is kept and answered 200, however garbled; what is not signed
/// is refused and leaves nothing behind; nothing is ever answered 5xx, nothing ends the host, and the memory stays small. The rows of bad inputs
/// and their published vectors are tests of their own; the table beside this program says where.
/// </summary>
internal sealed class BadInputs : Campaign
{
    private const int Parallel = 8;

    /// <summary>A fast machine sends thousands a second: the limit of a source would answer in place of what is under trial.</summary>
    private const int NoLimit = 1_000_000;
    private const long MostMemory = 512L * 1024 * 1024;

    public override string Id => "F16";

    public override string Title => "mutated bodies and headers";

    public override int FullCount => 100_000;

    public override int CiCount => 10_000;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        long before = PeakMemory.Begin();
        await using var target = new RawTarget();
        using var workspace = new SmallWorkspace(target.Url);
        (AriaEngine? engine, _) = await AriaEngine.OpenAsync(workspace.Options with { DeliveriesPerSecond = NoLimit }, SmallWorkspace.Secrets, MasterKey.Ephemeral(), TimeProvider.System, cancellationToken);
        await using WebApplication host = Build(engine!);
        await host.StartAsync(cancellationToken);
        int port = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        var kept = new ConcurrentDictionary<string, byte>();
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => Task.Run(
            async () =>
            {
                using var client = new RawClient(port);
                int number;
                while ((number = Interlocked.Increment(ref next)) < settings.Count)
                {
                    long seed = settings.TrialSeed(number);
                    await TrialAsync(client, seed, new Dice(seed), kept, tally, cancellationToken);
                    tally.Trial();
                }
            },
            cancellationToken)));
        using (var store = new StoreView(Path.Combine(workspace.Options.Data, "aria.db")))
        {
            HashSet<string> stored = [.. store.List("SELECT id FROM event", r => r.GetString(0))];
            foreach (string id in kept.Keys.Where(k => !stored.Contains(k)))
            {
                tally.Lost(settings.Seed, $"Event {id} was acknowledged and is not kept.");
            }
            tally.Note($"events: {string.Join(", ", store.Count("event", "state").OrderBy(e => e.Key).Select(e => $"{e.Key} {e.Value}"))}");
        }
        long taken = PeakMemory.Read() - before;
        tally.Demand(taken < MostMemory, settings.Seed, $"It took {taken / 1024 / 1024} MiB.");
        tally.Note($"it took {taken / 1024 / 1024} MiB at most");
        await host.StopAsync(cancellationToken);
        await engine!.DisposeAsync();
    }

    /// <summary>The host, with a log that nobody reads: it says one line for each refusal, and takes its stream when it is built.</summary>
    private static WebApplication Build(AriaEngine engine)
    {
        TextWriter error = Console.Error;
        Console.SetError(TextWriter.Null);
        WebApplication host = HostServer.Build(engine, "http://127.0.0.1:0", null, LogLevel.Warning);
        Console.SetError(error);
        return host;
    }

    private static async Task TrialAsync(RawClient client, long seed, Dice dice, ConcurrentDictionary<string, byte> kept, Tally tally, CancellationToken cancellationToken)
    {
        byte[] good = Good(dice);
        byte[] body = Mutator.Body(good, dice);
        tally.Fault();
        switch (dice.Below(10))
        {
            case < 5:
                Expect(await client.AskAsync(Request(Head(body, Signature(body)), body), cancellationToken), "200", "signed and garbled", seed, kept, tally);
                break;
            case < 7:
                bool isSame = body.AsSpan().SequenceEqual(good);
                Expect(await client.AskAsync(Request(Head(body, Signature(good)), body), cancellationToken), isSame ? "200" : "401", "changed after it was signed", seed, kept, tally);
                break;
            default:
                string head = Mutator.Head(Head(good, dice.Percent(50) ? Signature(good) : "00"), dice);
                Expect(await client.ShoutAsync(Request(head, good), cancellationToken), null, "garbled head", seed, kept, tally);
                break;
        }
    }

    private static void Expect(string answer, string? status, string what, long seed, ConcurrentDictionary<string, byte> kept, Tally tally)
    {
        string line = answer.Split("\r\n")[0];
        // 505 speaks of the request's own version, not of a failure.
        bool isFailure = line.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !line.StartsWith("HTTP/1.1 505", StringComparison.Ordinal);
        tally.Demand(!isFailure && (status is null || line.StartsWith("HTTP/1.1 " + status, StringComparison.Ordinal)), seed, $"{what}: answered '{line}' instead of {status ?? "no 5xx"}.");
        // A garbled head may hold several requests, so an answer may be several too.
        foreach (string one in answer.Split("HTTP/1.1 ").Where(a => a.StartsWith("200", StringComparison.Ordinal)))
        {
            int json = one.IndexOf('{', StringComparison.Ordinal);
            JsonArray events = JsonNode.Parse(one[json..(one.LastIndexOf('}') + 1)])!["events"]!.AsArray();
            tally.Demand(events.Count == 1, seed, $"{what}: answered 200 and kept {events.Count} events.");
            foreach (JsonNode? id in events)
            {
                if (kept.TryAdd((string)id!, 0))
                {
                    tally.Acknowledged();
                }
            }
        }
    }

    private static byte[] Good(Dice dice) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["op"] = dice.Percent(3) ? dice.Of(SmallWorkspace.Operations) : "something_else",
        ["thing"] = string.Create(CultureInfo.InvariantCulture, $"t{dice.Below(1_000_000)}"),
        ["subject"] = "1",
        ["candidate"] = new JsonObject { ["name"] = "Zoë O'Brien", ["email"] = "zoe@example.com", ["scores"] = new JsonArray(1, 2.5, -3e2), ["none"] = null },
        ["n"] = dice.Below(1_000_000_000),
    }.ToJsonString());

    private static byte[] Request(string head, byte[] body) => [.. Encoding.Latin1.GetBytes(head), .. body];

    private static string Head(byte[] body, string signature) => string.Create(
        CultureInfo.InvariantCulture,
        $"POST /hooks/remote HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nX-Signature: {signature}\r\n\r\n");

    private static string Signature(byte[] body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SmallWorkspace.HookSecret), body));
}

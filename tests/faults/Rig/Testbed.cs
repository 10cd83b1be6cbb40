using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Faults.Campaigns;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>Everything a campaign with a host needs, in a temporary folder that is removed afterwards: workspace, connector, target, secrets.</summary>
internal sealed class Testbed : IAsyncDisposable
{
    public const string Environment = "faults";
    private static int _said;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-faults-");
    private readonly List<EngineHost> _hosts = [];
    private readonly List<Sender> _senders = [];

    private Testbed(CountingTarget target, Canaries canaries, string store)
    {
        Target = target;
        Canaries = canaries;
        Store = store;
        Port = FreePort();
    }

    public CountingTarget Target { get; }

    public Canaries Canaries { get; }

    public int Port { get; }

    public string Folder => _folder.FullName;

    public string Data => Path.Combine(Folder, "data");

    /// <summary>The kind of store.</summary>
    public string Store { get; }

    public string StoreFile => Path.Combine(Data, Store == StoreKinds.Sqlite ? "aria.db" : "aria.litedb");

    /// <summary>Tables that hold what the store holds: its own file, or for LiteDB a copy that <see cref="SettleAsync"/> makes.</summary>
    public string Records => Store == StoreKinds.Sqlite ? StoreFile : Path.Combine(Folder, "records.db");

    public string LogFile => Path.Combine(Folder, "host.log");

    public string AcknowledgementFile => Path.Combine(Folder, "acknowledged.log");

    public string Workspace => Path.Combine(Folder, "workspace");

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>The log of all hosts so far.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>Makes the folder and starts the target.</summary>
    /// <param name="dice">Secrets follow from it.</param>
    /// <param name="decide">Faults of the target.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="before">Address that the host is given instead of the target's, such as a proxy's; from the target's.</param>
    /// <param name="store">The kind of store.</param>
    public static async Task<Testbed> CreateAsync(
        Dice dice, Func<string, Fault?> decide, CancellationToken cancellationToken, Func<Uri, Uri>? before = null, string store = StoreKinds.Sqlite)
    {
        CountingTarget target = await CountingTarget.StartAsync(decide, cancellationToken);
        var bed = new Testbed(target, new Canaries(dice), store);
        string own = Path.Combine(Repository.Root, "tests", "faults");
        Copy(Path.Combine(own, "Workspace"), bed.Workspace);
        Copy(Path.Combine(own, "Connectors"), Path.Combine(bed.Folder, "plugins"));
        if (Interlocked.Exchange(ref _said, 1) == 0)
        {
            JsonNode limit = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(own, "Connectors", "Counting", "connector.json"), cancellationToken))!["http"]!["limits"]!;
            await Console.Error.WriteLineAsync($"Hosts may ask the target {(long)limit["requests"]!} times in {(string)limit["per"]!}, but for F11, which sets a limit of its own.");
        }
        Directory.CreateDirectory(Path.Combine(bed.Workspace, "environments"));
        await File.WriteAllTextAsync(
            Path.Combine(bed.Workspace, "environments", $"{Environment}.json"),
            new JsonObject
            {
                ["allowLoopback"] = true,
                ["allowPlainHttp"] = true,
                ["connections"] = new JsonObject
                {
                    ["target"] = new JsonObject
                    {
                        ["settings"] = new JsonObject
                        {
                            ["baseUrl"] = (before is null ? target.Address : before(target.Address)).ToString().TrimEnd('/'),
                            ["webhookSecret"] = new JsonArray([.. bed.Canaries.Webhook.Select((_, n) => (JsonNode)JsonValue.Create($"${{secret:target-webhook-{n}}}"))]),
                        },
                    },
                },
            }.ToJsonString(),
            cancellationToken);
        return bed;
    }

    /// <summary>Starts a host and does not wait for it.</summary>
    public EngineHost Start(HostStart? how = null)
    {
        HostStart given = how ?? new HostStart();
        var variables = new Dictionary<string, string>(given.Variables)
        {
            ["ARIA_SECRET_FAULTS_MASTER_KEY"] = Convert.ToBase64String(Canaries.MasterKey),
            ["ARIA_SECRET_FAULTS_TARGET_API_KEY"] = Canaries.ApiKey,
        };
        foreach ((int number, string secret) in Canaries.Webhook.Index())
        {
            variables[$"ARIA_SECRET_FAULTS_TARGET_WEBHOOK_{number}"] = secret;
        }
        var address = new Uri($"http://127.0.0.1:{given.Port ?? Port}");
        string[] arguments =
        [
            "run", "--workspace", Workspace, "--plugins", Path.Combine(Folder, "plugins"), "--data", given.Data ?? Data,
            "--store", Store, "--environment", Environment, "--urls", address.ToString(),
        ];
        EngineHost host = EngineHost.Start(given with { Variables = variables }, arguments, address, LogFile);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Starts a host that must become ready.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message ends with its log.</exception>
    public async Task<EngineHost> StartReadyAsync(CancellationToken cancellationToken, HostStart? how = null)
    {
        EngineHost host = Start(how);
        HostState state = await host.WhenReadyAsync(TimeSpan.FromSeconds(120), cancellationToken);
        if (state != HostState.Ready)
        {
            string log = Log;
            throw new InvalidOperationException($"The host did not become ready ({state}). The end of its log: {log[Math.Max(0, log.Length - 2000)..]}");
        }
        return host;
    }

    /// <summary>A sender whose acknowledgements go to the testbed's log.</summary>
    public Sender NewSender(Action<Order, int, string>? answered = null, string source = "target")
    {
        var sender = new Sender(Address, Canaries.Webhook[0], $"{AcknowledgementFile}.{_senders.Count}", source) { Answered = answered };
        _senders.Add(sender);
        return sender;
    }

    /// <summary>What all senders logged, read from their disk.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledged() =>
    [
        .. Directory.EnumerateFiles(Folder, Path.GetFileName(AcknowledgementFile) + ".*").SelectMany(ReadShared).Select(Acknowledgement.Parse),
    ];

    /// <summary>The end of a history: waits until every run is at rest, stops the host, and holds it all to what was promised.</summary>
    public async Task SettleAsync(EngineHost host, Tally tally, long seed, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        TimeSpan longest = patience ?? TimeSpan.FromMinutes(5);
        await (Store == StoreKinds.Sqlite ? Checker.WhenAtRestAsync(StoreFile, longest, cancellationToken) : LiteDbRecords.WhenAtRestAsync(Data, longest, cancellationToken));
        await host.StopAsync(cancellationToken);
        if (Store == StoreKinds.LiteDb)
        {
            LiteDbRecords.Copy(StoreFile, Records);
        }
        tally.Fault(Target.Faults);
        Checker.Check(this, tally, seed);
        foreach (InvariantFinding finding in (await InspectAsync(cancellationToken)).Where(f => f.Count > 0))
        {
            tally.Violation(seed, $"{finding.Id}, by `aria doctor --invariants`: {string.Join("; ", finding.Violations)}");
        }
    }

    /// <summary>The engine's own look at the store of a stopped host.</summary>
    private Task<IReadOnlyList<InvariantFinding>> InspectAsync(CancellationToken cancellationToken)
    {
        var options = new EngineOptions { Workspace = Workspace, Plugins = "", Data = Data, Environment = Environment };
        var secrets = new MemorySecretSource(new Dictionary<string, string> { ["master-key"] = Convert.ToBase64String(Canaries.MasterKey) });
        return StoreKinds.InspectAsync(Data, new StoreIdentity(options.Tenant, options.Environment), MasterKey.FromSecrets(secrets), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EngineHost host in _hosts)
        {
            await host.DisposeAsync();
        }
        foreach (Sender sender in _senders)
        {
            sender.Dispose();
        }
        await Target.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static IEnumerable<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

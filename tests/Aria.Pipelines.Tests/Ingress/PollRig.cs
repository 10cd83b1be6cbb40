using System.Text.Json;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.House;
using Aria.Pipelines.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>The engine's own feeds over a real store in a folder, against a system in memory. A restart leaves nothing but the folder.</summary>
internal sealed class PollRig : IAsyncDisposable
{
    public const string Pipeline = """
        {
          "connections": { "ats": "ats" },
          "triggers": [{ "on": "ats.application.stage_changed" }],
          "steps": [{ "id": "note", "map": { "stage": "{{ event.application.stage.name }}" } }]
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-poll-");
    private readonly IDefinitionFiles _connector;
    private readonly string _connection;
    private readonly IHttpPath _system;
    private readonly Dictionary<string, string> _secrets = new() { ["token"] = "token-1", ["key"] = "key-1" };
    private DueSignal _due = null!;

    private PollRig(IDefinitionFiles connector, string connection, IHttpPath system, FakeTimeProvider time)
    {
        (_connector, _connection, _system, Time) = (connector, connection, system, time);
        Loops = new LoopGuard(Time);
        Write("connections/ats.json", connection);
        Write("note/pipeline.json", Pipeline);
    }

    public FakeTimeProvider Time { get; }

    public LoopGuard Loops { get; }

    /// <summary>What ingress logs of events that it took.</summary>
    public LoggedLines<EventIntake> Taken { get; } = new();

    public IStore Store { get; private set; } = null!;

    public PipelineCatalog Catalog { get; private set; } = null!;

    public PollLoop Loop { get; private set; } = null!;

    public PollParts Parts { get; private set; } = null!;

    /// <summary>Performs the operations of the same account.</summary>
    public OperationClient Operations { get; private set; } = null!;

    public Connection Connection => Catalog.Current.Connections["ats"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The folder of an invented system, as a connector author writes it.</summary>
    public static IDefinitionFiles Folder(string system) =>
        new DefinitionFolder(Path.Combine(Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Ingress/Systems", system), $"plugins/{system}");

    /// <summary>An account of an invented system that may be asked as often as a test likes: its clock stands still meanwhile.</summary>
    public static string Account(string system)
    {
        string secret = system == "Relay" ? "key" : "token";
        return $$$"""{ "connector": "{{{system.ToLowerInvariant()}}}", "settings": { "{{{secret}}}": "${secret:{{{secret}}}}" }, "limits": { "requests": 100000000, "per": "1s" } }""";
    }

    public static async Task<PollRig> StartAsync(IDefinitionFiles connector, string connection, IHttpPath system, FakeTimeProvider time, IReadOnlyDictionary<string, string>? secrets = null)
    {
        var rig = new PollRig(connector, connection, system, time);
        foreach ((string name, string value) in secrets ?? new Dictionary<string, string>())
        {
            rig._secrets[name] = value;
        }
        await rig.OpenAsync();
        return rig;
    }

    public void Write(string file, string text)
    {
        string path = Path.Combine(_folder.FullName, "pipelines", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>What the workspace's files say now.</summary>
    public Workspace Compile()
    {
        var bag = new DiagnosticBag();
        Connector connector = ConnectorReader.Read(_connector, null, new MappingCompiler(), bag) ?? throw new InvalidOperationException(string.Join('\n', bag.Items));
        return new WorkspaceCompiler(new Dictionary<string, Connector> { [connector.Name] = connector }, new MappingCompiler())
            .Compile(Path.Combine(_folder.FullName, "pipelines"), "pipelines", "production");
    }

    /// <summary>Puts the workspace in force again, as a reload does.</summary>
    public async Task ReloadAsync()
    {
        Workspace workspace = Compile();
        workspace.Findings.Where(f => f.Severity == Abstractions.DiagnosticSeverity.Error).ShouldBeEmpty();
        await Catalog.LoadAsync(workspace, Stop);
    }

    /// <summary>Ends everything and begins with what is in the folder.</summary>
    public async Task RestartAsync()
    {
        await Store.DisposeAsync();
        _due.Dispose();
        await OpenAsync();
    }

    public PollFeed Feed() => new(Parts, "application.stage_changed", "application.stage_changed");

    /// <summary>Reads until there is nothing more, or it fails.</summary>
    public async Task<PollStep> PassAsync(PollFeed feed)
    {
        PollStep step;
        do
        {
            step = await feed.StepAsync(Connection, Stop);
        }
        while (step.HasMore);
        return step;
    }

    /// <summary>Reads every feed that is due, through the loop.</summary>
    public Task ReadDueAsync() => Task.WhenAll(Loop.StartDue(Stop));

    /// <summary>The accepted events as the system gave them, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync()
    {
        var found = new List<JsonElement>();
        foreach (RunSummary run in (await Store.ListRunsAsync(new RunQuery(null, null, 100_000), Stop)).Reverse())
        {
            found.Add(JsonElement.Parse((await Store.FindRunAsync(run.Id, Stop))!.Event.Body));
        }
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _due.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        Store = await SqliteFiles.OpenAsync(_folder.FullName, Time);
        Catalog = new PipelineCatalog(Store, new MappingCompiler());
        _due = new DueSignal();
        var secrets = new ConnectionSecrets(new MemorySecretSource(_secrets), Time, new NoSecretAudit());
        var budgets = new RateBudgets(Store, new CircuitBreakers(Store, Time, NullLogger<CircuitBreakers>.Instance), Time);
        var hosts = new ConnectorHosts(secrets, Time, _system, budgets, NullLoggerFactory.Instance);
        var tls = new TlsPolicies(secrets, Time);
        var sender = new RequestSender(_system, budgets, new Authenticator(secrets, tls, new LoginSessions(_system, secrets, tls, new NoRotatedSecrets(), Time), hosts), secrets, Time);
        var pages = new PageReader(sender, budgets, Time);
        var client = new PollClient(pages, budgets, Time);
        var cache = new ReadCache(Time);
        Operations = new OperationClient(new PrerequisiteReads(pages, cache, Time), sender, pages, cache, hosts, secrets);
        var intake = new EventIntake(Store, Catalog, new ReadCache(Time), Loops, _due, Time, Taken);
        Parts = new PollParts(Store, intake, client, Time);
        Loop = new PollLoop(Catalog, Parts, NullLogger<PollLoop>.Instance);
        await ReloadAsync();
    }
}

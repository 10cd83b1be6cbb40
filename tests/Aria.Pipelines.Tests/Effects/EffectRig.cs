using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Aria.Pipelines.Tests.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>The ledger over the real store, real sockets and real budgets, with one leased run and a remote system that the test plays.</summary>
internal sealed class EffectRig : IAsyncDisposable
{
    private const string ConnectorJson = """
        {
          "connector": "remote", "version": "1.0.0", "contract": 1, "title": "Remote",
          "settings": { "baseUrl": { "type": "string", "default": "https://remote.example" }, "token": { "type": "secret" } },
          "http": { "baseUrl": "{{ settings.baseUrl }}", "auth": { "bearer": { "token": "{{ settings.token }}" } } },
          "operations": {
            "thing.read": { "effect": "read", "input": {}, "request": { "method": "GET", "path": "/things" }, "output": { "id": { "$js": "response.body.id" } }, "sample": { "id": "7" } },
            "thing.idempotent": { "effect": "idempotent", "input": {}, "request": { "method": "PUT", "path": "/things/1", "body": { "at": "{{ input.at }}" } }, "output": { "id": { "$js": "response.body.id" } }, "sample": { "id": "7" } },
            "thing.keyed": {
              "effect": "keyed", "input": {}, "request": { "method": "POST", "path": "/things", "body": { "at": "{{ input.at }}" } }, "output": { "id": { "$js": "response.body.id" } }, "sample": { "id": "7" },
              "idempotency": { "header": "Idempotency-Key", "validity": "24h" }
            },
            "thing.lookup": {
              "effect": "lookup", "input": {}, "request": { "method": "POST", "path": "/things", "body": { "at": "{{ input.at }}", "mark": "{{ effect.key }}" } }, "output": { "id": { "$js": "response.body.id" } }, "sample": { "id": "7" },
              "lookup": { "request": { "method": "GET", "path": "/things", "query": { "mark": "{{ effect.key }}" } }, "found": { "$js": "response.body.found ? { id: response.body.found } : null" }, "delay": "5s" }
            },
            "thing.unsafe": { "effect": "unsafe", "input": {}, "request": { "method": "POST", "path": "/things", "body": { "at": "{{ input.at }}" } }, "output": { "id": { "$js": "response.body.id" } }, "sample": { "id": "7" },
              "outputSchema": { "type": "object", "properties": { "id": { "type": "string" } } } },
            "thing.picky": { "effect": "idempotent", "input": {}, "refuse": [ { "code": "no_place", "fault": "operator", "message": { "$js": "input.place ? null : 'There is no place.'" } } ],
              "request": { "method": "PUT", "path": "/places/{{ input.place }}", "body": {} }, "output": { "id": { "$js": "response.body.id" } }, "sample": { "id": "7" } },
            "thing.several": {
              "input": {}, "refuse": [ { "code": "nothing_to_do", "message": { "$js": "input.nothing ? 'There is nothing to do.' : null" } } ],
              "parts": [
                { "id": "note", "operation": "thing.lookup", "with": { "at": "{{ input.at }}" } },
                { "id": "call", "when": "input.call === true", "operation": "thing.unsafe", "with": { "at": "{{ input.at }}" } },
                { "id": "place", "operation": "thing.picky", "with": { "place": "{{ input.place }}" } }
              ],
              "output": { "note": { "$js": "parts.note.id" }, "called": { "$js": "parts.call !== null" } }, "sample": { "note": "7", "called": false }
            }
          }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-effects-");
    private readonly HttpPath _http = new(TimeProvider.System);
    private readonly Connector _connector = Connectors.Plugins.Read(new TestFolder(ConnectorJson));
    private RemoteServer _server = null!;
    private EffectLedger _ledger = null!;
    private EffectParts _parts = null!;
    private string? _url;

    private EffectRig() => Loops = new LoopGuard(Time);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    public IStore Store { get; private set; } = null!;

    public RunLease Lease { get; private set; } = null!;

    /// <summary>How long the next lease lasts.</summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromDays(9);

    /// <summary>Budget of the connection.</summary>
    public BudgetLimit? Limit { get; set; }

    /// <summary>The host's secrets.</summary>
    public Dictionary<string, string> Secrets { get; } = new() { ["token"] = "token-1" };

    /// <summary>The secrets that the connection names for its token, newest first.</summary>
    public IReadOnlyList<SecretName> Tokens { get; set; } = [new("token")];

    /// <summary>Events that the operation makes happen.</summary>
    public IReadOnlyList<string> Causes { get; set; } = [];

    public LoopGuard Loops { get; }

    /// <summary>How the remote system answers the next requests, in order; afterwards with 201.</summary>
    public Queue<Func<HttpResponse, Task>> Answers { get; } = new();

    public IReadOnlyList<string> Lines => _server.Lines;

    public IReadOnlyList<SeenRequest> Requests => [.. _server.Requests];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task Created(HttpResponse response) => RemoteServer.Json(response, """{"id":"7"}""", 201);

    /// <summary>Made, and answered with an id of another type than the connector declares.</summary>
    public static Task CreatedWithANumber(HttpResponse response) => RemoteServer.Json(response, """{"id":7}""", 201);

    public static Task Lost(HttpResponse response)
    {
        response.HttpContext.Abort();
        return Task.CompletedTask;
    }

    public static Func<HttpResponse, Task> Status(int status, int? retryAfter = null) => response =>
    {
        if (retryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        return RemoteServer.Json(response, "{}", status);
    };

    public static Func<HttpResponse, Task> Found(string? id) => response => RemoteServer.Json(response, new JsonObject { ["found"] = id }.ToJsonString());

    public static async Task<EffectRig> StartAsync(params Func<HttpResponse, Task>[] answers)
    {
        var rig = new EffectRig();
        foreach (Func<HttpResponse, Task> answer in answers)
        {
            rig.Answers.Enqueue(answer);
        }
        rig._server = await RemoteServer.StartAsync((_, response) => rig.Answers.TryDequeue(out Func<HttpResponse, Task>? next) ? next(response) : Created(response));
        await rig.OpenAsync();
        var e = new IncomingEvent("t", "s:1", "key"u8.ToArray(), "{}"u8.ToArray(), [], [new RunPlan("invite", "hash")], null);
        await rig.Store.AcceptAsync(new Acceptance("remote", "webhook", rig.Time.GetUtcNow(), "{}"u8.ToArray(), [e]), Stop);
        await rig.LeaseAsync();
        return rig;
    }

    /// <summary>Takes the effect one step further, as an executor that reads the run anew would.</summary>
    public async Task<EffectResult> PerformAsync(string operation, bool stepFollows = false, bool allowsDuplicates = false)
    {
        EffectRecord? known = (await Store.ReadRunAsync(Lease, Stop)).Effects.SingleOrDefault();
        // What the mapping gives may differ at each call; what is sent may not.
        var input = JsonElement.Parse(new JsonObject { ["at"] = Time.GetUtcNow().ToString("O") }.ToJsonString());
        return await _ledger.PerformAsync(
            new EffectRequest(Lease, "evt_1", "step", 0, Connection(), _connector.Operations[$"thing.{operation}"], input, Time.GetUtcNow(), null) { StepFollows = stepFollows, AllowsDuplicates = allowsDuplicates, Subject = "s:1", Causes = Causes }, known, Stop);
    }

    /// <summary>The same for the operation of several parts.</summary>
    public async Task<EffectResult> PerformSeveralAsync(string input)
    {
        RunSnapshot run = await Store.ReadRunAsync(Lease, Stop);
        JsonObject given = JsonNode.Parse(input)!.AsObject();
        given["at"] = Time.GetUtcNow().ToString("O");
        var request = new EffectRequest(Lease, "evt_1", "step", 0, Connection(), _connector.Operations["thing.several"], JsonElement.Parse(given.ToJsonString()), Time.GetUtcNow(), null);
        return await _parts.PerformAsync(request, path => run.Effects.SingleOrDefault(e => e.Path == path), _ => 0, Stop);
    }

    /// <summary>The effects by path, with their states.</summary>
    public async Task<string[]> EffectsAsync() => [.. (await Store.ReadRunAsync(Lease, Stop)).Effects.Select(e => $"{e.Path} {e.State}").Order(StringComparer.Ordinal)];

    public async Task<EffectRecord> EffectAsync() => (await Store.ReadRunAsync(Lease, Stop)).Effects.Single();

    public async Task<string[]> AttemptsAsync() => [.. (await Store.FindRunAsync(Lease.RunId, Stop))!.Attempts.Select(a => $"{a.Phase} {a.Outcome}")];

    /// <summary>Goes on as after a crash: another process, the lease of the last one still in the file.</summary>
    public async Task RestartAsync()
    {
        await Store.DisposeAsync();
        await OpenAsync();
        await LeaseAsync();
    }

    /// <summary>Nobody listens any more.</summary>
    public async Task StopServerAsync()
    {
        _url = _server.Url;
        await _server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _server.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private Connection Connection() =>
        Connectors.Plugins.Connect(_connector, new JsonObject { ["baseUrl"] = _url ?? _server.Url }.ToJsonString(), "remote") with { Limit = Limit, SecretNames = new Dictionary<string, IReadOnlyList<SecretName>> { ["token"] = Tokens } };

    private async Task LeaseAsync() => Lease = (await Store.LeaseRunsAsync("worker", Time.GetUtcNow(), LeaseTime, 10, [], Stop)).ShouldHaveSingleItem();

    private async Task OpenAsync()
    {
        Store = await SqliteFiles.OpenAsync(_folder.FullName, Time);
        var budgets = new RateBudgets(Store, new CircuitBreakers(Store, Time, NullLogger<CircuitBreakers>.Instance), Time);
        var secrets = new ConnectionSecrets(new MemorySecretSource(Secrets), Time, new NoSecretAudit());
        var hosts = new ConnectorHosts(secrets, Time, _http, budgets, NullLoggerFactory.Instance);
        var tls = new TlsPolicies(secrets, Time);
        var sender = new RequestSender(_http, budgets, new Authenticator(secrets, tls, new LoginSessions(_http, secrets, tls, new NoRotatedSecrets(), Time), hosts), secrets, Time);
        var pages = new PageReader(sender, budgets, Time);
        var cache = new ReadCache(Time);
        _ledger = new EffectLedger(Store, new OperationClient(new PrerequisiteReads(pages, cache, Time), sender, pages, cache, hosts, secrets), budgets, Loops, Time);
        _parts = new EffectParts(_ledger);
    }
}

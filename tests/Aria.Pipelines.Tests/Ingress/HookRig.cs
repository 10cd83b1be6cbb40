using System.Net;
using System.Text;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Aria.Pipelines.Tests.House;
using Aria.Pipelines.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>The endpoint on a socket, over a real store, with one connection for each connector, named as it is.</summary>
internal sealed class HookRig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-hook-");
    private WebApplication _server = null!;

    private HookRig()
    {
    }

    /// <summary>The host's secrets; every setting <c>secret</c> names the one of this name.</summary>
    public Dictionary<string, string> Secrets { get; } = new() { ["secret"] = "test-secret-1" };

    /// <summary>Bytes of bodies that may be under way.</summary>
    public const long MostBytes = 2 * WebhookEndpoint.MaxBodyBytes;

    public HttpClient Client { get; } = new();

    public IStore Store { get; private set; } = null!;

    /// <summary>The address that deliveries seem to come from; null for the one they come from.</summary>
    public IPAddress? Sender { get; set; }

    /// <summary>As a host started with <c>--accept-plain-http</c>.</summary>
    public bool AcceptsPlainHttp { get; private init; }

    /// <summary>What is free of <see cref="MostBytes"/>.</summary>
    public BodyBudget Room { get; } = new(MostBytes);

    public LoggedLines<RefusalLog> Refusals { get; } = new();

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address => _server.Urls.First();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="connectors">Name and <c>webhook</c> of each connector; null for one that is not told of anything.</param>
    public static Task<HookRig> StartAsync(params (string Name, string? Webhook)[] connectors) => StartAsync(acceptsPlainHttp: false, connectors);

    /// <param name="acceptsPlainHttp">Whether other machines may deliver without TLS.</param>
    /// <param name="connectors">As above.</param>
    public static async Task<HookRig> StartAsync(bool acceptsPlainHttp, params (string Name, string? Webhook)[] connectors)
    {
        var rig = new HookRig { AcceptsPlainHttp = acceptsPlainHttp };
        string workspace = Path.Combine(rig._folder.FullName, "pipelines");
        Directory.CreateDirectory(Path.Combine(workspace, "connections"));
        foreach ((string name, _) in connectors)
        {
            await File.WriteAllTextAsync(Path.Combine(workspace, $"connections/{name}.json"), $$$"""{ "connector": "{{{name}}}", "settings": { "secret": "${secret:secret}" } }""", Stop);
        }
        await rig.ServeAsync(new WorkspaceCompiler(connectors.ToDictionary(c => c.Name, c => Read(c.Name, c.Webhook)), new MappingCompiler()).Compile(workspace, "pipelines", "production"));
        return rig;
    }

    /// <summary>Posts a body; the status and the text of the answer.</summary>
    public async Task<(int Status, string Text)> PostAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach ((string name, string value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage answer = await Client.SendAsync(request, Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>How many events there are.</summary>
    public async Task<long> EventsAsync() => (await Store.CountAsync(Stop)).Events.Values.Sum();

    /// <summary>The bodies of all events, newest first.</summary>
    public async Task<IReadOnlyList<string>> BodiesAsync()
    {
        var found = new List<string>();
        foreach (EventSummary one in await Store.Views.ListEventsAsync(new EventQuery(null, null, 100), Stop))
        {
            found.Add(Encoding.UTF8.GetString((await Store.Views.FindEventAsync(one.Id, Stop))!.Body));
        }
        return found;
    }

    /// <summary>Takes nothing more, and waits for what is under way.</summary>
    public Task StopAsync() => _server.StopAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static Connector Read(string name, string? webhook)
    {
        const string Events = """
            "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "made.json" } ] } },
            """;
        var json = new StringBuilder($$"""{ "connector": "{{name}}", "version": "1.0.0", "contract": 1, "title": "Hook", "settings": { "secret": { "type": "secret", "help": "h" } }, """)
            .Append(webhook is null ? "" : $"\"webhook\": {webhook}, {Events}")
            .Append("""
                "operations": { "thing.get": { "effect": "read", "input": {}, "request": { "method": "GET", "path": "/things" }, "output": {}, "sample": {} } }, "http": { "baseUrl": "https://a.example" } }
                """);
        return ConnectorReader.Read(new TestFolder(json.ToString()).With("made.json", """{ "event": "made", "id": "1" }"""), null, new MappingCompiler(), new Aria.Pipelines.Definitions.DiagnosticBag()).ShouldNotBeNull();
    }

    private async Task ServeAsync(Workspace workspace)
    {
        workspace.Findings.ShouldBeEmpty();
        TimeProvider time = TimeProvider.System;
        Store = await SqliteFiles.OpenAsync(Path.Combine(_folder.FullName, "data"), time);
        var catalog = new PipelineCatalog(Store, new MappingCompiler());
        await catalog.LoadAsync(workspace, Stop);
        var secrets = new ConnectionSecrets(new MemorySecretSource(Secrets), time, new NoSecretAudit());
        var hosts = new ConnectorHosts(secrets, time, new NoNetwork(), new NoNetwork(), NullLoggerFactory.Instance);
        var intake = new EventIntake(Store, catalog, new ReadCache(time), new LoopGuard(time), new DueSignal(), time, NullLogger<EventIntake>.Instance);
        var limits = new IngressLimits(100, AcceptsPlainHttp);
        var gates = new SourceGates(limits, new AuditTrail(Store, NullLogger<AuditTrail>.Instance), time);
        var endpoint = new WebhookEndpoint(catalog, new WebhookReceiver(secrets, hosts, time), intake, limits, gates, Room, new RefusalLog(time, Refusals), time, NullLogger<WebhookEndpoint>.Instance);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Use((http, next) =>
        {
            http.Connection.RemoteIpAddress = Sender ?? http.Connection.RemoteIpAddress;
            return next(http);
        });
        WebhookEndpoint.Map(_server, endpoint);
        await _server.StartAsync(Stop);
    }
}

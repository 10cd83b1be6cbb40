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
    private readonly HttpClient _client = new();
    private IStore _store = null!;
    private WebApplication _server = null!;

    private HookRig()
    {
    }

    /// <summary>The host's secrets; every setting <c>secret</c> names the one of this name.</summary>
    public Dictionary<string, string> Secrets { get; } = new() { ["secret"] = "test-secret-1" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="connectors">Name and <c>webhook</c> of each connector; null for one that is not told of anything.</param>
    public static async Task<HookRig> StartAsync(params (string Name, string? Webhook)[] connectors)
    {
        var rig = new HookRig();
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
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_server.Urls.First()}{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach ((string name, string value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage answer = await _client.SendAsync(request, Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>How many events there are.</summary>
    public async Task<long> EventsAsync() => (await _store.CountAsync(Stop)).Events.Values.Sum();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
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
        _store = await SqliteFiles.OpenAsync(Path.Combine(_folder.FullName, "data"), time);
        var catalog = new PipelineCatalog(_store, new MappingCompiler());
        await catalog.LoadAsync(workspace, Stop);
        var secrets = new ConnectionSecrets(new MemorySecretSource(Secrets));
        var hosts = new ConnectorHosts(secrets, time, new NoNetwork(), new NoNetwork(), NullLoggerFactory.Instance);
        var intake = new EventIntake(_store, catalog, new ReadCache(time), new DueSignal(), time);
        var gates = new SourceGates(new IngressLimits(100), new AuditTrail(_store, NullLogger<AuditTrail>.Instance), time);
        var endpoint = new WebhookEndpoint(catalog, new WebhookReceiver(secrets, hosts, time), intake, gates, new BodyBudget(WebhookEndpoint.MaxBodyBytes * 8), new RefusalLog(time, NullLogger<RefusalLog>.Instance), time, NullLogger<WebhookEndpoint>.Instance);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        WebhookEndpoint.Map(_server, endpoint);
        await _server.StartAsync(Stop);
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Tests.Catalog;

/// <summary>An engine that watches a workspace of its own, with real files, a real store and real runs; nothing is sent anywhere.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    private const string HookSecret = "hook-secret";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-watch-");
    private readonly WatchLog _log = new();
    private AriaEngine? _engine;
    private IHost? _host;

    public PipelineCatalog Catalog => _engine!.Catalog;

    public IStore Store => _engine!.Store;

    public string Workspace => Path.Combine(_folder.FullName, "pipelines");

    /// <summary>Its own connectors, if it has them.</summary>
    public string Plugins => Path.Combine(_folder.FullName, "plugins");

    /// <summary>A pipeline that marks its run, waits for the hire of the same application, and marks it again.</summary>
    public static string Waiting(string mark) => $$$"""
        {
          "connections": { "ats": "ats" },
          "triggers": [ { "on": "ats.application.stage_changed" } ],
          "steps": [
            { "id": "before", "map": { "mark": "{{{mark}}}" } },
            { "id": "wait", "await": { "on": ["ats.application.hired"], "match": { "application_id": "{{ event.application.id }}" }, "timeout": "14d" } },
            { "id": "after", "map": { "mark": "{{{mark}}}" } }
          ]
        }
        """;

    /// <param name="ownConnectors">True for a copy of the connector, which a test may change.</param>
    public static async Task<WatchedHost> StartAsync(bool ownConnectors = false)
    {
        var host = new WatchedHost();
        string connectors = Path.Combine(Connectors.Plugins.Root, "plugins");
        if (ownConnectors)
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(connectors, "Greenhouse"), "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(host.Plugins, Path.GetRelativePath(connectors, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            connectors = host.Plugins;
        }
        host.Write("connections/ats.json", """
            { "connector": "greenhouse", "settings": { "clientId": "${secret:id}", "clientSecret": "${secret:secret}", "webhookSecret": "${secret:hook}" } }
            """);
        host.Write("wait/pipeline.json", Waiting("one"));
        var options = new EngineOptions { Workspace = host.Workspace, Plugins = connectors, Data = Path.Combine(host._folder.FullName, "data"), Watch = true };
        var secrets = new MemorySecretSource(new Dictionary<string, string> { ["id"] = "i", ["secret"] = "s", ["hook"] = HookSecret });
        (host._engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(options, secrets, MasterKey.Ephemeral(), TimeProvider.System, default);
        host._engine.ShouldNotBeNull(string.Join('\n', findings));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(host._log);
        builder.Services.AddAriaPipelines(host._engine);
        host._host = builder.Build();
        await host._host.StartAsync();
        return host;
    }

    public string Hash(string pipeline) => Catalog.Current.Pipelines[pipeline].Hash;

    public void Write(string file, string text)
    {
        string path = Path.Combine(Workspace, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Delete(string file) => File.Delete(Path.Combine(Workspace, file));

    /// <summary>The next line of the watcher's log that holds this text.</summary>
    public async Task<string> LogAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            string line = await _log.Lines.ReadAsync(patience.Token);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>A signed Greenhouse delivery about an application.</summary>
    /// <param name="sample">One of the connector's samples.</param>
    /// <param name="application">Id of the application.</param>
    /// <param name="change">Whatever else is to be different about the application.</param>
    public async Task<AcceptedEvent> DeliverAsync(string sample, long application, Action<JsonObject>? change = null)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Connectors.Plugins.Root, "plugins/Greenhouse/samples", sample));
        byte[] body = Encoding.UTF8.GetBytes(Shipped(text, application, change));
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["Signature"] = ["sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookSecret), body))],
        };
        var delivery = new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), body, TimeProvider.System.GetUtcNow());
        Connection connection = Catalog.Current.Connections["ats"];
        Reception reception = _host!.Services.GetRequiredService<IWebhookReceiver>().Receive(connection, delivery);
        reception.RejectCode.ShouldBeNull();
        return (await _host.Services.GetRequiredService<EventIntake>().AcceptAsync(connection, delivery, reception.Events, default)).ShouldHaveSingleItem();
    }

    /// <summary>The run, once it is in this state.</summary>
    public async Task<RunDetail> RunAsync(string id, RunState state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (await ticks.WaitForNextTickAsync(patience.Token))
        {
            if (await Store.FindRunAsync(id, patience.Token) is { } run && run.Run.State == state)
            {
                return run;
            }
        }
        throw new TimeoutException($"Run {id} did not become {state}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
        _folder.Delete(recursive: true);
    }

    private static string Shipped(string sample, long application, Action<JsonObject>? change) => Authoring.Shipped.Change(
        sample,
        "/payload/application",
        a =>
        {
            a["id"] = application;
            change?.Invoke(a);
        });

    private sealed class WatchLog : ILoggerProvider, ILogger
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Lines => _lines.Reader;

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(CatalogWatcher).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite($"{eventId.Id}: {formatter(state, exception)}");

        public void Dispose() => _lines.Writer.TryComplete();
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Plugins.Tests.Support;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>A DLL is replaced while a watching host works: runs at work end with the old code, later ones begin with the new, and the old code goes.</summary>
public sealed class ConnectorReloadTests : IAsyncLifetime
{
    private const int Runs = 20;

    private const string Definition = """
        { "connector": "versioned", "version": "1.0.0", "contract": 1, "title": "Versioned", "code": "Aria.Pipelines.Plugins.Versioned.dll",
          "settings": { "baseUrl": { "type": "string", "default": "http://127.0.0.1:1" }, "hook": { "type": "secret" } },
          "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "webhook": { "signature": { "header": "X-S", "algorithm": "hmac-sha256", "encoding": "hex", "secret": "hook" }, "type": "/type", "dedupe": ["/id"] },
          "events": { "thing.asked": { "wireType": "asked", "subject": "thing:{{ payload.id }}", "canonical": { "thing_id": "{{ payload.id }}" }, "samples": [ { "constructed": "asked.json" } ] } },
          "operations": { "thing.put": { "effect": "idempotent", "input": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } }, "request": "code", "sample": "one" } } }
        """;

    private const string Pipeline = """
        { "connections": { "v": "v" }, "triggers": [ { "on": "v.thing.asked" } ],
          "steps": [ { "id": "put", "action": "v.thing.put", "with": { "id": "{{ event.thing_id }}" } } ] }
        """;

    private readonly ConnectorsRoot _root = new();
    private readonly ConcurrentDictionary<string, string> _written = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _target = null!;
    private AriaEngine _engine = null!;
    private IHost _host = null!;

    private string Workspace => Path.Combine(_root.Root, "..", "pipelines");

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        _target = builder.Build();
        _target.Run(AnswerAsync);
        await _target.StartAsync();
        Install("VersionOne");
        Write("connections/v.json", """{ "connector": "versioned", "settings": { "hook": "${secret:hook}" } }""");
        Write("environments/sandbox.json", $$"""{ "allowLoopback": true, "allowPlainHttp": true, "connections": { "v": { "settings": { "baseUrl": "{{_target.Urls.First()}}" } } } }""");
        Write("ask/pipeline.json", Pipeline);
        var options = new EngineOptions { Workspace = Workspace, Plugins = _root.Root, Data = Path.Combine(_root.Root, "..", "data"), Environment = "sandbox", Watch = true };
        var secrets = new MemorySecretSource(new Dictionary<string, string> { ["hook"] = "h" });
        (AriaEngine? engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(options, secrets, MasterKey.Ephemeral(), TimeProvider.System, default);
        _engine = engine.ShouldNotBeNull(string.Join('\n', findings));
        HostApplicationBuilder hosting = Host.CreateEmptyApplicationBuilder(null);
        hosting.Services.AddAriaPipelines(_engine);
        _host = hosting.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _engine.DisposeAsync();
        await _target.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task Reload_UnderLoad_EachRunKeepsTheCodeItBeganWithAndTheOldIsFreed()
    {
        WeakReference old = ContextInForce();
        string[] before = [.. await Task.WhenAll(Enumerable.Range(0, Runs).Select(n => AskAsync($"a{n}")))];
        await Until(() => _written.Count == Runs);

        Install("VersionTwo");
        await Until(() => !IsInForce(old));
        string[] after = [.. await Task.WhenAll(Enumerable.Range(0, Runs).Select(n => AskAsync($"b{n}")))];
        await Until(() => _written.Count == 2 * Runs);
        _open.SetResult();

        (await EndsAsync(before)).ShouldAllBe(e => e == "Succeeded \"one,33.0\"");
        (await EndsAsync(after)).ShouldAllBe(e => e == "Succeeded \"two,30.0\"");
        _written.ShouldAllBe(w => w.Value == (w.Key.StartsWith('a') ? "one,33.0" : "two,30.0"));
        await Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !old.IsAlive;
        });
    }

    [Fact]
    public async Task Reload_OfBytesThatNobodyLocked_LeavesTheOldCodeInForce()
    {
        WeakReference old = ContextInForce();
        _open.SetResult();
        string folder = Path.Combine(_root.Root, "Versioned");
        foreach (string file in Directory.GetFiles(BuiltPlugins.Fixture("VersionTwo"), "*.dll"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        Write("later/pipeline.json", Pipeline);
        string run = await AskAsync("c");

        (await EndsAsync([run])).ShouldBe(["Succeeded \"one,33.0\""]);
        IsInForce(old).ShouldBeTrue();
        _engine.Catalog.Current.Pipelines.Keys.ShouldBe(["ask"], "nothing is taken from a set that has an error");
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!holds())
        {
            await ticks.WaitForNextTickAsync(patience.Token);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ContextInForce() => new(Context());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsInForce(WeakReference context) => ReferenceEquals(context.Target, Context());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private AssemblyLoadContext Context() => AssemblyLoadContext.GetLoadContext(_engine.Catalog.Current.Connections["v"].Connector.Code!.GetType().Assembly)!;

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        _written[http.Request.Path.Value!.Split('/')[^1]] = await reader.ReadToEndAsync();
        await _open.Task;
        http.Response.StatusCode = 200;
    }

    private async Task<string> AskAsync(string id)
    {
        Connection connection = _engine.Catalog.Current.Connections["v"];
        byte[] body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, string> { ["type"] = "asked", ["id"] = id }));
        var nothing = new Dictionary<string, IReadOnlyList<string>>();
        var delivery = new Delivery("POST", nothing, nothing, body, TimeProvider.System.GetUtcNow());
        IReadOnlyList<DecodedEvent> events = _host.Services.GetRequiredService<IWebhookReceiver>().Decode(connection, delivery).Events;
        AcceptedEvent accepted = (await _host.Services.GetRequiredService<EventIntake>().AcceptAsync(connection, delivery, events, default)).ShouldHaveSingleItem();
        return accepted.RunIds.ShouldHaveSingleItem();
    }

    private async Task<string[]> EndsAsync(string[] runs)
    {
        List<string> ends = [];
        foreach (string run in runs)
        {
            RunDetail? detail = null;
            await Until(() => (detail = _engine.Store.FindRunAsync(run, default).GetAwaiter().GetResult()) is { Run.State: not (RunState.Ready or RunState.Leased) });
            ends.Add($"{detail!.Run.State} {Encoding.UTF8.GetString(detail.Steps.Single(s => s.Path == "put").Output ?? [])}");
        }
        return [.. ends];
    }

    private void Install(string release)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root.Root, "Versioned")).FullName;
        foreach (string file in Directory.GetFiles(BuiltPlugins.Fixture(release)).Where(f => Path.GetFileName(f) != ConnectorLock.FileName))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        File.WriteAllText(Path.Combine(folder, ConnectorReader.FileName), Definition);
        File.WriteAllText(Path.Combine(folder, "asked.json"), """{ "type": "asked", "id": "1" }""");
        ConnectorLock.Write(folder, FolderImage.Read(folder));
    }

    private void Write(string file, string text)
    {
        string path = Path.Combine(Workspace, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

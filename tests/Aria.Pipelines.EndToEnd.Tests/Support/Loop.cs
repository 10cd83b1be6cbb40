using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Host;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.EndToEnd.Tests.Support;

/// <summary>Both sandboxes and the host in this process, talking over loopback HTTP, on one clock that a test can move.</summary>
internal sealed class Loop : IAsyncDisposable
{
    private AriaEngine? _engine;
    private WebApplication? _host;

    private Loop(GreenhouseSandbox greenhouse, AriaSandbox aria, DemoClock clock)
    {
        Greenhouse = greenhouse;
        Aria = aria;
        Clock = clock;
        Workspace = new LoopWorkspace(greenhouse.ApiUrl, greenhouse.TokenUrl, aria.ApiUrl);
    }

    public GreenhouseSandbox Greenhouse { get; }

    public AriaSandbox Aria { get; }

    public DemoClock Clock { get; }

    public LoopWorkspace Workspace { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public HttpClient Http { get; } = new();

    public IStore Store => _engine!.Store;

    /// <summary>The host's own parts.</summary>
    public T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    public static async Task<Loop> StartAsync(GreenhouseOptions? greenhouse = null, AriaOptions? aria = null, Action<LoopWorkspace>? prepare = null, Func<EngineOptions, EngineOptions>? options = null, IReadOnlyList<IPNetwork>? proxies = null, bool operated = false)
    {
        var clock = new DemoClock();
        var loop = new Loop(
            await GreenhouseSandbox.StartAsync((greenhouse ?? new GreenhouseOptions()) with { Time = clock, Jobs = DemoScenario.Jobs, RateLimit = 100_000, TokenRateLimit = 100_000 }),
            await AriaSandbox.StartAsync((aria ?? new AriaOptions()) with { Time = clock }),
            clock);
        prepare?.Invoke(loop.Workspace);
        (loop._engine, IReadOnlyList<Abstractions.Diagnostic> findings) = await AriaEngine.OpenAsync((options ?? (o => o))(loop.Workspace.Options), DemoWorkspace.Secrets(GreenhouseDemo.Credentials), MasterKey.Ephemeral(), clock, default);
        loop._engine.ShouldNotBeNull(string.Join('\n', findings));
        loop._host = HostServer.Build(loop._engine, "http://127.0.0.1:0", operated ? ControlApi.SocketPath(loop.Workspace.Data) : null, LogLevel.Warning, proxies: proxies);
        await loop._host.StartAsync();
        loop.Address = new Uri(loop._host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await loop.Greenhouse.AddWebhookAsync(new Uri(loop.Address, "/hooks/greenhouse"), GreenhouseDemo.HookSecret, ["candidate_stage_change"]);
        loop.Aria.AddWebhook(new Uri(loop.Address, "/hooks/aria"), DemoWorkspace.AriaHookSecret);
        return loop;
    }

    /// <summary>An application that a recruiter moves to Phone Screen.</summary>
    public long ReachPhoneScreen(string first = "Jane", string last = "Doe", string email = "jane.doe@example.com", string? phone = "+1 555 123 4567")
    {
        long id = Greenhouse.Apply(new GreenhouseCandidate(first, last, email, phone));
        Greenhouse.MoveStage(id, "Phone Screen");
        return id;
    }

    /// <summary>What an operator's verb says on either stream, and how it ends; for a loop that was started to be operated.</summary>
    public async Task<(int Code, string Said)> SaysAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync([.. arguments, "--data", Workspace.Data]);
        return (code, (output + errors).Trim());
    }

    public async Task<AriaInterview> InvitedAsync() => (await Aria.WhenAsync(interviews => interviews.Count > 0, Patience()))[0];

    /// <summary>The application once Greenhouse shows this interview status.</summary>
    public async Task<GreenhouseApplicationView> StatusAsync(long application, string status) =>
        (await Greenhouse.WhenAsync(state => Equals(state.Application(application).CustomFields["aria_interview_status"], status), Patience())).Application(application);

    /// <summary>The only run, once it is in this state; for ready, once it was worked on and waits for a time.</summary>
    public async Task<RunDetail> RunAsync(RunState state) => await Eventually.GetAsync(
        async () =>
        {
            IReadOnlyList<RunSummary> runs = await Store.ListRunsAsync(new RunQuery(null, state, 10), default);
            RunSummary? found = runs.FirstOrDefault(r => state != RunState.Ready || r.DueUtc is not null);
            return found is null ? null : await Store.FindRunAsync(found.Id, default);
        },
        $"a run in state {state}");

    /// <summary>Moves the clock: all that becomes due by it happens.</summary>
    public void Pass(TimeSpan time) => Clock.Advance(time);

    /// <summary>Posts a delivery as Greenhouse signs it.</summary>
    public async Task<HttpResponseMessage> DeliverAsync(byte[] body, string? secret = GreenhouseDemo.HookSecret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/hooks/greenhouse")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (secret is not null)
        {
            request.Headers.Add("Signature", "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        }
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            await _host.DisposeAsync();
        }
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
        await Greenhouse.DisposeAsync();
        await Aria.DisposeAsync();
        Http.Dispose();
        Workspace.Dispose();
    }

    private static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
}

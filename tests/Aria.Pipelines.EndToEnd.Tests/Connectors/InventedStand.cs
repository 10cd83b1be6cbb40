using System.Net;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Tests.Ingress.Systems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>An invented system that listens on this machine, as the behaviour suite wants it.</summary>
internal sealed class InventedStand : IConnectorStand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    // Long enough for a feed that a budget sent away to come back: two that are due in the same moment share the permits of a second.
    private const int LooksBetweenAdvances = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DemoClock _clock;
    private readonly PolledSystem _system;
    private readonly InventedLimits? _limits;
    private readonly InventedSender? _sender;
    private readonly WebApplication _server;
    private readonly string _connector;

    private InventedStand(string connector, DemoClock clock, PolledSystem system, InventedLimits? limits = null, InventedSender? sender = null)
    {
        (_connector, _clock, _system, _limits, _sender) = (connector, clock, system, limits, sender);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri BaseUrl => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public TimeProvider Time => _clock;

    public IReadOnlyDictionary<string, string> Secrets => _connector == "orchard" ? new Dictionary<string, string> { ["orchard-token"] = "token-1" }
        : _sender is null ? new Dictionary<string, string> { ["relay-key"] = "key-1" }
        : new Dictionary<string, string> { ["relay-key"] = "key-1", ["relay-hook-key"] = _sender.PublicKey };

    public string Stage => "Phone Screen";

    public int? PageSize => _sender is null ? 3 : null;

    public int Duplicates => _system.Notes.GroupBy(n => n).Sum(g => g.Count() - 1);

    public string Connection
    {
        get
        {
            string url = BaseUrl.ToString().TrimEnd('/');
            JsonObject settings = _connector == "orchard"
                ? new() { ["token"] = "${secret:orchard-token}", ["baseUrl"] = $"{url}/v1", ["pollInterval"] = "5s" }
                : new() { ["key"] = "${secret:relay-key}", ["baseUrl"] = url, ["pollInterval"] = "5s" };
            if (_sender is not null)
            {
                (settings["events"], settings["hookKey"]) = ("sent", "${secret:relay-hook-key}");
            }
            return new JsonObject { ["connector"] = _connector, ["settings"] = settings }.ToJsonString();
        }
    }

    /// <summary>The folder of an invented connector.</summary>
    public static string Folder(string name) => Path.Combine(Repository.Root, "tests", "Aria.Pipelines.Tests", "Ingress", "Systems", name);

    public static Task<IConnectorStand> OrchardAsync()
    {
        var clock = new DemoClock();
        return new InventedStand("orchard", clock, new OrchardSystem(clock), new InventedLimits(clock)).StartAsync();
    }

    public static Task<IConnectorStand> RelayAsync()
    {
        var clock = new DemoClock();
        return new InventedStand("relay", clock, new RelaySystem(clock)).StartAsync();
    }

    /// <summary>Relay, which sends its changes.</summary>
    public static Task<IConnectorStand> RelayThatSendsAsync()
    {
        var clock = new DemoClock();
        var system = new RelaySystem(clock);
        return new InventedStand("relay", clock, system, sender: new InventedSender(system, clock)).StartAsync();
    }

    public IReadOnlyDictionary<string, string>? Spent(DateTimeOffset until) => _limits is null ? null : InventedLimits.Headers(0, until - _clock.GetUtcNow());

    public StandHolding Held(string applicationId)
    {
        IReadOnlyDictionary<string, string> held = _system.Applications.Single(a => a.Id == applicationId).Interview;
        return new StandHolding(held.GetValueOrDefault("status"), held.GetValueOrDefault("score"), held.GetValueOrDefault("recommendation"), held.GetValueOrDefault("transcript"),
            _system.Notes.Count(n => n.StartsWith($"{applicationId}: ", StringComparison.Ordinal)));
    }

    public void Advance(TimeSpan time) => _clock.Advance(time);

    public Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        _sender?.Connect(hook);
        return Task.CompletedTask;
    }

    public string Apply(string firstName, string lastName, string email) => _system.Apply(new Person(firstName, lastName, email));

    public void Move(string applicationId) => _system.MoveTo(applicationId, Stage);

    /// <summary>Lets the time to the next question pass until each list was read anew; in steps that no request under way takes for its timeout.</summary>
    public async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        if (_sender is not null)
        {
            await _sender.WhenQuietAsync(cancellationToken);
            return;
        }
        // Two of each: the first may have been on its way before the change.
        Dictionary<string, int> enough = _system.Feeds.ToDictionary(f => f, f => _system.Passes(f) + 2);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var looks = new PeriodicTimer(Look, TimeProvider.System);
        try
        {
            for (int look = 0; enough.Any(e => _system.Passes(e.Key) < e.Value); look++)
            {
                if (look % LooksBetweenAdvances == 0)
                {
                    _clock.Advance(Interval);
                }
                await looks.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            string late = string.Join(" and ", enough.Where(f => _system.Passes(f.Key) < f.Value).Select(f => $"'{f.Key}'"));
            throw new TimeoutException($"In {Patience.TotalSeconds:0} s the host has not read {late} twice. Look at poll.interval, and at what its requests are answered.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sender is not null)
        {
            await _sender.DisposeAsync();
        }
        await _server.DisposeAsync();
    }

    private async Task<IConnectorStand> StartAsync()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new ConnectorRequest(
            context.Request.Method, new Uri(context.Request.GetEncodedUrl()), [.. context.Request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()))], body.ToArray());
        using InventedLimits.Turn? turn = _limits?.Enter();
        foreach ((string name, string value) in turn?.Headers ?? [])
        {
            context.Response.Headers[name] = value;
        }
        if (turn is { IsRefused: true })
        {
            (context.Response.StatusCode, context.Response.ContentLength) = (StatusCodes.Status429TooManyRequests, 0);
            return;
        }
        ConnectorResponse answer = (await _system.SendAsync(request, TargetPolicy.PublicHttpsOnly, TimeSpan.Zero, context.RequestAborted)).Response!;
        (context.Response.StatusCode, context.Response.ContentLength) = (answer.Status, answer.Body.Length);
        foreach ((string name, IReadOnlyList<string> values) in answer.Headers)
        {
            context.Response.Headers.Append(name, values.ToArray());
        }
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}

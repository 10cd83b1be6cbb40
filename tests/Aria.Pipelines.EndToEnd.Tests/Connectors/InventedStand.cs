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

/// <summary>A system that tests made up, or wrote from public documentation, and that listens on this machine, as the behaviour suite wants it.</summary>
internal sealed class InventedStand : IConnectorStand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    // Long enough for a feed that a budget sent away to come back: two that are due in the same moment share the permits of a second.
    private const int LooksBetweenAdvances = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The 500 requests an hour that an account has by itself would make the suite wait for most of a day.
    private const int CatsBudget = 50_000;

    // What the suite writes where somebody has to look.
    private const string Attention = "needs attention.";

    private readonly DemoClock _clock;
    private readonly PolledSystem _system;
    private readonly InventedLimits? _limits;
    private readonly IInventedSender? _sender;
    private readonly WebApplication _server;
    private readonly string _connector;
    private readonly Func<string, JsonObject> _settings;
    private int? _budget;

    private InventedStand(
        string connector, DemoClock clock, PolledSystem system, IReadOnlyDictionary<string, string> secrets, Func<string, JsonObject> settings, InventedLimits? limits = null, IInventedSender? sender = null)
    {
        (_connector, _clock, _system, Secrets, _settings, _limits, _sender) = (connector, clock, system, secrets, settings, limits, sender);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri BaseUrl => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public TimeProvider Time => _clock;

    public IReadOnlyDictionary<string, string> Secrets { get; }

    public string Stage => "Phone Screen";

    public int? PageSize => _sender is null ? 3 : null;

    public int Duplicates => _system.Notes.GroupBy(n => n).Sum(g => g.Count() - 1);

    public string Connection
    {
        get
        {
            var connection = new JsonObject { ["connector"] = _connector, ["settings"] = _settings(BaseUrl.ToString().TrimEnd('/')) };
            if (_budget is { } requests)
            {
                connection["limits"] = new JsonObject { ["requests"] = requests, ["per"] = "1h" };
            }
            return connection.ToJsonString();
        }
    }

    /// <summary>The folder of an invented connector.</summary>
    public static string Folder(string name) => Path.Combine(Repository.Root, "tests", "Aria.Pipelines.Tests", "Ingress", "Systems", name);

    public static Task<IConnectorStand> OrchardAsync()
    {
        var clock = new DemoClock();
        return new InventedStand(
            "orchard", clock, new OrchardSystem(clock), new Dictionary<string, string> { ["orchard-token"] = "token-1" },
            url => new() { ["token"] = "${secret:orchard-token}", ["baseUrl"] = $"{url}/v1", ["pollInterval"] = "5s" }, new InventedLimits(clock)).StartAsync();
    }

    public static Task<IConnectorStand> RelayAsync()
    {
        var clock = new DemoClock();
        return new InventedStand(
            "relay", clock, new RelaySystem(clock), new Dictionary<string, string> { ["relay-key"] = "key-1" },
            url => new() { ["key"] = "${secret:relay-key}", ["baseUrl"] = url, ["pollInterval"] = "5s" }).StartAsync();
    }

    /// <summary>Relay, which sends its changes.</summary>
    public static Task<IConnectorStand> RelayThatSendsAsync()
    {
        var clock = new DemoClock();
        var system = new RelaySystem(clock);
        var sender = new InventedSender(system, clock);
        return new InventedStand(
            "relay", clock, system, new Dictionary<string, string> { ["relay-key"] = "key-1", ["relay-hook-key"] = sender.PublicKey },
            url => new() { ["key"] = "${secret:relay-key}", ["baseUrl"] = url, ["pollInterval"] = "5s", ["events"] = "sent", ["hookKey"] = "${secret:relay-hook-key}" }, sender: sender).StartAsync();
    }

    /// <summary>CATS, whose pipelines are searched, every 5 seconds.</summary>
    public static Task<IConnectorStand> CatsAsync()
    {
        var clock = new DemoClock();
        return new InventedStand("cats", clock, new CatsSystem(clock, CatsBudget), new Dictionary<string, string> { ["cats-key"] = "key-1" }, url => Cats(url, "search")) { _budget = CatsBudget }.StartAsync();
    }

    /// <summary>CATS, which sends its changes.</summary>
    public static Task<IConnectorStand> CatsThatSendsAsync()
    {
        var clock = new DemoClock();
        var system = new CatsSystem(clock, CatsBudget);
        JsonObject Settings(string url)
        {
            JsonObject settings = Cats(url, "webhook");
            settings["webhookSecret"] = "${secret:cats-hook}";
            return settings;
        }
        var secrets = new Dictionary<string, string> { ["cats-key"] = "key-1", ["cats-hook"] = CatsSender.Secret };
        return new InventedStand("cats", clock, system, secrets, Settings, sender: new CatsSender(system, clock)) { _budget = CatsBudget }.StartAsync();
    }

    public IReadOnlyDictionary<string, string>? Spent(DateTimeOffset until) => _limits is null ? null : InventedLimits.Headers(0, until - _clock.GetUtcNow());

    public StandHolding Held(string applicationId)
    {
        IReadOnlyDictionary<string, string> held = _system.Applications.Single(a => a.Id == applicationId).Interview;
        return new StandHolding(held.GetValueOrDefault("status"), held.GetValueOrDefault("score"), held.GetValueOrDefault("recommendation"), held.GetValueOrDefault("transcript"),
            _system.Notes.Count(n => n.StartsWith($"{applicationId}: ", StringComparison.Ordinal) && n.EndsWith(Attention, StringComparison.Ordinal)));
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

    private static JsonObject Cats(string url, string events) => new()
    {
        ["apiKey"] = "${secret:cats-key}", ["baseUrl"] = $"{url}/v3", ["events"] = events, ["pollInterval"] = "5s", ["rating"] = true,
        ["fields"] = new JsonObject { ["status"] = 9001, ["score"] = 9002, ["recommendation"] = 9003, ["transcript_url"] = 9004, ["recording_url"] = 9005 },
        ["statuses"] = new JsonObject { ["completed"] = 132 },
    };

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
        context.Response.StatusCode = answer.Status;
        foreach ((string name, IReadOnlyList<string> values) in answer.Headers)
        {
            context.Response.Headers.Append(name, values.ToArray());
        }
        if (answer.Status != StatusCodes.Status204NoContent)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }
}

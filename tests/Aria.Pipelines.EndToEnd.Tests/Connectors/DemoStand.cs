using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>The stand-in that the demo starts, as the behaviour suite wants it.</summary>
internal sealed class DemoStand : IConnectorStand
{
    private readonly DemoClock _clock;
    private readonly DemoSystem _system;

    private DemoStand(DemoClock clock, DemoSystem system) => (_clock, _system) = (clock, system);

    public Uri BaseUrl => _system.BaseUrl;

    public TimeProvider Time => _clock;

    public IReadOnlyDictionary<string, string> Secrets => _system.Secrets;

    public string Stage => "Phone Screen";

    public int Duplicates => _system.Duplicates;

    public StandCertificates? Certificates =>
        _system.Authority is { } authority ? new(authority.Certificate, authority.IssueServer().Certificate, authority.IssueClient("Proxy").Certificate) : null;

    public string Connection
    {
        get
        {
            JsonObject connection = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Pipelines, "connections", $"{_system.Name}.json")))!.AsObject();
            var settings = connection["settings"]!.AsObject();
            foreach ((string name, JsonNode? value) in _system.Settings)
            {
                settings[name] = value?.DeepClone();
            }
            if (_system.Trust is { } secret)
            {
                connection["trust"] = $"${{secret:{secret}}}";
            }
            return connection.ToJsonString();
        }
    }

    /// <summary>Starts the stand-in of a system.</summary>
    /// <param name="name">One of <see cref="DemoSystems.Names"/>.</param>
    public static Task<IConnectorStand> StartAsync(string name) => StartAsync((clock, stop) => DemoSystems.StartAsync(name, clock, stop));

    /// <summary>The same for a system that is set up in another way.</summary>
    /// <param name="start">Starts it on a clock.</param>
    public static async Task<IConnectorStand> StartAsync(Func<DemoClock, CancellationToken, Task<DemoSystem>> start)
    {
        var clock = new DemoClock();
        return new DemoStand(clock, await start(clock, TestContext.Current.CancellationToken));
    }

    /// <summary>As their documentation says; the others say nothing, or not until when.</summary>
    public IReadOnlyDictionary<string, string>? Spent(DateTimeOffset until) => _system.Name is not ("greenhouse" or "icims") ? null : new Dictionary<string, string>
    {
        ["X-RateLimit-Remaining"] = "0",
        ["X-RateLimit-Reset"] = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    public StandHolding Held(string applicationId)
    {
        DemoHolding held = _system.Holdings.Single(h => h.ApplicationId == applicationId);
        return new StandHolding(held.Status, held.Score, held.Recommendation, held.TranscriptUrl, held.AttentionNotes);
    }

    public void Advance(TimeSpan time) => _clock.Advance(time);

    public Task ConnectAsync(Uri hook, CancellationToken cancellationToken) => _system.ConnectAsync(hook, cancellationToken);

    public string Apply(string firstName, string lastName, string email) =>
        _system.Apply(new DemoApplication(firstName, lastName, email, null, DemoScenario.Jobs[0].Id, DemoTrigger.Stage, DemoEnding.Completes), null);

    public void Move(string applicationId) => _system.Move(applicationId, Stage);

    public Task WhenQuietAsync(CancellationToken cancellationToken) => _system.WhenQuietAsync(cancellationToken);

    public ValueTask DisposeAsync() => _system.DisposeAsync();
}

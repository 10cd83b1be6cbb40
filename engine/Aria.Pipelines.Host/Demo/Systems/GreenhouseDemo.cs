using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>Greenhouse: results stand in custom fields of the application.</summary>
internal sealed class GreenhouseDemo : DemoSystem
{
    public const string Connector = "greenhouse";
    public const string HookSecret = "greenhouse-demo-hook";

    /// <summary>What the sandbox accepts by default.</summary>
    public static readonly IReadOnlyDictionary<string, string> Credentials = new Dictionary<string, string>
    {
        ["greenhouse-client-id"] = "greenhouse-sandbox-client",
        ["greenhouse-client-secret"] = "greenhouse-sandbox-secret",
        ["greenhouse-webhook"] = HookSecret,
    };

    private readonly GreenhouseSandbox _sandbox;

    private GreenhouseDemo(GreenhouseSandbox sandbox)
    {
        _sandbox = sandbox;
    }

    public override string Name => Connector;

    public override string Title => "Greenhouse";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => SettingsFor(_sandbox.ApiUrl, _sandbox.TokenUrl);

    public override IReadOnlyDictionary<string, string> Secrets => Credentials;

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "custom field aria_interview_status",
        ["score"] = "custom field aria_interview_score",
        ["recommendation"] = "custom field aria_recommendation",
        ["transcript"] = "custom field aria_transcript_url",
        ["recording"] = "custom field aria_recording_url",
        ["needs attention"] = "note on the application",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    public override int Duplicates => _sandbox.State.Notes.GroupBy(n => (n.ApplicationId, n.Body)).Sum(g => g.Count() - 1);

    public override string NextStage => "Face to Face";

    public override int MovesOf(string applicationId) => _sandbox.State.Moves.Count(m => m.OverHttp && m.ApplicationId == Number(applicationId) && m.ToStage == NextStage);

    /// <summary>Settings of a connection to a sandbox.</summary>
    public static JsonObject SettingsFor(Uri api, Uri token) => new()
    {
        ["baseUrl"] = api.ToString(),
        ["tokenUrl"] = token.ToString(),
        ["userId"] = GreenhouseSeeds.SiteAdminId.ToString(CultureInfo.InvariantCulture),
    };

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) =>
        new GreenhouseDemo(await GreenhouseSandbox.StartAsync(new GreenhouseOptions { Time = clock, Jobs = DemoScenario.Jobs }, cancellationToken));

    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken) => _sandbox.AddWebhookAsync(hook, HookSecret, cancellationToken: cancellationToken);

    public override string Apply(DemoApplication application, string? earlier)
    {
        long id = earlier is not null
            ? _sandbox.ApplyAgain(Number(earlier), application.JobId)
            : _sandbox.Apply(new GreenhouseCandidate(application.First, application.Last, application.Email, application.Phone), application.JobId);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override void Move(string applicationId, string stage) => _sandbox.MoveStage(Number(applicationId), stage);

    public override Task WhenQuietAsync(CancellationToken cancellationToken) => _sandbox.WhenQuietAsync(cancellationToken);

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(GreenhouseSnapshot state) =>
        [.. state.Applications.Select(a => new DemoHolding(
            a.Id.ToString(CultureInfo.InvariantCulture),
            Field(a, "aria_interview_status")?.ToLowerInvariant().Replace('-', '_'),
            Field(a, "aria_interview_score"),
            Field(a, "aria_recommendation")?.ToLowerInvariant(),
            Field(a, "aria_transcript_url"),
            state.Notes.Count(n => n.ApplicationId == a.Id)))];

    private static string? Field(GreenhouseApplicationView view, string name) => view.CustomFields.GetValueOrDefault(name) switch
    {
        null => null,
        decimal number => number.ToString("0.##", CultureInfo.InvariantCulture),
        object other => other.ToString(),
    };

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}

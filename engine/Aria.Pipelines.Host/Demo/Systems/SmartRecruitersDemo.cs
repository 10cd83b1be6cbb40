using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.SmartRecruiters;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>SmartRecruiters: results stand in candidate properties of the application, which is the pair of candidate and job.</summary>
internal sealed class SmartRecruitersDemo : DemoSystem
{
    public const string Connector = "smartrecruiters";
    public const string HookSecret = "smartrecruiters-demo-hook";
    private static readonly SmartRecruitersOptions Defaults = new();
    private readonly SmartRecruitersSandbox _sandbox;

    private SmartRecruitersDemo(SmartRecruitersSandbox sandbox)
    {
        _sandbox = sandbox;
    }

    /// <summary>The jobs of the scenario; their numbers are reference numbers here.</summary>
    public static IReadOnlyList<SmartRecruitersJobSeed> Jobs { get; } =
        [.. DemoScenario.Jobs.Select(j => new SmartRecruitersJobSeed(JobId(j.Id), j.Name, j.Id.ToString(CultureInfo.InvariantCulture)))];

    public override string Name => Connector;

    public override string Title => "SmartRecruiters";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => new() { ["baseUrl"] = _sandbox.BaseUrl.ToString(), ["tokenUrl"] = _sandbox.TokenUrl.ToString() };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["smartrecruiters-client-id"] = Defaults.ClientId,
        ["smartrecruiters-client-secret"] = Defaults.ClientSecret,
        ["smartrecruiters-webhook"] = HookSecret,
    };

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "candidate property ARIA Interview Status",
        ["score"] = "candidate property ARIA Interview Score",
        ["recommendation"] = "candidate property ARIA Recommendation",
        ["transcript"] = "candidate property ARIA Transcript",
        ["recording"] = "candidate property ARIA Recording",
        ["needs attention"] = "message on the candidate's profile",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    // The marker that tells messages apart ends each of them.
    public override int Duplicates => _sandbox.State.Messages.GroupBy(m => m.Content.Split("[aria:")[0]).Sum(g => g.Count() - 1);

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) =>
        new SmartRecruitersDemo(await SmartRecruitersSandbox.StartAsync(Defaults with { Time = clock, Jobs = Jobs }, cancellationToken));

    public override async Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        if (!await _sandbox.SubscribeAsync(hook, HookSecret, cancellationToken: cancellationToken))
        {
            throw new InvalidOperationException("The host did not answer the handshake of the subscription.");
        }
    }

    public override string Apply(DemoApplication application, string? earlier)
    {
        string job = JobId(application.JobId);
        string? candidate = earlier?.Split('~')[0];
        // One candidate has one application to a job: who applies to it again is another record.
        bool again = candidate is null || _sandbox.State.Applications.Any(a => a.CandidateId == candidate && a.JobId == job);
        SmartRecruitersApplicationKey key = again
            ? _sandbox.Apply(new SmartRecruitersCandidate(application.First, application.Last, application.Email, application.Phone), job)
            : _sandbox.ApplyAgain(candidate!, job);
        return $"{key.CandidateId}~{key.JobId}";
    }

    public override void Move(string applicationId, string stage)
    {
        string[] ids = applicationId.Split('~');
        _sandbox.SetStatus(new SmartRecruitersApplicationKey(ids[0], ids[1]), "IN_REVIEW", stage);
    }

    public override Task WhenQuietAsync(CancellationToken cancellationToken) => _sandbox.WhenQuietAsync(cancellationToken);

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(SmartRecruitersSnapshot state) =>
        [.. state.Applications.Select(a => new DemoHolding(
            $"{a.CandidateId}~{a.JobId}",
            Text(a, "ARIA Interview Status")?.ToLowerInvariant().Replace('-', '_'),
            Text(a, "ARIA Interview Score"),
            Text(a, "ARIA Recommendation")?.ToLowerInvariant(),
            Text(a, "ARIA Transcript"),
            state.Messages.Count(m => m.Applications.Contains(new SmartRecruitersApplicationKey(a.CandidateId, a.JobId)))))];

    private static string? Text(SmartRecruitersApplicationView view, string property) => view.Properties.GetValueOrDefault(property) switch
    {
        null => null,
        decimal number => number.ToString("0.##", CultureInfo.InvariantCulture),
        object other => other.ToString(),
    };

    private static string JobId(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:x8}-0b00-4000-8000-000000000000");
}

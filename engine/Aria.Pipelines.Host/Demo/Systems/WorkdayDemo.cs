using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Workday;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>Workday: results stand in an assessment of the application; notes are files of the candidate. It announces nothing, so it is asked.</summary>
internal sealed class WorkdayDemo : DemoSystem
{
    public const string Connector = "workday";
    private const string OwnPrefix = "ARIA-";

    /// <summary>What the sandbox accepts by default.</summary>
    public static readonly IReadOnlyDictionary<string, string> Credentials = new Dictionary<string, string> { ["workday-password"] = "workday-sandbox-password" };

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    // A recruiter may assess from the first step on; reaching Phone Screen starts an assessment by itself.
    private static readonly IReadOnlyList<WorkdayStep> Steps =
    [
        new("APPLICATION_REVIEW", "Application Review", "REVIEW") { Assesses = true, Starts = false },
        new("PHONE_SCREEN", "Phone Screen", "ASSESSMENT") { Assesses = true },
        new("OFFER", "Offer", "OFFER"),
    ];

    private readonly WorkdaySandbox _sandbox;
    private readonly DemoClock _clock;

    private WorkdayDemo(WorkdaySandbox sandbox, DemoClock clock)
    {
        _sandbox = sandbox;
        _clock = clock;
    }

    /// <summary>The requisitions of the scenario, with such a process.</summary>
    public static IReadOnlyList<WorkdayRequisition> Requisitions { get; } =
        [.. DemoScenario.Jobs.Select(j => new WorkdayRequisition(j.Id.ToString(CultureInfo.InvariantCulture), j.Name, Steps))];

    public override string Name => Connector;

    public override string Title => "Workday";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => SettingsFor(_sandbox.BaseUrl);

    public override IReadOnlyDictionary<string, string> Secrets => Credentials;

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "status of the assessment ARIA-<application>",
        ["score"] = "score of its test ARIA_INTERVIEW, a whole number out of 100",
        ["recommendation"] = "status of that test",
        ["transcript"] = "results URL of that test, and a line of the assessment's comment",
        ["recording"] = "a line of the assessment's comment",
        ["needs attention"] = "text file of the candidate, category ARIA_NOTE",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    public override int Duplicates => _sandbox.State.Applications.Sum(a => Math.Max(0, a.Assessments.Count(s => !s.Started) - 1))
        + _sandbox.State.Attachments.GroupBy(a => (a.Comment, a.Content)).Sum(g => g.Count() - 1);

    /// <summary>Settings of a connection to a sandbox.</summary>
    public static JsonObject SettingsFor(Uri baseUrl) => new() { ["baseUrl"] = baseUrl.GetLeftPart(UriPartial.Authority) };

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) =>
        new WorkdayDemo(await WorkdaySandbox.StartAsync(new WorkdayOptions { Time = clock, Requisitions = Requisitions }, cancellationToken), clock);

    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken) => Task.CompletedTask;

    public override string Apply(DemoApplication application, string? earlier)
    {
        string job = application.JobId.ToString(CultureInfo.InvariantCulture);
        string id = earlier is not null
            ? _sandbox.ApplyAgain(Own(earlier), job)
            : _sandbox.Apply(new WorkdayPerson(application.First, application.Last, application.Email, application.Phone), job);
        return $"{_sandbox.State.Application(id).CandidateId}:{id}";
    }

    public override void Move(string applicationId, string stage) => _sandbox.MoveTo(Own(applicationId), Steps.Single(s => s.Name == stage).Id);

    public override async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        WorkdayCounts before = _sandbox.State.Counts;
        bool asked = false;
        while (!asked)
        {
            // A poll that is still being worked on counts its interval from its end, which may be behind this move of the clock.
            _clock.Advance(Interval);
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            moment.CancelAfter(Moment);
            Task known = _sandbox.WhenAsync(
                state => state.Counts.ApplicationWindows > before.ApplicationWindows && state.Counts.AssessmentWindows > before.AssessmentWindows, moment.Token);
            await known.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            asked = known.IsCompletedSuccessfully;
        }
    }

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override string Shown(decimal score) => (score * 10).ToString("0", CultureInfo.InvariantCulture);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(WorkdaySnapshot state) =>
        [.. state.Applications.Select(a =>
        {
            WorkdayAssessmentView? own = a.Assessments.FirstOrDefault(s => s.Id == OwnPrefix + a.Id);
            WorkdayTestResult? test = own?.Tests.SingleOrDefault();
            return new DemoHolding(
                $"{a.CandidateId}:{a.Id}",
                Word(own?.Status),
                test?.Score?.ToString(CultureInfo.InvariantCulture),
                Word(test?.Status),
                test?.ResultsUrl,
                state.Attachments.Count(f => f.Comment?.EndsWith($" {a.Id}", StringComparison.Ordinal) == true));
        })];

    /// <summary>The canonical word of a status that was named for ARIA.</summary>
    private static string? Word(string? status) => status?["ARIA_".Length..].ToLowerInvariant();

    /// <summary>Workday's own id of an application, behind that of its candidate.</summary>
    private static string Own(string applicationId) => applicationId.Split(':')[1];
}

using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.JazzHR;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>JazzHR: it exports candidates who reach a step, is asked for new ones, and results are notes and tags of the applicant.</summary>
internal sealed class JazzHRDemo : DemoSystem
{
    public const string Connector = "jazzhr";
    private const string Result = "ARIA interview: ";
    private const string HookSecret = "jazzhr-demo-hook-secret";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Statuses = ["Pending", "Completed", "No-show"];
    private readonly JazzHRSandbox _sandbox;
    private readonly DemoClock _clock;
    private readonly string _events;

    private JazzHRDemo(JazzHRSandbox sandbox, DemoClock clock, string events)
    {
        (_sandbox, _clock, _events) = (sandbox, clock, events);
    }

    public override string Name => Connector;

    public override string Title => "JazzHR";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => new() { ["baseUrl"] = _sandbox.ApiUrl.ToString(), ["userId"] = JazzHRSeeds.UserId, ["events"] = _events, ["pollInterval"] = "5s" };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["jazzhr-api-key"] = new JazzHROptions().ApiKey,
        ["jazzhr-webhook"] = HookSecret,
    };

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "note on the applicant, and tag \"ARIA: …\" at the end",
        ["score"] = "the same note",
        ["recommendation"] = "the same note",
        ["transcript"] = "the same note",
        ["recording"] = "the same note",
        ["needs attention"] = "note on the applicant",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    /// <summary>Nothing is written twice: no two notes that read the same, no tag that is listed twice. Notes and tags are the applicant's, whatever the job.</summary>
    public override int Duplicates => _sandbox.State.Applications.DistinctBy(a => a.ApplicantId).Sum(a => Repeated(a.Notes.Select(n => Unmarked(n.Contents))) + Repeated(a.Tags));

    public static Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) => StartAsync(clock, "export", cancellationToken);

    /// <summary>Starts the stand-in.</summary>
    /// <param name="clock">The clock of the demo.</param>
    /// <param name="events">Setting <c>events</c>: <c>export</c>, or <c>poll</c> for an account without Candidate Export.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<DemoSystem> StartAsync(DemoClock clock, string events, CancellationToken cancellationToken) =>
        new JazzHRDemo(await JazzHRSandbox.StartAsync(new JazzHROptions { Time = clock, Jobs = [.. DemoScenario.Jobs.Select(j => new JazzHRJob(JobId(j.Id), j.Name, Text(j.Id)))] }, cancellationToken), clock, events);

    /// <summary>Adds the integration in place of an earlier one; and the host begins with the applications that it finds, so it has to have asked once before anything happens.</summary>
    public override async Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        _sandbox.RemoveExports();
        if (_events == "export" && !await _sandbox.AddExportAsync(hook, HookSecret, cancellationToken))
        {
            throw new InvalidOperationException($"{hook} did not answer JazzHR's verification event with 200.");
        }
        await WhenQuietAsync(cancellationToken);
    }

    public override string Apply(DemoApplication application, string? earlier) => earlier is not null
        ? _sandbox.ApplyAgain(earlier, JobId(application.JobId))
        : _sandbox.Apply(new JazzHRApplicant(application.First, application.Last, application.Email, application.Phone), JobId(application.JobId));

    public override void Move(string applicationId, string stage) => _sandbox.Move(applicationId, stage);

    /// <summary>Recruiters export again what was not taken, and time passes until each feed has asked anew; in steps that no request under way takes for its timeout.</summary>
    public override async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        do
        {
            await _sandbox.WhenQuietAsync(cancellationToken);
        }
        while (_sandbox.ExportAgain() > 0);
        // Two of each feed: the first may have been on its way before the change.
        int feeds = _events == "export" ? 1 : 2;
        int enough = _sandbox.State.Lists + (2 * feeds);
        while (_sandbox.State.Lists < enough)
        {
            _clock.Advance(Interval);
            int before = _sandbox.State.Lists;
            await MomentAsync(state => state.Lists >= before + feeds, cancellationToken);
        }
    }

    /// <summary>Lets time pass meanwhile: JazzHR takes 100 requests in a minute.</summary>
    public override async Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken)
    {
        while (!condition(Held(_sandbox.State)))
        {
            await MomentAsync(state => condition(Held(state)), cancellationToken);
            _clock.Advance(Interval);
        }
    }

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private async Task MomentAsync(Func<JazzHRSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        moment.CancelAfter(Moment);
        Task asked = _sandbox.WhenAsync(condition, moment.Token);
        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static List<DemoHolding> Held(JazzHRSnapshot state) => [.. state.Applications.Select(Held)];

    private static DemoHolding Held(JazzHRApplicationView application)
    {
        string[][] notes = [.. application.Notes.Select(n => n.Contents.Split('\n')).Where(n => n.Contains($"Job: {application.JobTitle}"))];
        string[]? latest = notes.LastOrDefault(IsResult);
        string? status = latest?[0][Result.Length..].ToLowerInvariant();
        // The parts of one result come one after the other: it is there when the last of them is.
        bool isWhole = status is null or "pending" || application.Tags.Contains($"ARIA: {status}");
        return new DemoHolding(
            application.Id,
            isWhole ? status?.Replace('-', '_') : "pending",
            Line(latest, "Score: ")?.Split(' ')[0],
            Line(latest, "Recommendation: ")?.ToLowerInvariant(),
            Line(latest, "Transcript: "),
            notes.Count(n => !IsResult(n)));
    }

    private static bool IsResult(string[] note) => note[0].StartsWith(Result, StringComparison.Ordinal) && Statuses.Contains(note[0][Result.Length..]);

    private static string? Line(string[]? note, string name) => note?.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private static int Repeated(IEnumerable<string> texts) => texts.GroupBy(t => t, StringComparer.Ordinal).Sum(g => g.Count() - 1);

    // The marker tells effects apart, but what people read must not stand there twice.
    private static string Unmarked(string note) => note.Split("\n\n[aria:")[0];

    private static string JobId(long job) => $"job_{Text(job)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

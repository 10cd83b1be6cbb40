using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.BambooHR;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>BambooHR: it is asked for changes, and results are comments of the application.</summary>
internal sealed class BambooHRDemo : DemoSystem
{
    public const string Connector = "bamboohr";
    private const string Result = "ARIA interview: ";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Statuses = ["Pending", "Completed", "No-show"];
    private readonly BambooHRSandbox _sandbox;
    private readonly DemoClock _clock;

    private BambooHRDemo(BambooHRSandbox sandbox, DemoClock clock)
    {
        (_sandbox, _clock) = (sandbox, clock);
    }

    public override string Name => Connector;

    public override string Title => "BambooHR";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => new() { ["baseUrl"] = _sandbox.ApiUrl.ToString(), ["pollInterval"] = "5s" };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["bamboohr-api-key"] = new BambooHROptions().ApiKey };

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "comment",
        ["score"] = "the same comment",
        ["recommendation"] = "the same comment",
        ["transcript"] = "the same comment",
        ["recording"] = "the same comment",
        ["needs attention"] = "comment",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    public override int Duplicates => _sandbox.State.Applications.Sum(a => a.Comments.GroupBy(c => c).Sum(g => g.Count() - 1));

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) => new BambooHRDemo(
        await BambooHRSandbox.StartAsync(new BambooHROptions { Time = clock, Jobs = [.. DemoScenario.Jobs.Select(j => new BambooHRJob(j.Id, j.Name))] }, cancellationToken), clock);

    /// <summary>Nothing is sent; but the host begins with what it finds, so it has to have asked once before anything happens.</summary>
    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken) => WhenQuietAsync(cancellationToken);

    public override string Apply(DemoApplication application, string? earlier)
    {
        long id = earlier is not null
            ? _sandbox.ApplyAgain(Number(earlier), application.JobId)
            : _sandbox.Apply(new BambooHRApplicant(application.First, application.Last, application.Email, application.Phone), application.JobId);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override void Move(string applicationId, string stage) => _sandbox.Move(Number(applicationId), stage);

    /// <summary>Lets the time to the next question pass until both feeds have asked anew; in steps that no request under way takes for its timeout.</summary>
    public override async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        // Two of each feed: the first may have been on its way before the change.
        int enough = _sandbox.State.Lists + 4;
        while (_sandbox.State.Lists < enough)
        {
            _clock.Advance(Interval);
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            moment.CancelAfter(Moment);
            int before = _sandbox.State.Lists;
            Task asked = _sandbox.WhenAsync(state => state.Lists >= before + 2, moment.Token);
            await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(BambooHRSnapshot state) => [.. state.Applications.Select(Held)];

    private static DemoHolding Held(BambooHRApplicationView application)
    {
        string[][] comments = [.. application.Comments.Select(c => c.Split('\n'))];
        string[]? latest = comments.LastOrDefault(IsResult);
        return new DemoHolding(
            application.Id.ToString(CultureInfo.InvariantCulture),
            latest?[0][Result.Length..].ToLowerInvariant().Replace('-', '_'),
            Line(latest, "Score: ")?.Split(' ')[0],
            Line(latest, "Recommendation: ")?.ToLowerInvariant(),
            Line(latest, "Transcript: "),
            comments.Count(c => !IsResult(c)));
    }

    private static bool IsResult(string[] comment) => comment[0].StartsWith(Result, StringComparison.Ordinal) && Statuses.Contains(comment[0][Result.Length..]);

    private static string? Line(string[]? comment, string name) => comment?.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}

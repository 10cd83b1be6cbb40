using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>Bullhorn: a subscription is asked for events; results stand in the screening fields of the submission, addresses in a note.</summary>
internal sealed class BullhornDemo : DemoSystem
{
    public const string Connector = "bullhorn";
    private const string Result = "ARIA interview: ";
    private static readonly BullhornOptions Defaults = new();
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private readonly BullhornSandbox _sandbox;
    private readonly DemoClock _clock;

    private BullhornDemo(BullhornSandbox sandbox, DemoClock clock)
    {
        (_sandbox, _clock) = (sandbox, clock);
    }

    public override string Name => Connector;

    public override string Title => "Bullhorn";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => new() { ["baseUrl"] = _sandbox.RestUrl.ToString(), ["domain"] = _sandbox.BaseUrl.Host, ["pollInterval"] = "5s" };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["bullhorn-client-id"] = Defaults.ClientId,
        ["bullhorn-client-secret"] = Defaults.ClientSecret,
        ["bullhorn-username"] = Defaults.Username,
        ["bullhorn-password"] = Defaults.Password,
    };

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "screeningStatus of the submission",
        ["score"] = "screeningScore, of 100",
        ["recommendation"] = "screeningSummary",
        ["transcript"] = "note on the candidate",
        ["recording"] = "the same note",
        ["needs attention"] = "note on the candidate",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    /// <summary>Fields cannot be there twice: notes can.</summary>
    public override int Duplicates => _sandbox.State.Notes.GroupBy(n => (n.CandidateId, n.JobId, n.Comments)).Sum(g => g.Count() - 1);

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) => new BullhornDemo(
        await BullhornSandbox.StartAsync(Defaults with { Time = clock, RequestsPerMinute = null, Jobs = [.. DemoScenario.Jobs.Select(j => new BullhornJob(j.Id, j.Name))] }, cancellationToken), clock);

    /// <summary>Nothing is sent; but events are kept only for a subscription, so the host has to have made its own before anything happens.</summary>
    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken) => WhenQuietAsync(cancellationToken);

    public override string Apply(DemoApplication application, string? earlier)
    {
        long id = earlier is not null
            ? _sandbox.ApplyAgain(Number(earlier), application.JobId)
            : _sandbox.Apply(new BullhornCandidate(application.First, application.Last, application.Email, application.Phone), application.JobId);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override void Move(string applicationId, string stage) => _sandbox.Move(Number(applicationId), stage);

    public override string Shown(decimal score) => Math.Round(score * 10, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture);

    /// <summary>Lets the time to the next question pass until the queue was found empty twice: what it held before is stored then.</summary>
    public override async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        int enough = _sandbox.State.EmptyReads + 2;
        while (_sandbox.State.EmptyReads < enough)
        {
            _clock.Advance(Interval);
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            moment.CancelAfter(Moment);
            int before = _sandbox.State.EmptyReads;
            Task asked = _sandbox.WhenAsync(state => state.EmptyReads > before, moment.Token);
            await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(BullhornSnapshot state) => [.. state.Submissions.Select(s => Held(s, state.NotesOf(s)))];

    private static DemoHolding Held(BullhornSubmissionView submission, IReadOnlyList<BullhornNoteView> notes)
    {
        string? status = submission.Fields.GetValueOrDefault("screeningStatus")?.ToLowerInvariant().Replace('-', '_');
        string[]? links = notes.LastOrDefault(n => n.Comments.StartsWith(Result + "Completed", StringComparison.Ordinal))?.Comments.Split('\n');
        return new DemoHolding(
            submission.Id.ToString(CultureInfo.InvariantCulture),
            // The note comes after the fields: the result is there when both are.
            status == "completed" && links is null ? null : status,
            submission.Fields.GetValueOrDefault("screeningScore"),
            Line(submission.Fields.GetValueOrDefault("screeningSummary")?.Split('\n'), "Recommendation: ")?.ToLowerInvariant(),
            Line(links, "Transcript: "),
            notes.Count(n => !n.Comments.StartsWith(Result + "Completed", StringComparison.Ordinal)));
    }

    private static string? Line(string[]? lines, string name) => lines?.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}

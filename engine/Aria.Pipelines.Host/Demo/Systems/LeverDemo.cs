using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>Lever: results stand in a note, tags, a feedback form and the stage of the opportunity.</summary>
internal sealed class LeverDemo : DemoSystem
{
    public const string Connector = "lever";
    public const string SignatureToken = "lever-demo-signature-token";

    /// <summary>What the sandbox accepts by default.</summary>
    public static readonly IReadOnlyDictionary<string, string> Credentials = new Dictionary<string, string>
    {
        ["lever-api-key"] = "lever-sandbox-key",
        ["lever-webhooks"] = SignatureToken,
    };

    private readonly LeverSandbox _sandbox;

    private LeverDemo(LeverSandbox sandbox)
    {
        _sandbox = sandbox;
    }

    public override string Name => Connector;

    public override string Title => "Lever";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => SettingsFor(_sandbox.ApiUrl);

    public override IReadOnlyDictionary<string, string> Secrets => Credentials;

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "tag \"ARIA: …\", and the stage \"AI Interview\" while it is pending",
        ["score"] = "note and feedback form on the opportunity",
        ["recommendation"] = "tag, note, and the rating of the feedback form",
        ["transcript"] = "note and feedback form",
        ["recording"] = "note and feedback form",
        ["needs attention"] = "note on the opportunity",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    /// <summary>Nothing is written twice: no two equal notes or forms, no tag that is listed twice, and one form for a completed interview.</summary>
    public override int Duplicates => _sandbox.State.Opportunities.Sum(o =>
        Repeated(o.Notes.Select(n => Unmarked(n.Value))) + Repeated(o.Tags) + Math.Max(0, o.Feedback.Count - 1) + Math.Max(0, Results(o).Count - 1));

    public override string NextStage => "AI Interview done";

    public override int MovesOf(string applicationId) => _sandbox.State.Moves.Count(m => m.OverHttp && m.OpportunityId == applicationId && m.ToStageId == LeverSeeds.AiInterviewDoneId);

    /// <summary>Settings of a connection to a sandbox.</summary>
    public static JsonObject SettingsFor(Uri api) => new()
    {
        ["baseUrl"] = api.ToString(),
        ["performAs"] = LeverSeeds.UserId,
        ["feedback"] = new JsonObject
        {
            ["templateId"] = LeverSeeds.TemplateId,
            ["ratingField"] = LeverSeeds.RatingFieldId,
            ["summaryField"] = LeverSeeds.SummaryFieldId,
        },
    };

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) =>
        new LeverDemo(await LeverSandbox.StartAsync(new LeverOptions { Time = clock, Postings = Postings }, cancellationToken));

    /// <summary>The jobs of the scenario as postings; the number of a job is the code of its requisition.</summary>
    public static IReadOnlyList<LeverPosting> Postings =>
        [.. DemoScenario.Jobs.Select(j => new LeverPosting(PostingId(j.Id), j.Name, j.Id.ToString(CultureInfo.InvariantCulture)))];

    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        _sandbox.AddWebhook(hook, SignatureToken);
        return Task.CompletedTask;
    }

    public override string Apply(DemoApplication application, string? earlier) => earlier is not null
        ? _sandbox.ApplyAgain(earlier, PostingId(application.JobId))
        : _sandbox.Apply(new LeverCandidate($"{application.First} {application.Last}".Trim(), application.Email, application.Phone), PostingId(application.JobId));

    public override void Move(string applicationId, string stage) => _sandbox.MoveStage(applicationId, stage);

    public override Task WhenQuietAsync(CancellationToken cancellationToken) => _sandbox.WhenQuietAsync(cancellationToken);

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(LeverSnapshot state) => [.. state.Opportunities.Select(Held)];

    private static DemoHolding Held(LeverOpportunityView opportunity)
    {
        string[] lines = [.. Results(opportunity).SelectMany(n => n.Value.Split('\n'))];
        string? status = Tag(opportunity, "pending", "completed", "no-show");
        // The parts of one result come one after the other: it is there when the last of them is.
        bool isWhole = lines.Length > 0 && (status != "completed" || opportunity.Feedback.Any(f => !f.IsDraft));
        return new DemoHolding(
            opportunity.Id,
            isWhole || status == "pending" ? status?.Replace('-', '_') : null,
            After(lines, "Score: ")?.Split(' ')[0],
            Tag(opportunity, "advance", "maybe", "pass"),
            After(lines, "Transcript: "),
            opportunity.Notes.Count - Results(opportunity).Count);
    }

    private static IReadOnlyList<LeverNoteView> Results(LeverOpportunityView opportunity) =>
        [.. opportunity.Notes.Where(n => n.Value.StartsWith("ARIA interview: Completed", StringComparison.Ordinal) || n.Value.StartsWith("ARIA interview: No-show", StringComparison.Ordinal))];

    private static string? Tag(LeverOpportunityView opportunity, params IReadOnlyList<string> words) =>
        words.FirstOrDefault(w => opportunity.Tags.Contains($"ARIA: {w}"));

    private static string? After(string[] lines, string prefix) =>
        lines.FirstOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private static int Repeated(IEnumerable<string> texts) => texts.GroupBy(t => t, StringComparer.Ordinal).Sum(g => g.Count() - 1);

    // The marker tells effects apart, but what people read must not stand there twice.
    private static string Unmarked(string note) => note.Split("\n\n[aria:")[0];

    private static string PostingId(long job) => string.Create(CultureInfo.InvariantCulture, $"eeeeeeee-eeee-4eee-8eee-{job:d12}");
}

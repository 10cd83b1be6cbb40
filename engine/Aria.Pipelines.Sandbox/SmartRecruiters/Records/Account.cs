using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Records;

/// <summary>All resources of one simulated company. Everything in it is guarded by <see cref="Gate"/>.</summary>
internal sealed class Account
{
    public static readonly IReadOnlyList<string> Statuses = ["LEAD", "NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED", "REJECTED", "WITHDRAWN", "TRANSFERRED"];
    private readonly TimeProvider _time;
    private readonly Dictionary<string, int> _ids = [];

    public Account(SmartRecruitersOptions options)
    {
        _time = options.Time;
        Jobs = [.. options.Jobs];
        Properties = [.. options.Properties.Select(p => new Property(p, () => NewId("0a10")))];
    }

    public Lock Gate { get; } = new();

    public IReadOnlyList<SmartRecruitersJobSeed> Jobs { get; }

    public IReadOnlyList<Property> Properties { get; }

    public List<Candidate> Candidates { get; } = [];

    public List<Message> Messages { get; } = [];

    public List<Subscription> Subscriptions { get; } = [];

    public int StatusWrites { get; set; }

    public int PropertyWrites { get; set; }

    public int MessagesShared { get; set; }

    public int TagWrites { get; set; }

    public int TokensIssued { get; set; }

    // Milliseconds, because that is what bodies show and filters compare.
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = _time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    /// <summary>A UUID whose second group says what it names.</summary>
    public string NewId(string kind)
    {
        int number = _ids[kind] = _ids.GetValueOrDefault(kind) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{number:x8}-{kind}-4000-8000-000000000000");
    }

    public SmartRecruitersJobSeed Job(string id) => Jobs.FirstOrDefault(j => j.Id == id) ?? throw new KeyNotFoundException($"There is no job {id}.");

    public Candidate Candidate(string id) => Candidates.Find(c => c.Id == id) ?? throw new KeyNotFoundException($"There is no candidate {id}.");

    public Application Application(string candidateId, string jobId) =>
        Candidate(candidateId).Applications.Find(a => a.Job.Id == jobId) ?? throw new KeyNotFoundException($"Candidate {candidateId} has no application to job {jobId}.");

    public Candidate AddCandidate(SmartRecruitersCandidate person)
    {
        var candidate = new Candidate(NewId("ca00"), person, Now);
        Candidates.Add(candidate);
        return candidate;
    }

    /// <summary>Assigns a candidate to a job, once.</summary>
    public Application AddApplication(Candidate candidate, string jobId)
    {
        if (candidate.Applications.Exists(a => a.Job.Id == jobId))
        {
            throw new InvalidOperationException($"Candidate {candidate.Id} is already assigned to job {jobId}.");
        }

        var application = new Application(NewId("a990"), candidate, Job(jobId), Now);
        candidate.Applications.Add(application);
        return application;
    }

    public SmartRecruitersSnapshot Snapshot() => new(
        [.. Candidates.SelectMany(c => c.Applications).Select(View)],
        [.. Messages.Select(m => new SmartRecruitersMessageView(
            m.Id, m.Content, m.Visibility, [.. m.Applications.Select(a => new SmartRecruitersApplicationKey(a.Candidate.Id, a.Job.Id))]))],
        new SmartRecruitersCounts(StatusWrites, PropertyWrites, MessagesShared, TagWrites, TokensIssued));

    private SmartRecruitersApplicationView View(Application a) => new(
        a.Id, a.Candidate.Id, a.Job.Id, a.Status, a.SubStatus,
        Properties.ToDictionary(p => p.Label, p => Shown(p, a.Values.GetValueOrDefault(p.Id))), [.. a.Candidate.Tags]);

    private static object? Shown(Property property, JsonNode? value) => value?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.Number => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when property.Type == "SINGLE_SELECT" => property.Options.First(o => o.Id == value.GetValue<string>()).Label,
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}

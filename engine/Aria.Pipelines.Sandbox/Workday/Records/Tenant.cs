using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Sandbox.Workday.Records;

/// <summary>All records of one simulated tenant. Everything in it is guarded by <see cref="Gate"/>.</summary>
internal sealed class Tenant(WorkdayOptions options)
{
    private readonly List<WorkdayMoveView> _moves = [];

    public Lock Gate { get; } = new();

    public WorkdayOptions Options => options;

    public List<Candidate> Candidates { get; } = [];

    public List<JobApplication> Applications { get; } = [];

    public List<Assessment> Assessments { get; } = [];

    public List<Attachment> Attachments { get; } = [];

    public WorkdayCounts Counts { get; set; } = new(0, 0, 0, 0, 0, 0, 0);

    // Milliseconds, because that is what messages show and filters compare.
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = options.Time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    /// <summary>The Workday id of anything, 32 hex digits; the same for the same thing.</summary>
    public static string Wid(string kind, string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{id}")).AsSpan(0, 16));

    public Candidate Add(WorkdayPerson person)
    {
        var candidate = new Candidate($"C{(Candidates.Count + 1).ToString("D5", CultureInfo.InvariantCulture)}", person, Now);
        Candidates.Add(candidate);
        return candidate;
    }

    public JobApplication Apply(Candidate candidate, string requisitionId)
    {
        WorkdayRequisition requisition = options.Requisitions.FirstOrDefault(r => r.Id == requisitionId)
            ?? throw new KeyNotFoundException($"There is no requisition '{requisitionId}'.");
        var application = new JobApplication($"JOB_APPLICATION-3-{Applications.Count + 1}", candidate, requisition, Now);
        Applications.Add(application);
        Enter(application, requisition.Steps[0], overHttp: false);
        return application;
    }

    public JobApplication Find(string applicationId) =>
        Applications.Find(a => a.Id == applicationId) ?? throw new KeyNotFoundException($"There is no application '{applicationId}'.");

    /// <summary>Puts an application into a step; a step that assesses starts an assessment, a disposition ends the process.</summary>
    public void Enter(JobApplication application, WorkdayStep step, bool overHttp)
    {
        DateTimeOffset at = Now;
        _moves.Add(new WorkdayMoveView(application.Id, application.Visits.LastOrDefault()?.Step.Id, step.Id, overHttp));
        application.Visits.Add(new StepVisit(step, at));
        application.Disposition = WorkdaySeeds.Dispositions.FirstOrDefault(d => d.Id == step.Id);
        if (step is { Assesses: true, Starts: true })
        {
            Assessments.Add(new Assessment($"RECRUITING_ASSESSMENT-1-{Assessments.Count(a => a.Started) + 1}", application, at)
            {
                Started = true, Status = options.AssessmentStatuses[0], OnDate = at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), AssessedBy = WorkdaySeeds.Recruiter,
            });
        }
    }

    public WorkdaySnapshot Snapshot() => new(
        [.. Applications.Select(a => new WorkdayApplicationView(
            a.Id, a.Candidate.Id, a.Requisition.Id, a.Step.Id, a.Disposition is null, [.. Assessments.Where(s => s.Application == a).Select(s => s.View())]))],
        [.. Attachments.Select(a => new WorkdayAttachmentView(a.Id, a.Candidate.Id, a.Application?.Id, a.Filename, Encoding.UTF8.GetString(a.Content), a.Comment))],
        [.. _moves],
        Counts);
}

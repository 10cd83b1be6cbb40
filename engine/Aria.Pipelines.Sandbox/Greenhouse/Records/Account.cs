namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>All resources of one simulated account. Everything in it is guarded by <see cref="Gate"/>.</summary>
internal sealed class Account
{
    private readonly TimeProvider _time;
    private readonly List<GreenhouseMoveView> _moves = [];

    public Account(GreenhouseOptions options)
    {
        _time = options.Time;
        DateTimeOffset at = Now;
        Users.Add(new User(GreenhouseSeeds.SiteAdminId, "Ada Admin", at) { SiteAdmin = true });
        Users.Add(new User(GreenhouseSeeds.BasicUserId, "Bea Basic", at) { SiteAdmin = false });
        Users.Add(new User(GreenhouseSeeds.ServiceUserId, "Integration Service", at) { SiteAdmin = options.ServiceUserIsSiteAdmin, IsService = true });
        foreach (GreenhouseFieldSeed seed in options.Fields)
        {
            AddField(seed, at);
        }

        foreach (GreenhouseJobSeed seed in options.Jobs)
        {
            AddJob(seed, at);
        }
    }

    public Lock Gate { get; } = new();

    public Table<User> Users { get; } = new(GreenhouseSeeds.SiteAdminId);

    public Table<Job> Jobs { get; } = new(4056310);

    public Table<JobStage> JobStages { get; } = new(40563100);

    public Table<CustomField> Fields { get; } = new(11000001);

    public Table<CustomFieldOption> Options { get; } = new(12000001);

    public Table<Candidate> Candidates { get; } = new(60300001);

    public Table<Application> Applications { get; } = new(71900001);

    // Far from the job stage ids, so that a connector which mixes the two up is refused.
    public Table<ApplicationStage> ApplicationStages { get; } = new(9_100_000_001);

    public Table<Note> Notes { get; } = new(82000001);

    public Table<Attachment> Attachments { get; } = new(93000001);

    public int ApplicationPatches { get; set; }

    public int CandidatePatches { get; set; }

    public int NotesCreated { get; set; }

    public int TokensIssued { get; set; }

    // Milliseconds, because that is what rows show and filters compare.
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = _time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    public Candidate AddCandidate(GreenhouseCandidate person) =>
        Candidates.Add(new Candidate(Candidates.NextId, person, ValuesOf("candidate"), Now));

    public Application AddApplication(Candidate candidate, long jobId, Func<Uri> baseUrl)
    {
        Job job = Jobs.Find(jobId) ?? throw new KeyNotFoundException($"There is no job {jobId}.");
        DateTimeOffset at = Now;
        GreenhouseCandidate person = candidate.Person;
        Application application = Applications.Add(
            new Application(Applications.NextId, candidate, job, ValuesOf("application"), at) { LastStage = job.Stages[0] });
        Enter(application, job.Stages[0], at);
        if (person.ResumeFilename is { } filename)
        {
            Attachments.Add(new Attachment(Attachments.NextId, application, filename, at) { Now = () => Now, BaseUrl = baseUrl });
        }

        return application;
    }

    public Application Find(long applicationId) =>
        Applications.Find(applicationId) ?? throw new KeyNotFoundException($"There is no application {applicationId}.");

    /// <summary>Moves an application in process; the caller has checked that the stage belongs to a job of the account.</summary>
    public void Move(Application application, JobStage to, bool overHttp)
    {
        DateTimeOffset at = Now;
        _moves.Add(new GreenhouseMoveView(application.Id, application.LastStage.Name, to.Name, overHttp));
        Leave(application, at);
        application.Job = to.Job;
        Enter(application, to, at);
    }

    /// <summary>Ends an application as <c>hired</c> or <c>rejected</c>.</summary>
    public void Close(Application application, string status)
    {
        if (application.Status != "in_process")
        {
            throw new InvalidOperationException($"Application {application.Id} is already {application.Status}.");
        }

        DateTimeOffset at = Now;
        Leave(application, at);
        application.Status = status;
        application.RejectedAt = status == "rejected" ? at : null;
        application.Touch(at);
    }

    public GreenhouseSnapshot Snapshot() => new(
        [.. Applications.Rows.Select(a => new GreenhouseApplicationView(
            a.Id, a.Candidate.Id, a.Job.Id, a.Status, a.Stage?.JobStage.Name, a.Stage?.Id, a.Stage?.JobStage.Id, a.Fields.View()))],
        [.. Candidates.Rows.Select(c => new GreenhouseCandidateView(
            c.Id, c.Person.FirstName, c.Person.LastName, c.Person.Email, c.Person.Phone, c.Fields.View()))],
        [.. Notes.Rows.Select(n => new GreenhouseNoteView(n.Id, n.CandidateId, n.ApplicationId, n.UserId, n.Body, n.Visibility, n.Type))],
        [.. _moves],
        new GreenhouseCounts(ApplicationPatches, CandidatePatches, NotesCreated, _moves.Count(m => m.OverHttp), TokensIssued));

    private FieldValues ValuesOf(string fieldType) => new([.. Fields.Rows.Where(f => f.FieldType == fieldType)]);

    private void Enter(Application application, JobStage stage, DateTimeOffset at)
    {
        application.Stage = ApplicationStages.Add(new ApplicationStage(ApplicationStages.NextId, application, stage, at, () => Now));
        application.LastStage = stage;
        application.Touch(at);
    }

    private static void Leave(Application application, DateTimeOffset at)
    {
        if (application.Stage is { } stage)
        {
            stage.ExitedAt = at;
            stage.Touch(at);
        }

        application.Stage = null;
    }

    private void AddField(GreenhouseFieldSeed seed, DateTimeOffset at)
    {
        CustomField field = Fields.Add(new CustomField(Fields.NextId, seed, Fields.Rows.Count, at));
        foreach (string option in seed.Options)
        {
            field.Options.Add(Options.Add(new CustomFieldOption(Options.NextId, field, option, field.Options.Count)));
        }
    }

    private void AddJob(GreenhouseJobSeed seed, DateTimeOffset at)
    {
        Job job = Jobs.Add(new Job(seed.Id, seed.Name, at));
        foreach (string stage in seed.Stages)
        {
            job.Stages.Add(JobStages.Add(new JobStage((seed.Id * 10) + job.Stages.Count, job, stage, job.Stages.Count)));
        }
    }
}

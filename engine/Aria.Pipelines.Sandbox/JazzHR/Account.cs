using System.Globalization;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>What the account holds, and the rows that lists show of it. Guarded by the sandbox's lock.</summary>
internal sealed class Account
{
    private long _lastId;

    public Account(JazzHROptions options)
    {
        Options = options;
        Categories = [.. options.Categories.Select(name => new Category(NextId("cat"), name))];
    }

    public JazzHROptions Options { get; }

    public List<Applicant> Applicants { get; } = [];

    public List<Application> Applications { get; } = [];

    public List<Category> Categories { get; }

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    public string NextId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{++_lastId:d8}");

    public long NextNumber() => ++_lastId;

    public Application Apply(Applicant applicant, string jobId)
    {
        JazzHRJob job = Options.Jobs.FirstOrDefault(j => j.Id == jobId) ?? throw new KeyNotFoundException($"There is no job '{jobId}'.");
        var application = new Application(NextId("a2j"), applicant, job, Options.Steps[0], Now);
        Applications.Add(application);
        return application;
    }

    public Applicant Add(JazzHRApplicant person)
    {
        var applicant = new Applicant(NextId("prospect"), person, Now);
        Applicants.Add(applicant);
        return applicant;
    }

    /// <summary>The application of an applicant and a job, joined by ~.</summary>
    public Application Find(string id) =>
        Applications.FirstOrDefault(a => $"{a.Applicant.Id}~{a.Job.Id}" == id) ?? throw new KeyNotFoundException($"There is no application '{id}'.");

    public string Day(DateTimeOffset at) => at.ToOffset(Options.UtcOffset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string Clock(DateTimeOffset at) => at.ToOffset(Options.UtcOffset).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>An applicant as lists show it: without an e-mail address.</summary>
    public JsonObject Row(Applicant applicant)
    {
        Application? first = Applications.FirstOrDefault(a => a.Applicant == applicant);
        return new JsonObject
        {
            ["id"] = applicant.Id,
            ["first_name"] = applicant.Person.FirstName,
            ["last_name"] = applicant.Person.LastName,
            ["prospect_phone"] = applicant.Person.Phone,
            ["apply_date"] = Day(applicant.At),
            ["job_id"] = first?.Job.Id,
            ["job_title"] = first?.Job.Title,
        };
    }

    /// <summary>An applicant alone.</summary>
    public JsonObject Detail(Applicant applicant) => new()
    {
        ["id"] = applicant.Id,
        ["first_name"] = applicant.Person.FirstName,
        ["last_name"] = applicant.Person.LastName,
        ["email"] = applicant.Person.Email,
        ["address"] = "",
        ["location"] = "",
        ["phone"] = applicant.Person.Phone,
        ["linkedin_url"] = "",
        ["eeo_gender"] = null,
        ["eeo_race"] = null,
        ["website"] = "",
        ["desired_salary"] = "",
        ["desired_start_date"] = "",
        ["education_level"] = "",
        ["apply_date"] = Day(applicant.At),
        ["comments_count"] = applicant.Notes.Count.ToString(CultureInfo.InvariantCulture),
        ["source"] = "Careers Page",
        ["recruiter_id"] = JazzHRSeeds.UserId,
        ["rating"] = false,
        ["resume_link"] = "",
        ["resume_body"] = "",
        ["jobs"] = OneOrMany(Applications.Where(a => a.Applicant == applicant).Select(a => new JsonObject
        {
            ["job_id"] = a.Job.Id,
            ["job_title"] = a.Job.Title,
            ["workflow_step_id"] = a.Step.Id,
            ["applicant_progress"] = a.Step.Name,
            ["hiring_lead_rating"] = 0,
            ["average_rating"] = 0,
        })),
        ["comments"] = OneOrMany(applicant.Notes.Select(n => new JsonObject
        {
            ["id"] = n.Id,
            ["author_id"] = n.UserId,
            ["author_name"] = "Rita Recruiter",
            ["text"] = n.Contents,
            ["date"] = Day(n.At),
            ["time"] = Clock(n.At),
        })),
        ["feedback"] = new JsonArray(),
        ["activities"] = new JsonArray(),
        ["messages"] = new JsonArray(),
        ["questionnaire"] = new JsonArray(),
        ["evaluation"] = new JsonArray(),
        ["categories"] = OneOrMany(applicant.Categories.Select(c => new JsonObject { ["category_id"] = c.Id, ["name"] = c.Name, ["date_created"] = "2026-01-01", ["status"] = "1" })),
    };

    public JsonObject Row(Application application) => new()
    {
        ["id"] = application.Id,
        ["applicant_id"] = application.Applicant.Id,
        ["job_id"] = application.Job.Id,
        ["rating"] = "0",
        ["workflow_step_id"] = application.Step.Id,
        ["date"] = Day(application.At),
    };

    public JsonObject Row(JazzHRJob job) => new()
    {
        ["id"] = job.Id,
        ["team_id"] = "team_0001",
        ["title"] = job.Title,
        ["country_id"] = "USA",
        ["city"] = "Pittsburgh",
        ["state"] = "PA",
        ["zip"] = "15212",
        ["department"] = "",
        ["description"] = "",
        ["minimum_salary"] = "0",
        ["maximum_salary"] = "0",
        ["notes"] = "",
        ["original_open_date"] = "2026-01-01",
        ["type"] = "Full Time",
        ["status"] = "Open",
        ["send_to_job_boards"] = "No",
        ["hiring_lead"] = JazzHRSeeds.UserId,
        ["board_code"] = $"board-{job.Id}",
        ["internal_code"] = job.InternalCode,
        ["questionnaire"] = "0",
        ["job_applicants"] = OneOrMany(Applications.Where(a => a.Job == job).Select(a => new JsonObject { ["prospect_id"] = a.Applicant.Id, ["apply_date"] = Day(a.At) })),
    };

    public static JsonObject Row(Category category) => new()
    {
        ["id"] = category.Id, ["name"] = category.Name, ["status"] = "1", ["created_by"] = JazzHRSeeds.UserId, ["date_created"] = "2026-01-01",
    };

    public static JsonObject User() => new()
    {
        ["id"] = JazzHRSeeds.UserId, ["type"] = "Super Administrator", ["first_name"] = "Rita", ["last_name"] = "Recruiter", ["email"] = "rita@acme.example", ["date_created"] = "2025-01-01",
    };

    /// <summary>One is written without a list, wherever it stands.</summary>
    public static JsonNode OneOrMany(IEnumerable<JsonObject> rows)
    {
        JsonObject[] all = [.. rows];
        return all is [{ } one] ? one : new JsonArray([.. all]);
    }
}

/// <summary>A person, with what was written about them.</summary>
internal sealed class Applicant(string id, JazzHRApplicant person, DateTimeOffset at)
{
    public string Id { get; } = id;

    public JazzHRApplicant Person { get; } = person;

    public DateTimeOffset At { get; } = at;

    public List<Note> Notes { get; } = [];

    public List<Category> Categories { get; } = [];
}

/// <summary>A row of applicants2jobs.</summary>
internal sealed class Application(string id, Applicant applicant, JazzHRJob job, JazzHRStep step, DateTimeOffset at)
{
    public string Id { get; } = id;

    public Applicant Applicant { get; } = applicant;

    public JazzHRJob Job { get; } = job;

    public DateTimeOffset At { get; } = at;

    public JazzHRStep Step { get; private set; } = step;

    public DateTimeOffset MovedAt { get; private set; } = at;

    public void Move(JazzHRStep to, DateTimeOffset at) => (Step, MovedAt) = (to, at);
}

/// <summary>A note, which is listed among the comments of its applicant.</summary>
internal sealed record Note(string Id, string? UserId, string Contents, string Security, DateTimeOffset At);

/// <summary>A category, which people see as a tag.</summary>
internal sealed record Category(string Id, string Name);

using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.ICims.Records;

/// <summary>All records of one simulated customer. Everything in it is guarded by <see cref="Gate"/>.</summary>
internal sealed class Account
{
    public const string Assessments = "assessmentresults";
    private static readonly FieldDefinition[] AssessmentFields =
    [
        new("assessmentname", ICimsFieldKind.List, null, ICimsSeeds.AssessmentNames),
        new("assessmentdate", ICimsFieldKind.DateTime),
        new("assessmentscore", ICimsFieldKind.Number),
        new("assessmentresult", ICimsFieldKind.Text, 128),
        new("assessmentnotes", ICimsFieldKind.Text, 192),
        new("assessmentstatus", ICimsFieldKind.List, null, ICimsSeeds.AssessmentStatuses),
    ];

    private static readonly FieldDefinition AssessmentUrl = new("assessmenturl", ICimsFieldKind.Text);

    private readonly ICimsOptions _options;
    private readonly SortedDictionary<long, Workflow> _workflows = [];
    private readonly SortedDictionary<long, Person> _people = [];
    private readonly List<ICimsMoveView> _moves = [];
    private long _lastPerson = 60300;
    private long _lastWorkflow = 71900;
    private long _lastEntry = 1000;

    public Account(ICimsOptions options)
    {
        _options = options;
        Status = new FieldDefinition("status", ICimsFieldKind.List, null, options.Statuses);
        Fields = [.. options.Fields.Select(f => new FieldDefinition(f.Id, f.Kind, null, f.Items))];
        Jobs = options.Jobs.ToDictionary(j => j.Id, j => new Job(j.Id, j.Title));
    }

    public Lock Gate { get; } = new();

    public FieldDefinition Status { get; }

    public IReadOnlyList<FieldDefinition> Fields { get; }

    public IReadOnlyDictionary<long, Job> Jobs { get; }

    public IReadOnlyDictionary<long, Person> People => _people;

    public IReadOnlyDictionary<long, Workflow> Workflows => _workflows;

    public int Calls { get; set; }

    public int Patches { get; set; }

    public int EntriesCreated { get; set; }

    public int EntriesIgnored { get; set; }

    public int TokensIssued { get; set; }

    public DateTimeOffset Now => _options.Time.GetUtcNow();

    public long NextEntry() => ++_lastEntry;

    public Person AddPerson(ICimsPerson data)
    {
        var person = new Person(++_lastPerson, data);
        _people.Add(person.Id, person);
        return person;
    }

    /// <summary>Adds a workflow; null when this person has one for this job already.</summary>
    public Workflow? AddWorkflow(Person person, Job job, ICimsListItem status, string source)
    {
        if (_workflows.Values.Any(w => w.Person == person && w.Job == job))
        {
            return null;
        }

        var workflow = new Workflow(++_lastWorkflow, person, job, status, source, Now) { Assessments = new Collection(_options.AssessmentUrl ? [.. AssessmentFields, AssessmentUrl] : AssessmentFields) };
        _workflows.Add(workflow.Id, workflow);
        return workflow;
    }

    public Workflow Find(long id) => _workflows.GetValueOrDefault(id) ?? throw new KeyNotFoundException($"There is no workflow {id}.");

    /// <summary>Sets the status. False when it is that already.</summary>
    public bool Move(Workflow workflow, ICimsListItem to, bool overHttp)
    {
        if (workflow.Status == to)
        {
            return false;
        }

        _moves.Add(new ICimsMoveView(workflow.Id, workflow.Status.Value, to.Value, overHttp));
        workflow.Status = to;
        workflow.UpdatedAt = Now;
        return true;
    }

    public ICimsSnapshot Snapshot() => new(
        [.. _workflows.Values.Select(View)], [.. _moves], new ICimsCounts(Calls, Patches, EntriesCreated, EntriesIgnored, TokensIssued));

    private static ICimsWorkflowView View(Workflow w) => new(
        w.Id, w.Person.Id, w.Job.Id, w.Status.Id, w.Status.Value,
        w.Fields.ToDictionary(f => f.Key, f => Text(f.Value)!),
        [.. w.Assessments.Entries.Select(e => new ICimsAssessmentView(
            e.Key, Text(e.Value["assessmentname"]), Text(e.Value["assessmentstatus"]), Text(e.Value["assessmentscore"]), Text(e.Value["assessmentresult"]),
            Text(e.Value["assessmentnotes"]), Text(e.Value["assessmentdate"]), Text(e.Value["assessmenturl"])))]);

    private static string? Text(JsonNode? value) => value is JsonObject node ? (string?)node["value"] : value?.ToString();
}

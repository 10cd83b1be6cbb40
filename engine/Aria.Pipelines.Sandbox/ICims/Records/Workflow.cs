using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.ICims.Records;

/// <summary>A recruiting workflow: one job and one person. Guarded by the account's lock.</summary>
internal sealed class Workflow(long id, Person person, Job job, ICimsListItem status, string source, DateTimeOffset at)
{
    public long Id { get; } = id;

    public Person Person { get; } = person;

    public Job Job { get; } = job;

    public string Source { get; } = source;

    public DateTimeOffset CreatedAt { get; } = at;

    public DateTimeOffset UpdatedAt { get; set; } = at;

    public ICimsListItem Status { get; set; } = status;

    /// <summary>Values of the customer's own fields, as they are read.</summary>
    public Dictionary<string, JsonNode> Fields { get; } = [];

    public required Collection Assessments { get; init; }
}

/// <summary>A person.</summary>
internal sealed record Person(long Id, ICimsPerson Data)
{
    public string Name => $"{Data.FirstName} {Data.LastName}".Trim();
}

/// <summary>A job.</summary>
internal sealed record Job(long Id, string Title);

namespace Aria.Pipelines.Sandbox.Workday.Records;

/// <summary>A candidate, who is no worker.</summary>
internal sealed class Candidate(string id, WorkdayPerson person, DateTimeOffset createdAt)
{
    public string Id => id;

    public string Wid => Tenant.Wid("candidate", id);

    public WorkdayPerson Person { get; set; } = person;

    public DateTimeOffset CreatedAt => createdAt;

    public string Name => $"{Person.FirstName} {Person.LastName}".Trim();
}

/// <summary>A file on a candidate.</summary>
internal sealed record Attachment(string Id, Candidate Candidate, JobApplication? Application, string Filename, byte[] Content, string? Comment, string Category)
{
    public string Wid => Tenant.Wid("attachment", Id);
}

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Records;

/// <summary>A person. Guarded by the account's lock.</summary>
internal sealed class Candidate(string id, SmartRecruitersCandidate person, DateTimeOffset at)
{
    public string Id { get; } = id;

    public SmartRecruitersCandidate Person { get; set; } = person;

    public DateTimeOffset CreatedOn { get; } = at;

    public DateTimeOffset UpdatedOn { get; set; } = at;

    public List<string> Tags { get; } = [];

    /// <summary>In order of application; the first is the primary assignment.</summary>
    public List<Application> Applications { get; } = [];
}

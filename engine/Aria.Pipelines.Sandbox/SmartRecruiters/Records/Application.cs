using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Records;

/// <summary>A candidate on a job. Guarded by the account's lock.</summary>
internal sealed class Application(string id, Candidate candidate, SmartRecruitersJobSeed job, DateTimeOffset at)
{
    public string Id { get; } = id;

    public Candidate Candidate { get; } = candidate;

    public SmartRecruitersJobSeed Job { get; } = job;

    public string Status { get; private set; } = "NEW";

    public string? SubStatus { get; private set; }

    public string? Reason { get; private set; }

    public string? StartsOn { get; private set; }

    public List<StatusChange> History { get; } = [new(at, "NEW", null)];

    /// <summary>Values by property id; absent when not set.</summary>
    public Dictionary<string, JsonNode> Values { get; } = [];

    public void Set(StatusChange change, string? reason, string? startsOn)
    {
        (Status, SubStatus, Reason, StartsOn) = (change.Status, change.SubStatus, reason, startsOn ?? StartsOn);
        History.Add(change);
    }
}

/// <summary>One entry of a status history.</summary>
internal sealed record StatusChange(DateTimeOffset ChangedOn, string Status, string? SubStatus);

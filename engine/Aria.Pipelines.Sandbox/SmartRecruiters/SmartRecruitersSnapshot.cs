namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>The account at one moment, for assertions.</summary>
public sealed record SmartRecruitersSnapshot(
    IReadOnlyList<SmartRecruitersApplicationView> Applications,
    IReadOnlyList<SmartRecruitersMessageView> Messages,
    SmartRecruitersCounts Counts)
{
    /// <summary>The application of a candidate to a job; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public SmartRecruitersApplicationView Application(string candidateId, string jobId) =>
        Applications.FirstOrDefault(a => a.CandidateId == candidateId && a.JobId == jobId)
        ?? throw new KeyNotFoundException($"Candidate {candidateId} has no application to job {jobId}.");
}

/// <summary>Effects that came in over HTTP, and tokens given out.</summary>
public sealed record SmartRecruitersCounts(int StatusWrites, int PropertyWrites, int MessagesShared, int TagWrites, int TokensIssued);

/// <summary>One application. A property's value is a string, a decimal, a bool or null; an option shows as its label.</summary>
public sealed record SmartRecruitersApplicationView(
    string ApplicationId, string CandidateId, string JobId, string Status, string? SubStatus,
    IReadOnlyDictionary<string, object?> Properties, IReadOnlyList<string> Tags);

/// <summary>One message, and the applications it is linked to by its tags and shares.</summary>
public sealed record SmartRecruitersMessageView(string Id, string Content, string Visibility, IReadOnlyList<SmartRecruitersApplicationKey> Applications);

/// <summary>What identifies an application.</summary>
public sealed record SmartRecruitersApplicationKey(string CandidateId, string JobId);

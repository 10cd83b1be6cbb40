namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>The status of an interview; in JSON <c>invited|started|completed|no_show|expired</c>.</summary>
public enum AriaStatus
{
    /// <summary>The candidate has the link.</summary>
    Invited,

    /// <summary>The candidate has begun.</summary>
    Started,

    /// <summary>There is a result.</summary>
    Completed,

    /// <summary>The candidate did not come.</summary>
    NoShow,

    /// <summary>Neither completed nor a no-show when the invitation ended.</summary>
    Expired,
}

/// <summary>The result of a completed interview.</summary>
/// <param name="Score">1 to 10 with at most one decimal.</param>
/// <param name="Recommendation"><c>advance</c>, <c>maybe</c> or <c>pass</c>.</param>
/// <param name="Insights">Communication, technical and cultural-fit score, each 1 to 10; null leaves them out.</param>
public sealed record AriaResult(decimal Score, string Recommendation, AriaInsights? Insights = null);

/// <summary>The three scores beside the main one.</summary>
public sealed record AriaInsights(decimal Communication, decimal Technical, decimal CulturalFit);

/// <summary>How a change is announced by webhook.</summary>
public sealed record AriaAnnouncement
{
    /// <summary>One webhook for the change.</summary>
    public static AriaAnnouncement Once { get; } = new();

    /// <summary>No webhook at all, as when one is lost for good.</summary>
    public static AriaAnnouncement None { get; } = new() { Copies = 0 };

    /// <summary>How often the same body is sent. Default 1.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>For a completion that was never announced as started: sends <c>interview.started</c> after <c>interview.completed</c>.</summary>
    public bool StartedAfterwards { get; init; }
}

/// <summary>One interview as it stands.</summary>
public sealed record AriaInterview
{
    /// <summary><c>int_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Candidate's e-mail address as it was sent.</summary>
    public required string Email { get; init; }

    /// <summary>Candidate's name as it was sent.</summary>
    public required string Name { get; init; }

    /// <summary>Candidate's phone as it was sent, or null.</summary>
    public required string? Phone { get; init; }

    /// <summary>The caller's job id.</summary>
    public required string JobId { get; init; }

    /// <summary>The interview kit.</summary>
    public required string KitId { get; init; }

    /// <summary>The caller's reference, or null.</summary>
    public required string? ExternalId { get; init; }

    /// <summary>The caller's metadata as JSON text, or null.</summary>
    public required string? Metadata { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the invitation ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The latest change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public AriaStatus Status { get; init; }

    /// <summary>The result of a completed interview.</summary>
    public AriaResult? Result { get; init; }

    /// <summary>When it was completed.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Where the candidate starts.</summary>
    public string InvitationLink => $"https://interview.ariahr.ai/start/{Id}";

    /// <summary>Where the transcript is, once completed.</summary>
    public string TranscriptUrl => $"https://app.ariahr.ai/transcripts/{Id}";

    /// <summary>Where the recording is, once completed.</summary>
    public string RecordingUrl => $"https://app.ariahr.ai/recordings/{Id}";
}

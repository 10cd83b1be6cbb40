namespace Aria.Pipelines.Sandbox.Aria;

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

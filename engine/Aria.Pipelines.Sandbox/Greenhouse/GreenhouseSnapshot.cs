namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>The account at one moment, for assertions.</summary>
public sealed record GreenhouseSnapshot(
    IReadOnlyList<GreenhouseApplicationView> Applications,
    IReadOnlyList<GreenhouseCandidateView> Candidates,
    IReadOnlyList<GreenhouseNoteView> Notes,
    IReadOnlyList<GreenhouseMoveView> Moves,
    GreenhouseCounts Counts)
{
    /// <summary>The application of this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public GreenhouseApplicationView Application(long id) =>
        Applications.FirstOrDefault(a => a.Id == id) ?? throw new KeyNotFoundException($"There is no application {id}.");
}

/// <summary>Effects that came in over HTTP, and tokens given out.</summary>
public sealed record GreenhouseCounts(int ApplicationPatches, int CandidatePatches, int NotesCreated, int Moves, int TokensIssued);

/// <summary>One application. A custom field's value is a string, a decimal, a bool or null; an option shows as its name.</summary>
public sealed record GreenhouseApplicationView(
    long Id, long CandidateId, long JobId, string Status, string? StageName, long? ApplicationStageId, long? JobStageId,
    IReadOnlyDictionary<string, object?> CustomFields);

/// <summary>One candidate.</summary>
public sealed record GreenhouseCandidateView(
    long Id, string FirstName, string LastName, string? Email, string? Phone, IReadOnlyDictionary<string, object?> CustomFields);

/// <summary>One note; <paramref name="Visibility"/> in the read form.</summary>
public sealed record GreenhouseNoteView(long Id, long CandidateId, long? ApplicationId, long UserId, string Body, string Visibility, string Type);

/// <summary>One stage change. <paramref name="OverHttp"/> is false for those made in process or over the control API.</summary>
public sealed record GreenhouseMoveView(long ApplicationId, string FromStage, string ToStage, bool OverHttp);

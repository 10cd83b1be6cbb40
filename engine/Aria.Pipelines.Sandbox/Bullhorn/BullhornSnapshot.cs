namespace Aria.Pipelines.Sandbox.Bullhorn;

/// <summary>The account at one moment, for assertions.</summary>
/// <param name="Submissions">By id.</param>
/// <param name="Notes">By id.</param>
/// <param name="Sessions">Sessions that have not ended.</param>
/// <param name="Logins">Sessions that were ever begun.</param>
/// <param name="EmptyReads">How often a subscription was read and had nothing.</param>
public sealed record BullhornSnapshot(IReadOnlyList<BullhornSubmissionView> Submissions, IReadOnlyList<BullhornNoteView> Notes, int Sessions, int Logins, int EmptyReads)
{
    /// <summary>The submission of this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public BullhornSubmissionView Submission(long id) =>
        Submissions.FirstOrDefault(s => s.Id == id) ?? throw new KeyNotFoundException($"There is no submission {id}.");

    /// <summary>Notes on the candidate and job of a submission.</summary>
    public IReadOnlyList<BullhornNoteView> NotesOf(BullhornSubmissionView submission) =>
        [.. Notes.Where(n => n.CandidateId == submission.CandidateId && n.JobId == submission.JobId)];
}

/// <summary>One submission.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CandidateId">The candidate.</param>
/// <param name="JobId">The job.</param>
/// <param name="Status">Its status.</param>
/// <param name="DateAdded">Milliseconds since 1970.</param>
/// <param name="Fields">Texts and numbers of the fields that have a value, as they are shown, without those above.</param>
public sealed record BullhornSubmissionView(long Id, long CandidateId, long JobId, string Status, long DateAdded, IReadOnlyDictionary<string, string> Fields);

/// <summary>One note.</summary>
public sealed record BullhornNoteView(long Id, string Action, string Comments, long CandidateId, long? JobId, string? ExternalId);

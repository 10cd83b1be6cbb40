namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>The account at one moment, for assertions.</summary>
/// <param name="Applications">In order of application.</param>
/// <param name="Categories">Names of all categories.</param>
/// <param name="Lists">How often a list of applications was answered to its end.</param>
public sealed record JazzHRSnapshot(IReadOnlyList<JazzHRApplicationView> Applications, IReadOnlyList<string> Categories, int Lists)
{
    /// <summary>The application of an applicant and a job, joined by ~; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public JazzHRApplicationView Application(string id) =>
        Applications.FirstOrDefault(a => a.Id == id) ?? throw new KeyNotFoundException($"There is no application '{id}'.");
}

/// <summary>One application. Notes and tags are the applicant's, for all jobs.</summary>
public sealed record JazzHRApplicationView(
    string ApplicantId, string JobId, string JobTitle, string Step, IReadOnlyList<JazzHRNoteView> Notes, IReadOnlyList<string> Tags)
{
    /// <summary>Applicant and job, joined by ~.</summary>
    public string Id => $"{ApplicantId}~{JobId}";
}

/// <summary>One note.</summary>
public sealed record JazzHRNoteView(string Id, string? UserId, string Contents, string Security);

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>The account at one moment, for assertions.</summary>
/// <param name="Applications">In the order in which they came.</param>
/// <param name="Packages">Published packages.</param>
/// <param name="Queued">Messages that were not acknowledged.</param>
/// <param name="IsWaitedFor">Whether somebody holds a question to the empty queue.</param>
/// <param name="Empty">How often the queue was found empty.</param>
/// <param name="DayReads">How often the applications of a day were read to their end.</param>
public sealed record AdpSnapshot(
    IReadOnlyList<AdpApplicationView> Applications, IReadOnlyList<string> Packages, int Queued, bool IsWaitedFor, int Empty, IReadOnlyDictionary<string, int> DayReads)
{
    /// <summary>The application of this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public AdpApplicationView Application(string id) =>
        Applications.FirstOrDefault(a => a.Id == id) ?? throw new KeyNotFoundException($"There is no application '{id}'.");
}

/// <summary>One application.</summary>
/// <param name="Id">Its itemID.</param>
/// <param name="PersonId">The applicant's personOID.</param>
/// <param name="ClientRequisitionId">What the person applied for.</param>
/// <param name="Status">Its status.</param>
/// <param name="Assessments">Every status that an assessment was given, oldest first.</param>
public sealed record AdpApplicationView(string Id, string PersonId, string ClientRequisitionId, string Status, IReadOnlyList<AdpAssessmentView> Assessments)
{
    /// <summary>What a package stands at; null when it was given no status.</summary>
    public AdpAssessmentView? Latest(string package) => Assessments.LastOrDefault(a => a.PackageId == package);
}

/// <summary>A status that an assessment was given.</summary>
public sealed record AdpAssessmentView(string PackageId, string StatusCode, string? StatusName, string? ResultsLink);

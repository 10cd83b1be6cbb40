namespace Aria.Pipelines.Sandbox.Workday;

/// <summary>The tenant at one moment.</summary>
/// <param name="Applications">Applications in the order in which they came.</param>
/// <param name="Attachments">Attachments of candidates in the order in which they came.</param>
/// <param name="Moves">Steps entered, in order.</param>
/// <param name="Counts">What was written over HTTP.</param>
public sealed record WorkdaySnapshot(
    IReadOnlyList<WorkdayApplicationView> Applications,
    IReadOnlyList<WorkdayAttachmentView> Attachments,
    IReadOnlyList<WorkdayMoveView> Moves,
    WorkdayCounts Counts)
{
    /// <summary>One application.</summary>
    /// <param name="id">Its <c>Job_Application_ID</c>.</param>
    public WorkdayApplicationView Application(string id) => Applications.Single(a => a.Id == id);
}

/// <summary>A job application.</summary>
/// <param name="Id">Its <c>Job_Application_ID</c>.</param>
/// <param name="CandidateId">Its <c>Candidate_ID</c>.</param>
/// <param name="RequisitionId">Its <c>Job_Requisition_ID</c>.</param>
/// <param name="StepId">The step it is in, or was in when it ended.</param>
/// <param name="InProgress">False when it was disposed of.</param>
/// <param name="Assessments">Its assessments, also those that were only started.</param>
public sealed record WorkdayApplicationView(
    string Id, string CandidateId, string RequisitionId, string StepId, bool InProgress, IReadOnlyList<WorkdayAssessmentView> Assessments);

/// <summary>An assessment.</summary>
/// <param name="Id">Its <c>Recruiting_Assessment_ID</c>.</param>
/// <param name="Started">True when the process started it, false when a request made it.</param>
/// <param name="Status">Its <c>Assessment_Status_ID</c>.</param>
/// <param name="Comment">The overall comment; null for none.</param>
/// <param name="Tests">Results of tests.</param>
public sealed record WorkdayAssessmentView(string Id, bool Started, string Status, string? Comment, IReadOnlyList<WorkdayTestResult> Tests);

/// <summary>The result of one test.</summary>
/// <param name="Test">The test's <c>Reference_ID</c>.</param>
/// <param name="Score">A whole number; null for none.</param>
/// <param name="Status">An <c>Assessment_Status_ID</c>; null for none.</param>
/// <param name="Date">Date, as written; null for none.</param>
/// <param name="Comment">Comment; null for none.</param>
/// <param name="ResultsUrl">Address of the results (v31.2); null for none.</param>
public sealed record WorkdayTestResult(string Test, decimal? Score, string? Status, string? Date, string? Comment, string? ResultsUrl);

/// <summary>A file on a candidate.</summary>
/// <param name="Id">Its <c>File_ID</c>.</param>
/// <param name="CandidateId">Whose it is.</param>
/// <param name="ApplicationId">The application it was added to; null for the candidate alone.</param>
/// <param name="Filename">Its name.</param>
/// <param name="Content">Its content, as UTF-8 text.</param>
/// <param name="Comment">Comment; null for none.</param>
public sealed record WorkdayAttachmentView(string Id, string CandidateId, string? ApplicationId, string Filename, string Content, string? Comment);

/// <summary>An application entered a step.</summary>
/// <param name="ApplicationId">Its <c>Job_Application_ID</c>.</param>
/// <param name="From">The step it left; null for the first.</param>
/// <param name="To">The step it entered.</param>
/// <param name="OverHttp">True when a request moved it.</param>
public sealed record WorkdayMoveView(string ApplicationId, string? From, string To, bool OverHttp);

/// <summary>What was written over HTTP, and how often it was asked for news.</summary>
/// <param name="AssessmentsCreated">Assessments made by a request.</param>
/// <param name="AssessmentsModified">Requests that changed an assessment.</param>
/// <param name="Moves">Moves made by a request.</param>
/// <param name="Attachments">Attachments added.</param>
/// <param name="Tokens">Access tokens issued.</param>
/// <param name="ApplicationWindows">Times it was asked who applied since a moment.</param>
/// <param name="AssessmentWindows">Times it was asked which assessments were started since a moment.</param>
public sealed record WorkdayCounts(int AssessmentsCreated, int AssessmentsModified, int Moves, int Attachments, int Tokens, int ApplicationWindows, int AssessmentWindows);

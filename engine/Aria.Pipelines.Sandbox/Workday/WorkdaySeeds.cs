namespace Aria.Pipelines.Sandbox.Workday;

/// <summary>What a tenant is set up with. All of it is data of the tenant, not of the product.</summary>
public static class WorkdaySeeds
{
    /// <summary>Id of the first seeded requisition.</summary>
    public const string EngineerRequisition = "4056310";

    /// <summary>Id of the second seeded requisition.</summary>
    public const string DesignerRequisition = "4056311";

    /// <summary>Employee id of the recruiter who starts assessments.</summary>
    public const string Recruiter = "21001";

    /// <summary>A process with an assessment after the review.</summary>
    public static IReadOnlyList<WorkdayStep> Steps { get; } =
    [
        new("REVIEW", "Review", "REVIEW"),
        new("ASSESS_CANDIDATE", "Assess Candidate", "ASSESSMENT") { Assesses = true },
        new("INTERVIEW", "Interview", "INTERVIEW"),
        new("OFFER", "Offer", "OFFER"),
    ];

    /// <summary>Steps that end an application without a hire; valid from every step.</summary>
    public static IReadOnlyList<WorkdayStep> Dispositions { get; } = [new("NOT_SELECTED", "Not Selected", "REVIEW")];

    /// <summary>Two requisitions.</summary>
    public static IReadOnlyList<WorkdayRequisition> Requisitions { get; } =
    [
        new(EngineerRequisition, "Backend Engineer", Steps),
        new(DesignerRequisition, "Product Designer", Steps),
    ];

    /// <summary>What a started assessment is, and what ARIA needs.</summary>
    public static IReadOnlyList<string> AssessmentStatuses { get; } =
        ["INITIATED", "ARIA_PENDING", "ARIA_COMPLETED", "ARIA_NO_SHOW", "ARIA_ADVANCE", "ARIA_MAYBE", "ARIA_PASS"];

    /// <summary>One test.</summary>
    public static IReadOnlyList<string> AssessmentTests { get; } = ["ARIA_INTERVIEW"];

    /// <summary>One category for notes.</summary>
    public static IReadOnlyList<string> DocumentCategories { get; } = ["ARIA_NOTE"];
}

/// <summary>A step of a requisition's process.</summary>
/// <param name="Id">Its <c>Workflow_Step_ID</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Stage">The <c>Recruiting_Stage_ID</c> it belongs to.</param>
public sealed record WorkdayStep(string Id, string Name, string Stage)
{
    /// <summary>True for the step "Assess Candidate", under whatever name: assessments may be written while an application is in it.</summary>
    public bool Assesses { get; init; }

    /// <summary>True when entering a step that assesses starts an assessment; false where a recruiter starts it by hand.</summary>
    public bool Starts { get; init; } = true;
}

/// <summary>A requisition.</summary>
/// <param name="Id">Its <c>Job_Requisition_ID</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Steps">Its steps in order; the next one and every disposition are what may follow a step.</param>
public sealed record WorkdayRequisition(string Id, string Title, IReadOnlyList<WorkdayStep> Steps);

/// <summary>A person who applies.</summary>
/// <param name="FirstName">First name; empty for none.</param>
/// <param name="LastName">Last name; empty for none.</param>
/// <param name="Email">E-mail address; null for none.</param>
/// <param name="Phone">Phone number; null for none.</param>
public sealed record WorkdayPerson(string FirstName, string LastName, string? Email, string? Phone)
{
    /// <summary>Name of a résumé that came with the application; null for none.</summary>
    public string? ResumeFilename { get; init; }
}

namespace Aria.Pipelines.Sandbox.Lever;

/// <summary>A posting. Lever's own ids are UUIDs, and are opaque to clients.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its title.</param>
/// <param name="RequisitionCodes">Codes of the requisitions it belongs to.</param>
public sealed record LeverPosting(string Id, string Text, params IReadOnlyList<string> RequisitionCodes);

/// <summary>A person who applies.</summary>
/// <param name="Name">Full name; Lever does not split it.</param>
/// <param name="Email">E-mail address; null for none.</param>
/// <param name="Phone">Telephone number; null for none.</param>
public sealed record LeverCandidate(string Name, string? Email, string? Phone);

/// <summary>What a fresh account holds, and the ids a test may rely on.</summary>
public static class LeverSeeds
{
    /// <summary>A user for <c>perform_as</c>.</summary>
    public const string UserId = "44444444-4444-4444-8444-444444444444";

    /// <summary>A user who has left; nothing can be performed as this one.</summary>
    public const string DeactivatedUserId = "44444444-4444-4444-8444-444444444445";

    /// <summary>Stage of those who applied. Default stages have ids that are no UUIDs.</summary>
    public const string ApplicantStageId = "applicant-new";

    /// <summary>Stage "Phone Screen".</summary>
    public const string PhoneScreenId = "33333333-3333-4333-8333-333333333333";

    /// <summary>Stage "AI Interview".</summary>
    public const string AiInterviewId = "33333333-3333-4333-8333-333333333334";

    /// <summary>Stage "AI Interview done".</summary>
    public const string AiInterviewDoneId = "33333333-3333-4333-8333-333333333335";

    /// <summary>The archive reason "Hired".</summary>
    public const string HiredReasonId = "88888888-8888-4888-8888-888888888887";

    /// <summary>The archive reason "Underqualified".</summary>
    public const string UnderqualifiedReasonId = "88888888-8888-4888-8888-888888888888";

    /// <summary>The feedback template "ARIA interview".</summary>
    public const string TemplateId = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";

    /// <summary>Its score-system field.</summary>
    public const string RatingFieldId = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

    /// <summary>Its textarea.</summary>
    public const string SummaryFieldId = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";

    /// <summary>The posting of the first seeded job.</summary>
    public const string EngineerPostingId = "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeee1";

    /// <summary>The one pipeline of the account.</summary>
    public static IReadOnlyList<(string Id, string Text)> Stages { get; } =
    [
        ("lead-new", "New lead"),
        (ApplicantStageId, "New applicant"),
        (PhoneScreenId, "Phone Screen"),
        (AiInterviewId, "AI Interview"),
        (AiInterviewDoneId, "AI Interview done"),
        ("33333333-3333-4333-8333-333333333336", "On-site interview"),
        ("offer", "Offer"),
    ];

    /// <summary>The options of the score system.</summary>
    public static IReadOnlyList<string> Scores { get; } = ["4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - Strong No Hire"];

    /// <summary>Two postings.</summary>
    public static IReadOnlyList<LeverPosting> Postings { get; } =
    [
        new(EngineerPostingId, "Backend Engineer", "ENG-17"),
        new("eeeeeeee-eeee-4eee-8eee-eeeeeeeeeee2", "Product Designer"),
    ];
}

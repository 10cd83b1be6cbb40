namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>What a fresh account holds, and the ids a test may rely on.</summary>
public static class SmartRecruitersSeeds
{
    /// <summary>The first seeded job.</summary>
    public const string EngineerJobId = "4e000001-0b00-4000-8000-000000000000";

    /// <summary>The second seeded job.</summary>
    public const string DesignerJobId = "4e000002-0b00-4000-8000-000000000000";

    /// <summary>The user whom an API key or credential acts as.</summary>
    public const string IntegrationUserId = "5b000001-05e0-4000-8000-000000000000";

    /// <summary>A recruiter.</summary>
    public const string RecruiterUserId = "5b000002-05e0-4000-8000-000000000000";

    /// <summary>The rejection reason that the account knows.</summary>
    public const string RejectionReasonId = "6c000001-0ea0-4000-8000-000000000000";

    /// <summary>The withdrawal reason that the account knows.</summary>
    public const string WithdrawalReasonId = "6c000002-0ea0-4000-8000-000000000000";

    /// <summary>The properties a result is written to, and one of another use.</summary>
    public static IReadOnlyList<SmartRecruitersPropertySeed> Properties { get; } =
    [
        new("7d000001-0f0e-4000-8000-000000000000", "ARIA Interview Status", "SINGLE_SELECT", "Pending", "Completed", "No-show"),
        new("7d000002-0f0e-4000-8000-000000000000", "ARIA Interview Score", "NUMBER"),
        new("7d000003-0f0e-4000-8000-000000000000", "ARIA Recommendation", "SINGLE_SELECT", "Advance", "Maybe", "Pass"),
        new("7d000004-0f0e-4000-8000-000000000000", "ARIA Transcript", "TEXT"),
        new("7d000005-0f0e-4000-8000-000000000000", "ARIA Recording", "TEXT"),
        new("7d000006-0f0e-4000-8000-000000000000", "Relocation", "BOOLEAN"),
    ];

    /// <summary>Two jobs with the same hiring process.</summary>
    public static IReadOnlyList<SmartRecruitersJobSeed> Jobs { get; } =
    [
        new(EngineerJobId, "Backend Engineer", "REF1001"),
        new(DesignerJobId, "Product Designer", "REF1002"),
    ];
}

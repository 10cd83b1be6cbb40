namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>What a fresh account holds, and the ids a test may rely on.</summary>
public static class GreenhouseSeeds
{
    /// <summary>A user who is a Site Admin.</summary>
    public const long SiteAdminId = 4000001;

    /// <summary>A user who is not.</summary>
    public const long BasicUserId = 4000002;

    /// <summary>The Integration Service User: hidden from lists unless <c>show_service_accounts=true</c>.</summary>
    public const long ServiceUserId = 4000003;

    /// <summary>The first seeded job.</summary>
    public const long EngineerJobId = 4056310;

    /// <summary>The second seeded job.</summary>
    public const long DesignerJobId = 4056311;

    /// <summary>The application fields a result is written to, and one candidate field.</summary>
    public static IReadOnlyList<GreenhouseFieldSeed> Fields { get; } =
    [
        new("aria_interview_status", "ARIA Interview Status", "application", "single_select", "Pending", "Completed", "No-show"),
        new("aria_interview_score", "ARIA Interview Score", "application", "number"),
        new("aria_recommendation", "ARIA Recommendation", "application", "single_select", "Advance", "Maybe", "Pass"),
        new("aria_transcript_url", "ARIA Transcript URL", "application", "url"),
        new("aria_recording_url", "ARIA Recording URL", "application", "url"),
        new("desired_level", "Desired Level", "candidate", "short_text"),
    ];

    /// <summary>Two open jobs with the same plan.</summary>
    public static IReadOnlyList<GreenhouseJobSeed> Jobs { get; } =
    [
        new(EngineerJobId, "Backend Engineer", "Application Review", "Phone Screen", "Face to Face", "Offer"),
        new(DesignerJobId, "Product Designer", "Application Review", "Phone Screen", "Face to Face", "Offer"),
    ];
}

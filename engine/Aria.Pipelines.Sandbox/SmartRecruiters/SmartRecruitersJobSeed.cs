namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>A job to create, with the sub-statuses of its hiring process.</summary>
public sealed record SmartRecruitersJobSeed(string Id, string Title, string RefNumber)
{
    /// <summary>Sub-statuses of IN_REVIEW, which alone with INTERVIEW and OFFERED can have them.</summary>
    public IReadOnlyList<string> InReview { get; init; } = ["Application Review", "Phone Screen"];

    /// <summary>Sub-statuses of INTERVIEW.</summary>
    public IReadOnlyList<string> Interview { get; init; } = ["Face to Face"];

    /// <summary>Sub-statuses of OFFERED.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    /// <summary>Whether a status with sub-statuses has to be set together with one. Default true.</summary>
    public bool SubStatusRequired { get; init; } = true;

    internal IReadOnlyList<string> SubStatusesOf(string status) => status switch
    {
        "IN_REVIEW" => InReview,
        "INTERVIEW" => Interview,
        "OFFERED" => Offered,
        _ => [],
    };
}

namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>What a fresh account holds, and the ids a test may rely on.</summary>
public static class ICimsSeeds
{
    /// <summary>The first seeded job.</summary>
    public const long EngineerJobId = 4056310;

    /// <summary>The second seeded job.</summary>
    public const long DesignerJobId = 4056311;

    /// <summary>Person id of the recruiter who moves workflows in the platform.</summary>
    public const long RecruiterId = 12;

    /// <summary>Person id of the API user.</summary>
    public const long ApiUserId = 13;

    /// <summary>List nodes of the status: D… is the vendor's, C… the customer's.</summary>
    public static IReadOnlyList<ICimsListItem> Statuses { get; } =
    [
        new("D10100", "Recently Applied"), new("C38353", "Application Review"), new("C38354", "Phone Screen"), new("C38355", "Face to Face"), new("C38356", "Offer"),
    ];

    /// <summary>Names in the list editor of <c>assessmentname</c>.</summary>
    public static IReadOnlyList<ICimsListItem> AssessmentNames { get; } = [new("C39001", "ARIA Interview"), new("C39002", "Coding Test")];

    /// <summary>Values in the list editor of <c>assessmentstatus</c>; the ids are those that a public client of the vendor uses.</summary>
    public static IReadOnlyList<ICimsListItem> AssessmentStatuses { get; } =
    [
        new("D37002019001", "Complete"), new("D37002019002", "Incomplete"), new("D37002019003", "In Progress"), new("D37002019004", "Sent"),
    ];

    /// <summary>Two open jobs.</summary>
    public static IReadOnlyList<ICimsJobSeed> Jobs { get; } = [new(EngineerJobId, "Backend Engineer"), new(DesignerJobId, "Product Designer")];

    /// <summary>Fields of the customer's own for a result.</summary>
    public static IReadOnlyList<ICimsFieldSeed> Fields { get; } =
    [
        new("rcf3001", ICimsFieldKind.List, new ICimsListItem("C40001", "Pending"), new ICimsListItem("C40002", "Completed"), new ICimsListItem("C40003", "No-show")),
        new("rcf3002", ICimsFieldKind.Number),
        new("rcf3003", ICimsFieldKind.Text),
        new("rcf3004", ICimsFieldKind.Text),
    ];
}

/// <summary>A node of a list.</summary>
/// <param name="Id">D… for those of the vendor, C… for those of the customer.</param>
/// <param name="Value">What people read.</param>
public sealed record ICimsListItem(string Id, string Value);

/// <summary>A job to create.</summary>
public sealed record ICimsJobSeed(long Id, string Title);

/// <summary>A field of the customer's own, <c>field####</c> or <c>rcf####</c>.</summary>
public sealed record ICimsFieldSeed(string Id, ICimsFieldKind Kind, params IReadOnlyList<ICimsListItem> Items);

/// <summary>The formats in which fields are set.</summary>
public enum ICimsFieldKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>yyyy-MM-dd</c></summary>
    Date,

    /// <summary><c>yyyy-MM-dd hh:mm a</c>, UTC.</summary>
    DateTime,

    /// <summary><c>{"id":…}</c> or <c>{"value":…}</c> of a node, or the value alone.</summary>
    List,
}

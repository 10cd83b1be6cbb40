namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>How a <see cref="JazzHRSandbox"/> is set up. A default is what public clients rely on or the vendor documents; what nobody has confirmed says so and can be turned.</summary>
public sealed record JazzHROptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of dates, the request limit and exports.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The account's API key.</summary>
    public string ApiKey { get; init; } = "jazzhr-sandbox-key-0123456789";

    /// <summary>Where a POST has to carry the key; clients differ, and no vendor text says it. Default both places.</summary>
    public JazzHRKeyPlaces PostKey { get; init; } = JazzHRKeyPlaces.Query | JazzHRKeyPlaces.Body;

    /// <summary>Requests in a minute; second-hand. Default 100.</summary>
    public int RequestsPerMinute { get; init; } = 100;

    /// <summary>What an unknown id is answered with; clients see no body, the status is not confirmed. Default 200.</summary>
    public int UnknownIdStatus { get; init; } = 200;

    /// <summary>Whether a note without <c>user_id</c> is refused; one client always sends it, another never. Default true.</summary>
    public bool NoteNeedsUser { get; init; } = true;

    /// <summary>Whether a created category's id comes inside an object; clients read both. Default true.</summary>
    public bool CategoryIdIsObject { get; init; } = true;

    /// <summary>Whether a category that an applicant has already is listed twice when it is added again; not confirmed. Default false.</summary>
    public bool RepeatsCategories { get; init; }

    /// <summary>Whether an export holds all applications of the candidate, as a superseded shape did. Default false: the one that it is about.</summary>
    public bool ExportsAllApplications { get; init; }

    /// <summary>Whether an export that failed is sent again every five minutes for two hours, as the text of 2019 says. Default false: the current text has it shown to the user.</summary>
    public bool Redelivers { get; init; }

    /// <summary>The offset of the account's dates from UTC; not confirmed. Default five hours behind.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.FromHours(-5);

    /// <summary>Workflow steps; the first is that of a new applicant. Default <see cref="JazzHRSeeds.Steps"/>.</summary>
    public IReadOnlyList<JazzHRStep> Steps { get; init; } = JazzHRSeeds.Steps;

    /// <summary>Jobs. Default <see cref="JazzHRSeeds.Jobs"/>.</summary>
    public IReadOnlyList<JazzHRJob> Jobs { get; init; } = JazzHRSeeds.Jobs;

    /// <summary>Names of categories, which people see as tags. Default <see cref="JazzHRSeeds.Categories"/>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = JazzHRSeeds.Categories;
}

/// <summary>Places of the API key.</summary>
[Flags]
public enum JazzHRKeyPlaces
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>Query parameter <c>apikey</c>.</summary>
    Query = 1,

    /// <summary>Member <c>apikey</c> of the JSON body.</summary>
    Body = 2,
}

/// <summary>A workflow step.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="Name">What people read.</param>
/// <param name="Category">New, Active, Hired or Not Hired.</param>
/// <param name="Exports">True when a Workflow Helper exports a candidate who enters it.</param>
public sealed record JazzHRStep(string Id, string Name, string Category = "Active", bool Exports = false);

/// <summary>A job.</summary>
public sealed record JazzHRJob(string Id, string Title, string? InternalCode = null);

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record JazzHRApplicant(string FirstName, string LastName, string? Email = null, string? Phone = null);

/// <summary>What a fresh account holds.</summary>
public static class JazzHRSeeds
{
    /// <summary>The first job.</summary>
    public const string EngineerJobId = "job_4056310";

    /// <summary>The user whose key it is.</summary>
    public const string UserId = "usr_0001";

    /// <summary>The step that exports candidates.</summary>
    public const string ScreenStepId = "step_02";

    /// <summary>Steps of every job.</summary>
    public static IReadOnlyList<JazzHRStep> Steps { get; } =
        [new("step_01", "New", "New"), new(ScreenStepId, "Phone Screen", Exports: true), new("step_03", "Interview"), new("step_04", "Hired", "Hired"), new("step_05", "Not a fit", "Not Hired")];

    /// <summary>Two jobs.</summary>
    public static IReadOnlyList<JazzHRJob> Jobs { get; } = [new(EngineerJobId, "Backend Engineer", "4056310"), new("job_4056311", "Product Designer", "4056311")];

    /// <summary>Two of a customer's own, and one of ours.</summary>
    public static IReadOnlyList<string> Categories { get; } = ["Referral", "ARIA: completed", "ARIA: no-show"];
}

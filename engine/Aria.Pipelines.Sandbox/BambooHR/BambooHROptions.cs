namespace Aria.Pipelines.Sandbox.BambooHR;

/// <summary>How a <see cref="BambooHRSandbox"/> is set up. Every default is a strict, documented behaviour; what the vendor leaves open says so.</summary>
public sealed record BambooHROptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of dates and of the request limit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The API key: the user name of HTTP Basic, whose password is the letter x.</summary>
    public string ApiKey { get; init; } = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Whether the key's owner has access to ATS settings; without it everything is 403. Default true.</summary>
    public bool AtsSettings { get; init; } = true;

    /// <summary>Applications on a page; not published, and nothing that is sent changes it. Default 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>Requests per minute; no number is published. Null, the default, limits nothing.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Status of a request beyond the limit: 429, and 503 before 16 September 2026. Default 429.</summary>
    public int LimitStatus { get; init; } = 429;

    /// <summary>Statuses of applications; the first is that of a new one. Default <see cref="BambooHRSeeds.Statuses"/>.</summary>
    public IReadOnlyList<BambooHRStatus> Statuses { get; init; } = BambooHRSeeds.Statuses;

    /// <summary>Job openings. Default <see cref="BambooHRSeeds.Jobs"/>.</summary>
    public IReadOnlyList<BambooHRJob> Jobs { get; init; } = BambooHRSeeds.Jobs;
}

/// <summary>A status of applications.</summary>
/// <param name="Id">A number in applications, a text in the list of statuses.</param>
/// <param name="Name">What people read.</param>
/// <param name="Enabled">False for one that cannot be chosen any more.</param>
public sealed record BambooHRStatus(int Id, string Name, bool Enabled = true);

/// <summary>A job opening.</summary>
public sealed record BambooHRJob(long Id, string Title);

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record BambooHRApplicant(string FirstName, string LastName, string? Email = null, string? Phone = null);

/// <summary>What a fresh account holds.</summary>
public static class BambooHRSeeds
{
    /// <summary>The first job.</summary>
    public const long EngineerJobId = 4056310;

    /// <summary>Some of the vendor's own statuses, one of a customer's, and one that is switched off.</summary>
    public static IReadOnlyList<BambooHRStatus> Statuses { get; } =
        [new(1, "New"), new(2, "Reviewed"), new(5, "Schedule Interview"), new(20, "Made an Offer"), new(31, "Phone Screen"), new(32, "Interviewed"), new(33, "Old", Enabled: false)];

    /// <summary>Two openings.</summary>
    public static IReadOnlyList<BambooHRJob> Jobs { get; } = [new(EngineerJobId, "Backend Engineer"), new(4056311, "Product Designer")];
}

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>How an <see cref="AdpSandbox"/> is set up. Every default is a strict, documented behaviour; what the vendor leaves open says so.</summary>
public sealed record AdpOptions
{
    /// <summary>Loopback address to listen on, for https; port 0 takes a free one.</summary>
    public string Url { get; init; } = "https://127.0.0.1:0";

    /// <summary>Clock of tokens, dates, the request limit and the long poll. Certificates are judged by the machine's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Client id of the OAuth client credentials.</summary>
    public string ClientId { get; init; } = "adp-sandbox-client";

    /// <summary>Client secret.</summary>
    public string ClientSecret { get; init; } = "adp-sandbox-secret";

    /// <summary>Whether a certificate that is missing, foreign or expired ends the handshake; otherwise every request with it is 401. The vendor documents the 401 of the token call only. Default false.</summary>
    public bool RefusesInHandshake { get; init; }

    /// <summary>Life of an access token. Default 1 h.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the profile of the API user has access to applications; without it reads are 403. Default true.</summary>
    public bool Permission { get; init; } = true;

    /// <summary>The agency whose packages are published here.</summary>
    public string AgencyCode { get; init; } = "ARIA";

    /// <summary>Packages that are published at the start. Default <see cref="AdpSeeds.Packages"/>.</summary>
    public IReadOnlyList<string> Packages { get; init; } = AdpSeeds.Packages;

    /// <summary>Name of the event of a status that changed; the vendor publishes only the code of its subscription.</summary>
    public string StatusEvent { get; init; } = "job-application.status.change";

    /// <summary>How far the client's calendar, in which applications have their day, is from UTC. The vendor does not say whose day it is. Default zero.</summary>
    public TimeSpan UtcOffset { get; init; }

    /// <summary>How long an empty queue is held for who asks for it. Default 15 s.</summary>
    public TimeSpan LongPoll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most applications on a page, and as many as without <c>$top</c>; not published. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Requests per minute; no number is published. Null, the default, limits nothing.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Statuses of applications as the client defines them; the first is that of a new one. Default <see cref="AdpSeeds.Statuses"/>.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = AdpSeeds.Statuses;

    /// <summary>Requisitions. Default <see cref="AdpSeeds.Requisitions"/>.</summary>
    public IReadOnlyList<AdpRequisition> Requisitions { get; init; } = AdpSeeds.Requisitions;
}

/// <summary>A requisition.</summary>
/// <param name="ClientRequisitionId">The client's own number.</param>
/// <param name="Title">Title.</param>
public sealed record AdpRequisition(string ClientRequisitionId, string Title);

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record AdpPerson(string GivenName, string FamilyName, string? Email = null, string? Phone = null);

/// <summary>What a fresh account holds.</summary>
public static class AdpSeeds
{
    /// <summary>Number of the first requisition.</summary>
    public const string EngineerRequisition = "4056310";

    /// <summary>Statuses of a client; "Make Offer" is the vendor's own example.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["New", "Phone Screen", "Interview", "Make Offer", "Not Selected"];

    /// <summary>The package of results, and the one for notes.</summary>
    public static IReadOnlyList<string> Packages { get; } = ["ARIA_INTERVIEW", "ARIA_NOTE"];

    /// <summary>Two requisitions.</summary>
    public static IReadOnlyList<AdpRequisition> Requisitions { get; } = [new(EngineerRequisition, "Backend Engineer"), new("4056311", "Product Designer")];
}

namespace Aria.Pipelines.Sandbox.Bullhorn;

/// <summary>How a <see cref="BullhornSandbox"/> is set up. Every default is a strict, documented behaviour; what the vendor leaves open says so.</summary>
public sealed record BullhornOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of dates, of sessions and of the request limit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>OAuth client id.</summary>
    public string ClientId { get; init; } = "bullhorn-sandbox-client";

    /// <summary>OAuth client secret.</summary>
    public string ClientSecret { get; init; } = "bullhorn-sandbox-client-secret";

    /// <summary>User name of the API user.</summary>
    public string Username { get; init; } = "acme.api";

    /// <summary>Password of the API user.</summary>
    public string Password { get; init; } = "bullhorn-sandbox-password";

    /// <summary>A refresh token that is good from the start; null, the default, for none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Whether the client's key gives refresh tokens. Default true.</summary>
    public bool GivesRefreshTokens { get; init; } = true;

    /// <summary>Scheme, host and port of the data centre of this user, when it is another one: logging in is then answered 307. Null, the default, for this one.</summary>
    public Uri? DataCentre { get; init; }

    /// <summary>The corporation's token, part of every address.</summary>
    public string CorpToken { get; init; } = "e999";

    /// <summary>Calls per minute; null limits nothing. Default 1,500.</summary>
    public int? RequestsPerMinute { get; init; } = 1500;

    /// <summary>What an empty queue of events is answered with; not published. Default <see cref="BullhornEmptyAnswer.EmptyBody"/>.</summary>
    public BullhornEmptyAnswer EmptyQueue { get; init; }

    /// <summary>Whether one answer holds each event twice, as in the vendor's own sample. Default false.</summary>
    public bool RepeatEvents { get; init; }

    /// <summary>Whether a new submission has a first entry in its history; not published. Default true.</summary>
    public bool HistoryBegins { get; init; } = true;

    /// <summary>Whether one entity is answered bare, as the documentation shows, and not under <c>data</c>, as the vendor's SDK reads it. Default false.</summary>
    public bool BareEntities { get; init; }

    /// <summary>Statuses of submissions; the first is that of a web response. Default <see cref="BullhornSeeds.Statuses"/>.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = BullhornSeeds.Statuses;

    /// <summary>Jobs. Default <see cref="BullhornSeeds.Jobs"/>.</summary>
    public IReadOnlyList<BullhornJob> Jobs { get; init; } = BullhornSeeds.Jobs;
}

/// <summary>What an empty queue of events is answered with.</summary>
public enum BullhornEmptyAnswer
{
    /// <summary>200 without a body.</summary>
    EmptyBody,

    /// <summary>204.</summary>
    NoContent,

    /// <summary>200 with <c>{}</c>.</summary>
    EmptyObject,
}

/// <summary>A job.</summary>
public sealed record BullhornJob(long Id, string Title, string? ExternalId = null);

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record BullhornCandidate(string FirstName, string LastName, string? Email = null, string? Mobile = null);

/// <summary>What a fresh account holds.</summary>
public static class BullhornSeeds
{
    /// <summary>The API user.</summary>
    public const long ApiUserId = 1314;

    /// <summary>A recruiter.</summary>
    public const long RecruiterId = 2;

    /// <summary>The first job.</summary>
    public const long EngineerJobId = 4056310;

    /// <summary>Statuses of submissions.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["New Lead", "Submitted", "Phone Screen", "Interviewed", "Offer Extended", "Rejected"];

    /// <summary>Two jobs.</summary>
    public static IReadOnlyList<BullhornJob> Jobs { get; } = [new(EngineerJobId, "Backend Engineer", "ENG-17"), new(4056311, "Product Designer")];

    /// <summary>Actions of notes.</summary>
    public static IReadOnlyList<string> NoteActions { get; } = ["Appointment", "Email", "Left Message", "Other", "Prescreen"];
}

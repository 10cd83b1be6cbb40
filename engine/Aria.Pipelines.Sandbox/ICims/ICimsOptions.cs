namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>How an <see cref="ICimsSandbox"/> is set up. Every default is a strict, documented behaviour; what the vendor leaves open says so.</summary>
public sealed record ICimsOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of tokens, budget, dates, the search cache and event retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Id of the customer, part of every path.</summary>
    public string CustomerId { get; init; } = "7609";

    /// <summary>User name of the API user, for HTTP Basic.</summary>
    public string User { get; init; } = "icims-sandbox-user";

    /// <summary>Password of the API user.</summary>
    public string Password { get; init; } = "icims-sandbox-password";

    /// <summary>Client id of the OAuth client credentials flow.</summary>
    public string ClientId { get; init; } = "icims-sandbox-client";

    /// <summary>Client secret of the OAuth client credentials flow.</summary>
    public string ClientSecret { get; init; } = "icims-sandbox-secret";

    /// <summary>The audience that a token request has to name. Those of other regions are not published.</summary>
    public string Audience { get; init; } = "https://api.icims.com/v1/";

    /// <summary>Life of an access token; not published. Default 1 h.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Calls per day and customer, counted from 00:00 UTC. Default 10,000.</summary>
    public int DailyLimit { get; init; } = 10_000;

    /// <summary>Status of a successful PATCH; not published. Default 200.</summary>
    public int PatchStatus { get; init; } = 200;

    /// <summary>Waits before an event is posted again; the retry policy is not published. Default 1, 5 and 30 minutes.</summary>
    public IReadOnlyList<TimeSpan> EventWaits { get; init; } = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];

    /// <summary>Fields that a security rule, search lock or layout hides from the API user: reads leave them out.</summary>
    public IReadOnlySet<string> HiddenFields { get; init; } = new HashSet<string>();

    /// <summary>Whether <c>assessmentresults</c> has the field <c>assessmenturl</c>: only the code of a public client shows it. Default false.</summary>
    public bool AssessmentUrl { get; init; }

    /// <summary>Statuses of recruiting workflows; the first is that of a new application. Default <see cref="ICimsSeeds.Statuses"/>.</summary>
    public IReadOnlyList<ICimsListItem> Statuses { get; init; } = ICimsSeeds.Statuses;

    /// <summary>Jobs of the account. Default <see cref="ICimsSeeds.Jobs"/>.</summary>
    public IReadOnlyList<ICimsJobSeed> Jobs { get; init; } = ICimsSeeds.Jobs;

    /// <summary>The customer's own fields of recruiting workflows. Default <see cref="ICimsSeeds.Fields"/>.</summary>
    public IReadOnlyList<ICimsFieldSeed> Fields { get; init; } = ICimsSeeds.Fields;
}

namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>How a <see cref="GreenhouseSandbox"/> is set up. Every default is a strict, documented behaviour.</summary>
public sealed record GreenhouseOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of tokens, rate windows, timestamps and webhook retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Client id of the OAuth client credentials flow.</summary>
    public string ClientId { get; init; } = "greenhouse-sandbox-client";

    /// <summary>Client secret of the OAuth client credentials flow.</summary>
    public string ClientSecret { get; init; } = "greenhouse-sandbox-secret";

    /// <summary>A new token ends the earlier one. Default true: nothing documented promises two valid tokens.</summary>
    public bool SingleActiveToken { get; init; } = true;

    /// <summary>Life of an access token. Default 1 h.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Form of the expiry in a token answer.</summary>
    public GreenhouseTokenExpiry TokenExpiry { get; init; }

    /// <summary>Scopes of the credential; null means all that the sandbox knows. A missing scope answers 403.</summary>
    public IReadOnlySet<string>? Scopes { get; init; }

    /// <summary>Requests per fixed window of 30 s on <c>/v3</c>. Default 50.</summary>
    public int RateLimit { get; init; } = 50;

    /// <summary>Requests per fixed window of 60 s on <c>/token</c>. Default 50.</summary>
    public int TokenRateLimit { get; init; } = 50;

    /// <summary>What lists answer to a token that is not a Site Admin's.</summary>
    public GreenhouseNonAdminLists NonAdminLists { get; init; }

    /// <summary>Whether the Integration Service User, whom a token without <c>sub</c> acts as, is a Site Admin. Default true.</summary>
    public bool ServiceUserIsSiteAdmin { get; init; } = true;

    /// <summary>Which id guards a stage move.</summary>
    public GreenhouseMoveGuard MoveGuard { get; init; }

    /// <summary>True gives each retry of a webhook its own Greenhouse-Event-ID; the documentation leaves it open. Default false.</summary>
    public bool NewEventIdOnRetry { get; init; }

    /// <summary>Custom fields of the account. Default <see cref="GreenhouseSeeds.Fields"/>.</summary>
    public IReadOnlyList<GreenhouseFieldSeed> Fields { get; init; } = GreenhouseSeeds.Fields;

    /// <summary>Jobs of the account. Default <see cref="GreenhouseSeeds.Jobs"/>.</summary>
    public IReadOnlyList<GreenhouseJobSeed> Jobs { get; init; } = GreenhouseSeeds.Jobs;
}

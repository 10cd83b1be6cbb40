namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>How a <see cref="SmartRecruitersSandbox"/> is set up. Every default is a strict, documented behaviour.</summary>
public sealed record SmartRecruitersOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of tokens, rate windows, timestamps and webhook retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The API key of the header <c>X-SmartToken</c>, 32 characters; it has all scopes.</summary>
    public string ApiKey { get; init; } = "smartrecruiters-sandbox-key-0001";

    /// <summary>Client id of the OAuth client credentials flow.</summary>
    public string ClientId { get; init; } = "smartrecruiters-sandbox-client";

    /// <summary>Client secret of the OAuth client credentials flow.</summary>
    public string ClientSecret { get; init; } = "smartrecruiters-sandbox-secret";

    /// <summary>Life of an access token. The vendor does not state one; default 30 min.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Scopes of the OAuth credential; null means all that the sandbox knows. A missing scope answers 403.</summary>
    public IReadOnlySet<string>? Scopes { get; init; }

    /// <summary>Whether the OAuth credential has a System role: without one, scopes are not enough and every request answers 403. Default true.</summary>
    public bool HasSystemRole { get; init; } = true;

    /// <summary>Whether that role is Administrator, who alone may fetch messages. Default true.</summary>
    public bool IsAdministrator { get; init; } = true;

    /// <summary>Requests in every second, for each endpoint. Default 10.</summary>
    public int RateLimit { get; init; } = 10;

    /// <summary>Requests under way at once. Default 8.</summary>
    public int ConcurrentLimit { get; init; } = 8;

    /// <summary>The same for <c>GET /candidates</c>. Default 1.</summary>
    public int SearchConcurrentLimit { get; init; } = 1;

    /// <summary>Seconds in a <c>Retry-After</c> of a 429; null, the default, sends none: none is documented.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Leaves <c>application_id</c> out of notifications, as the vendor's older signature example does. Default false.</summary>
    public bool OmitApplicationId { get; init; }

    /// <summary>Candidate properties of the account. Default <see cref="SmartRecruitersSeeds.Properties"/>.</summary>
    public IReadOnlyList<SmartRecruitersPropertySeed> Properties { get; init; } = SmartRecruitersSeeds.Properties;

    /// <summary>Jobs of the account. Default <see cref="SmartRecruitersSeeds.Jobs"/>.</summary>
    public IReadOnlyList<SmartRecruitersJobSeed> Jobs { get; init; } = SmartRecruitersSeeds.Jobs;
}

namespace Aria.Pipelines.Sandbox.Lever;

/// <summary>How a <see cref="LeverSandbox"/> is set up. A default is documented or observed behaviour; what nobody has confirmed says so and can be turned.</summary>
public sealed record LeverOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of tokens, the rate limit, timestamps and webhook retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>API key of the account: user name of Basic with a blank password.</summary>
    public string ApiKey { get; init; } = "lever-sandbox-key";

    /// <summary>Client id of the registered application.</summary>
    public string ClientId { get; init; } = "lever-sandbox-client";

    /// <summary>Client secret of the registered application.</summary>
    public string ClientSecret { get; init; } = "lever-sandbox-secret";

    /// <summary>A refresh token that is good at the start, as one that an operator got by authorizing.</summary>
    public string RefreshToken { get; init; } = "lever-sandbox-refresh";

    /// <summary>Scopes of that refresh token; null means all. A missing one answers 403.</summary>
    public IReadOnlySet<string>? Scopes { get; init; }

    /// <summary>Life of an access token. Default 1 h.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Steady requests per second and credential on the API. Default 10.</summary>
    public int RateLimit { get; init; } = 10;

    /// <summary>Requests that may come at once. Default 20.</summary>
    public int Burst { get; init; } = 20;

    /// <summary>Whether a 429 says when to come again; not confirmed by the vendor. Default false.</summary>
    public bool SendsRetryAfter { get; init; }

    /// <summary>Which writes need <c>perform_as</c>; the documentation and the live API differ. Default all, as observed.</summary>
    public LeverPerformAs PerformAs { get; init; }

    /// <summary>Whether a tag that is there already is listed a second time when it is added; not confirmed by the vendor. Default false.</summary>
    public bool RepeatsTags { get; init; }

    /// <summary>Whether feedback is answered as a bare object, as the documentation shows it, instead of under <c>data</c>. Default false.</summary>
    public bool BareFeedback { get; init; }

    /// <summary>Whether an applicationCreated delivery names the opportunity; its data are not documented. Default true.</summary>
    public bool ApplicationNamesOpportunity { get; init; } = true;

    /// <summary>Postings of the account. Default <see cref="LeverSeeds.Postings"/>.</summary>
    public IReadOnlyList<LeverPosting> Postings { get; init; } = LeverSeeds.Postings;
}

/// <summary>Which writes are refused without <c>perform_as</c>.</summary>
public enum LeverPerformAs
{
    /// <summary>All, as seen on the live API.</summary>
    Always,

    /// <summary>Only those whose documentation says so: feedback.</summary>
    AsDocumented,
}

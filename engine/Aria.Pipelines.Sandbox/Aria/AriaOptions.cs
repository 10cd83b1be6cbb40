namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>How an <see cref="AriaSandbox"/> is set up.</summary>
public sealed record AriaOptions
{
    /// <summary>Loopback address to listen on; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of deadlines, rate windows, timestamps and webhook retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Valid API keys; two while a key is being rotated. All belong to one account.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = ["aria-sandbox-key"];

    /// <summary>Client of OAuth 2.0.</summary>
    public string ClientId { get; init; } = "aria-sandbox-client";

    /// <summary>Its secret.</summary>
    public string ClientSecret { get; init; } = "aria-sandbox-secret";

    /// <summary>What the client may have. An API key has all of them.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [AriaScopes.Read, AriaScopes.Write];

    /// <summary>How long a token lives. Default 1 hour.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the account has <c>Idempotency-Key</c>. Without it the header is ignored. Default true.</summary>
    public bool IdempotencyKeys { get; init; } = true;

    /// <summary>Requests in every rolling hour. Default 1000.</summary>
    public int RateLimit { get; init; } = 1000;

    /// <summary>Time from invitation to <c>expires_at</c>. Default 14 days.</summary>
    public TimeSpan InvitationLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Sends <c>X-ARIA-Signature: sha256=&lt;hex&gt;</c> instead of the bare hex. Default false.</summary>
    public bool SignaturePrefix { get; init; }

    /// <summary>Interviews in one page of a list. Default 100.</summary>
    public int PageSize { get; init; } = 100;
}

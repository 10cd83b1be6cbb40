using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary>
/// The authorization server (<c>/authorize</c> consents at once, <c>/oauth/token</c>), and who may do what. Refresh tokens rotate: each is good
/// for one login, and dies after 90 days without use or one year. Without <c>audience</c> the tokens exist but the API refuses them.
/// </summary>
internal sealed class TokenDesk(Account account, Func<string> audience)
{
    private static readonly TimeSpan Idle = TimeSpan.FromDays(90);
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);
    private readonly Dictionary<string, Grant> _codes = [];
    private readonly Dictionary<string, (Grant Grant, DateTimeOffset ExpiresAt)> _access = [];
    private readonly Dictionary<string, (Grant Grant, DateTimeOffset UsedAt)> _refresh = new()
    {
        [account.Options.RefreshToken] = (new Grant(account.Options.Scopes, true, account.Options.Time.GetUtcNow(), null), account.Options.Time.GetUtcNow()),
    };

    private DateTimeOffset Now => account.Options.Time.GetUtcNow();

    /// <summary>The browser's part: consent is given at once.</summary>
    public Answer Authorize(SandboxRequest request)
    {
        string? back = request.Query["redirect_uri"];
        if (request.Query["client_id"] != account.Options.ClientId || request.Query["response_type"] != "code" || back is null || !Uri.TryCreate(back, UriKind.Absolute, out _))
        {
            return Answer.Message(400, "Unknown client, response_type or redirect_uri.");
        }

        string code = Secret();
        HashSet<string> scopes = [.. request.Query["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _codes[code] = new Grant(scopes, request.Query["audience"] == audience(), Now, back);
        return Answer.Empty(302).With("Location", QueryHelpers.AddQueryString(back, new Dictionary<string, string?> { ["code"] = code, ["state"] = request.Query["state"] }));
    }

    /// <summary>The token endpoint.</summary>
    public Answer Issue(SandboxRequest request)
    {
        if (request.Method != "POST" || request.MediaType != "application/x-www-form-urlencoded")
        {
            return Refuse(400, "invalid_request", "POST a form.");
        }

        Dictionary<string, string> form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body)).ToDictionary(f => f.Key, f => f.Value.ToString());
        if (form.GetValueOrDefault("client_id") != account.Options.ClientId || form.GetValueOrDefault("client_secret") != account.Options.ClientSecret)
        {
            return Refuse(401, "access_denied", "Unauthorized");
        }

        return form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => ForCode(form),
            "refresh_token" => ForRefresh(form),
            _ => Refuse(403, "unauthorized_client", "Grant type not allowed for the client."),
        };
    }

    /// <summary>Who asks; null for nobody known. The key has every scope.</summary>
    public Caller? CallerOf(SandboxRequest request)
    {
        if (request.Credential("Basic") is { } basic)
        {
            return basic == Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Options.ApiKey}:")) ? new Caller(account.Options.ApiKey, null) : null;
        }

        string? bearer = request.Credential("Bearer");
        if (bearer == account.Options.ApiKey)
        {
            // Not documented, but observed on the live API.
            return new Caller(bearer, null);
        }

        return bearer is not null && _access.TryGetValue(bearer, out (Grant Grant, DateTimeOffset ExpiresAt) held) && held.Grant.IsForTheApi && Now < held.ExpiresAt
            ? new Caller(bearer, held.Grant.Scopes) : null;
    }

    private Answer ForCode(Dictionary<string, string> form) =>
        _codes.Remove(form.GetValueOrDefault("code") ?? "", out Grant? grant) && form.GetValueOrDefault("redirect_uri") == grant.RedirectUri
            ? Give(grant) : Refuse(403, "invalid_grant", "Invalid authorization code");

    private Answer ForRefresh(Dictionary<string, string> form)
    {
        string given = form.GetValueOrDefault("refresh_token") ?? "";
        bool isGood = _refresh.Remove(given, out (Grant Grant, DateTimeOffset UsedAt) held) && Now < held.UsedAt + Idle && Now < held.Grant.Since + Life;
        return isGood ? Give(held.Grant) : Refuse(403, "invalid_grant", "Unknown or invalid refresh token.");
    }

    private Answer Give(Grant grant)
    {
        string access = Secret();
        _access[access] = (grant, Now + account.Options.TokenLifetime);
        account.TokensIssued++;
        var body = new JsonObject
        {
            ["access_token"] = access,
            ["token_type"] = "Bearer",
            ["scope"] = grant.Scopes is null ? "offline_access" : string.Join(' ', grant.Scopes),
            ["expires_in"] = (long)account.Options.TokenLifetime.TotalSeconds,
        };
        if (grant.Scopes is null || grant.Scopes.Contains("offline_access"))
        {
            string refresh = Secret();
            _refresh[refresh] = (grant, Now);
            body["refresh_token"] = refresh;
        }

        return Answer.Json(200, body).With("Cache-Control", "no-store");
    }

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static Answer Refuse(int status, string error, string description) =>
        Answer.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description });

    private sealed record Grant(IReadOnlySet<string>? Scopes, bool IsForTheApi, DateTimeOffset Since, string? RedirectUri);
}

/// <summary>Who asks.</summary>
/// <param name="Credential">What the rate limit is counted by.</param>
/// <param name="Scopes">What may be done; null for everything.</param>
internal sealed record Caller(string Credential, IReadOnlySet<string>? Scopes)
{
    /// <summary>Refuses with 403 what the scopes do not hold. Write includes read.</summary>
    public void Need(string resource, string access)
    {
        if (Scopes is { } granted && !granted.Contains($"{resource}:{access}:admin") && !(access == "read" && granted.Contains($"{resource}:write:admin")))
        {
            throw LeverAnswer.Forbidden($"Missing scope: {resource}:{access}:admin");
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary><c>POST /identity/oauth/token</c> (RFC 6749 section 4.4, client in the form) and who a request comes from. Used under the account's lock.</summary>
internal sealed class TokenDesk(SmartRecruitersOptions options, Account account)
{
    public const string Path = "/identity/oauth/token";
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    public Answer Handle(SandboxRequest request)
    {
        if (request.Method != "POST")
        {
            return Error(405, "invalid_request", "Use POST.").With("Allow", "POST");
        }

        if (request.MediaType != "application/x-www-form-urlencoded")
        {
            return Error(400, "invalid_request", "The body must be a form.");
        }

        Dictionary<string, string> form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body)).ToDictionary(p => p.Key, p => p.Value.ToString());
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
        {
            return Error(400, "unsupported_grant_type", "Use grant_type=client_credentials.");
        }

        return Same(form.GetValueOrDefault("client_id"), options.ClientId) & Same(form.GetValueOrDefault("client_secret"), options.ClientSecret)
            ? Issue() : Error(401, "invalid_client", "Client id or secret is wrong.");
    }

    /// <summary>Refuses a request without a good credential, or whose credential may not do this.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scopes">Any of these is enough.</param>
    public void Admit(SandboxRequest request, string[] scopes)
    {
        // The key has every scope; only tokens are limited by scopes and roles.
        if (request.Headers.TryGetValue("X-SmartToken", out var key))
        {
            if (key.Count != 1 || !Same(key[0], options.ApiKey))
            {
                throw ApiError.Refuse(401, "UNAUTHORIZED", "The X-SmartToken is not valid.");
            }

            return;
        }

        if (request.Credential("Bearer") is not { } token || !_tokens.TryGetValue(token, out DateTimeOffset until) || account.Now >= until)
        {
            throw new RefusedException(ApiError.Of(401, "UNAUTHORIZED", "A valid X-SmartToken or bearer token is needed.").With("WWW-Authenticate", "Bearer"));
        }

        if (!options.HasSystemRole || (options.Scopes is { } given && !scopes.Any(given.Contains)))
        {
            throw ApiError.Refuse(403, "PERMISSION_DENIED", options.HasSystemRole ? $"A scope is missing: {string.Join(" or ", scopes)}." : "The credential has no System role.");
        }
    }

    /// <summary>Refuses a token whose System role is not Administrator.</summary>
    public void NeedAdministrator(SandboxRequest request)
    {
        if (!options.IsAdministrator && !request.Headers.ContainsKey("X-SmartToken"))
        {
            throw ApiError.Refuse(403, "PERMISSION_DENIED", "Accessible only for users with the role ADMINISTRATOR.");
        }
    }

    private Answer Issue()
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _tokens[token] = account.Now + options.TokenLifetime;
        account.TokensIssued++;
        return Answer.Json(200, new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "Bearer",
            ["expires_in"] = (long)options.TokenLifetime.TotalSeconds,
        }).With("Cache-Control", "no-store");
    }

    private static bool Same(string? given, string wanted) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(wanted));

    private static Answer Error(int status, string error, string description) =>
        Answer.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description });
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary><c>POST /oauth/token</c> (the vendor's login host), and who a request comes from. Used under the account's lock. The bodies of its refusals are not published.</summary>
internal sealed class TokenDesk(ICimsOptions options, Account account)
{
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    public Answer Handle(SandboxRequest request)
    {
        if (request.Method != "POST")
        {
            return Refuse(405, "method_not_allowed").With("Allow", "POST");
        }

        if (request.MediaType != "application/x-www-form-urlencoded")
        {
            return Refuse(400, "invalid_request");
        }

        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body)).ToDictionary(p => p.Key, p => p.Value.ToString());
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
        {
            return Refuse(400, "unsupported_grant_type");
        }

        if (!Same($"{form.GetValueOrDefault("client_id")}\n{form.GetValueOrDefault("client_secret")}", $"{options.ClientId}\n{options.ClientSecret}"))
        {
            return Refuse(401, "invalid_client");
        }

        return form.GetValueOrDefault("audience") == options.Audience ? Give() : Refuse(403, "access_denied");
    }

    /// <summary>True for the API user's Basic credentials, or a token that has not expired.</summary>
    public bool Knows(SandboxRequest request) =>
        request.Credential("Bearer") is { } token
            ? _tokens.TryGetValue(token, out DateTimeOffset expiresAt) && account.Now < expiresAt
            : request.Credential("Basic") is { } basic && Same(basic, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}")));

    private Answer Give()
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _tokens[token] = account.Now + options.TokenLifetime;
        account.TokensIssued++;
        var body = new JsonObject { ["access_token"] = token, ["expires_in"] = (long)options.TokenLifetime.TotalSeconds, ["token_type"] = "Bearer" };
        return Answer.Json(200, body).With("Cache-Control", "no-store");
    }

    private static bool Same(string given, string wanted) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(wanted));

    private static Answer Refuse(int status, string error) => Answer.Json(status, new JsonObject { ["error"] = error });
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary><c>POST /token</c> (the vendor's auth host) and the bearer tokens it gave out. Used under the account's lock.</summary>
internal sealed class TokenDesk(GreenhouseOptions options, Account account)
{
    private readonly FixedWindow _window = new(options.Time, options.TokenRateLimit, TimeSpan.FromSeconds(60));
    private readonly Dictionary<string, (User User, DateTimeOffset ExpiresAt)> _tokens = [];

    public Answer Handle(SandboxRequest request)
    {
        Allowance allowance = _window.Take();
        return allowance.Stamp(allowance.Allowed ? Issue(request) : Answer.Message(429, "Too many requests."));
    }

    /// <summary>The user a request acts as; null for a missing, unknown, ended or expired token.</summary>
    public User? UserOf(SandboxRequest request) =>
        request.Credential("Bearer") is { } token && _tokens.TryGetValue(token, out (User User, DateTimeOffset ExpiresAt) held)
            && options.Time.GetUtcNow() < held.ExpiresAt
            ? held.User : null;

    private Answer Issue(SandboxRequest request)
    {
        if (request.Method != "POST")
        {
            return Answer.Message(405, "Method not allowed.").With("Allow", "POST");
        }

        if (!ClientIsKnown(request))
        {
            return Error(401, "invalid_client").With("WWW-Authenticate", "Basic realm=\"greenhouse\"");
        }

        Dictionary<string, string> parameters = ReadParameters(request);
        if (parameters.GetValueOrDefault("grant_type") != "client_credentials")
        {
            return Error(400, "unsupported_grant_type");
        }

        User? user = account.Users.Find(GreenhouseSeeds.ServiceUserId);
        if (parameters.TryGetValue("sub", out string? sub))
        {
            user = long.TryParse(sub, out long id) ? account.Users.Find(id) : null;
        }

        return user is null ? Error(400, "invalid_request") : Give(user);
    }

    private Answer Give(User user)
    {
        if (options.SingleActiveToken)
        {
            _tokens.Clear();
        }

        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        DateTimeOffset expiresAt = options.Time.GetUtcNow() + options.TokenLifetime;
        _tokens[token] = (user, expiresAt);
        account.TokensIssued++;
        var body = new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer" };
        if (options.TokenExpiry != GreenhouseTokenExpiry.ExpiresIn)
        {
            body["expires_at"] = SandboxJson.Time(expiresAt);
        }

        if (options.TokenExpiry != GreenhouseTokenExpiry.ExpiresAt)
        {
            body["expires_in"] = (long)options.TokenLifetime.TotalSeconds;
        }

        return Answer.Json(200, body).With("Cache-Control", "no-store");
    }

    private bool ClientIsKnown(SandboxRequest request)
    {
        byte[] wanted = Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret}");
        var given = new byte[wanted.Length];
        return request.Credential("Basic") is { } basic
            && Convert.TryFromBase64String(basic, given, out int length)
            && length == wanted.Length && CryptographicOperations.FixedTimeEquals(wanted, given);
    }

    // The parameters are accepted from the query, a form body and a JSON body, as public clients send all three.
    private static Dictionary<string, string> ReadParameters(SandboxRequest request)
    {
        var parameters = request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        if (request.MediaType == "application/x-www-form-urlencoded")
        {
            foreach ((string name, var value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body)))
            {
                parameters[name] = value.ToString();
            }
        }
        else if (request.MediaType == "application/json" && SandboxJson.TryReadObject(request.Body) is { } body)
        {
            foreach ((string name, JsonNode? value) in body)
            {
                parameters[name] = value?.ToString() ?? "";
            }
        }

        return parameters;
    }

    private static Answer Error(int status, string code) => Answer.Json(status, new JsonObject { ["error"] = code });
}

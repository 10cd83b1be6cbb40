using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Workday.Records;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.Workday.Access;

/// <summary><c>POST /ccx/oauth2/{tenant}/token</c> for a refresh token or a SAML assertion. Used under the tenant's lock.</summary>
internal sealed class TokenDesk(Tenant tenant)
{
    public const string SamlGrant = "urn:ietf:params:oauth:grant-type:saml2-bearer";
    private readonly WorkdayOptions _options = tenant.Options;
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    /// <summary>Forgets every token given out, as an administrator can.</summary>
    public void Revoke() => _tokens.Clear();

    public bool Admits(SandboxRequest request) =>
        request.Credential("Bearer") is { } token && _tokens.TryGetValue(token, out DateTimeOffset end) && tenant.Now < end;

    public static bool IsBasic(string given, string user, string password) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    public Answer Handle(SandboxRequest request)
    {
        if (request.Method != "POST" || request.MediaType != "application/x-www-form-urlencoded")
        {
            return Error(400, "invalid_request");
        }

        Dictionary<string, string> form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body)).ToDictionary(p => p.Key, p => p.Value.ToString());
        bool known = request.Credential("Basic") is { } basic
            ? IsBasic(basic, _options.ClientId, _options.ClientSecret)
            : form.GetValueOrDefault("client_id") == _options.ClientId && form.GetValueOrDefault("client_secret") == _options.ClientSecret;
        if (!known)
        {
            return Error(401, "invalid_client");
        }

        bool granted = form.GetValueOrDefault("grant_type") switch
        {
            "refresh_token" => form.GetValueOrDefault("refresh_token") == _options.RefreshToken,
            SamlGrant => new SamlAssertion(_options).IsGood(form.GetValueOrDefault("assertion") ?? ""),
            _ => false,
        };
        return granted ? Give() : Error(400, "invalid_grant");
    }

    private Answer Give()
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _tokens[token] = tenant.Now + _options.TokenLifetime;
        tenant.Counts = tenant.Counts with { Tokens = tenant.Counts.Tokens + 1 };
        return Answer.Json(200, new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "Bearer",
            ["expires_in"] = (long)_options.TokenLifetime.TotalSeconds,
            ["refresh_token"] = _options.RefreshToken,
        });
    }

    private static Answer Error(int status, string code) => Answer.Json(status, new JsonObject { ["error"] = code });
}

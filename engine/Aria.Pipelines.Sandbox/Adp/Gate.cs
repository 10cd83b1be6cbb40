using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Certificates;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>Who may ask: on every call the certificate, then the token, then the role. Used under the sandbox's lock.</summary>
internal sealed class Gate(AdpOptions options, SandboxAuthority authority)
{
    public const string TokenPath = "/auth/oauth/v2/token";
    private static readonly string[] Roles = ["employee", "manager", "practitioner", "administrator", "supervisor"];
    private readonly RollingWindow? _limit = options.RequestsPerMinute is { } most ? new RollingWindow(options.Time, most, TimeSpan.FromMinutes(1)) : null;
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    /// <summary>Answers a request for a token.</summary>
    public Answer Token(SandboxRequest request)
    {
        if (!authority.Accepts(request.Certificate))
        {
            return NoCertificate();
        }

        if (request.Method != "POST" || request.MediaType != "application/x-www-form-urlencoded")
        {
            return OAuth(400, "invalid_request", "Validation error");
        }

        Dictionary<string, StringValues> form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        string Given(string name) => form.GetValueOrDefault(name).ToString() is { Length: > 0 } inForm ? inForm : request.Query[name].ToString();
        if (Given("grant_type") != "client_credentials")
        {
            return OAuth(400, "unsupported_grant_type", "Validation error");
        }

        // In the form, or by HTTP Basic: both are seen.
        (string id, string secret) = request.Credential("Basic") is { } basic ? Split(basic) : (form.GetValueOrDefault("client_id").ToString(), form.GetValueOrDefault("client_secret").ToString());
        if (!Same(id, options.ClientId) || !Same(secret, options.ClientSecret))
        {
            return OAuth(401, "invalid_client", "The given client credentials were not valid");
        }

        string token = Guid.NewGuid().ToString();
        _tokens.Add(token, options.Time.GetUtcNow() + options.TokenLifetime);
        return Answer.Json(200, new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (int)options.TokenLifetime.TotalSeconds, ["scope"] = "api" });
    }

    /// <summary>Ends every token before its time.</summary>
    public void End() => _tokens.Clear();

    /// <summary>Refuses a request that may not be made.</summary>
    public void Check(SandboxRequest request)
    {
        if (!authority.Accepts(request.Certificate))
        {
            throw new RefusedException(NoCertificate());
        }

        if (request.Credential("Bearer") is not { } token || !_tokens.TryGetValue(token, out DateTimeOffset end) || end <= options.Time.GetUtcNow())
        {
            throw new RefusedException(OAuth(400, "invalid_request", "Validation error"));
        }

        if (_limit?.Take() is { Allowed: false })
        {
            throw ConfirmMessage.Refuse(request, options.Time, 429, "Too many requests");
        }

        if (!Roles.Contains(request.Headers["roleCode"].ToString()))
        {
            throw ConfirmMessage.Refuse(request, options.Time, 400, "Bad Request - the header roleCode has to be one of employee, manager, practitioner, administrator, supervisor");
        }
    }

    private static Answer NoCertificate() => OAuth(401, "invalid_request", "proper client ssl certificate was not presented");

    private static Answer OAuth(int status, string error, string description) => Answer.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description });

    private static (string Id, string Secret) Split(string basic)
    {
        try
        {
            string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(basic)).Split(':', 2);
            return (parts[0], parts.Length == 2 ? parts[1] : "");
        }
        catch (FormatException)
        {
            return ("", "");
        }
    }

    private static bool Same(string given, string own) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(own));
}

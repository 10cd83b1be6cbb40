using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary><c>POST /oauth/token</c>: client credentials as in RFC 6749 (sections 2.3.1, 3.2, 4.4 and 5), the client by HTTP Basic; and who a request comes from. Used under the book's lock.</summary>
internal sealed class TokenDesk(AriaOptions options)
{
    public const string Path = "/oauth/token";
    private readonly Dictionary<string, (IReadOnlyList<string> Scopes, DateTimeOffset Until)> _tokens = [];

    /// <summary>Tokens given out.</summary>
    public int Issued { get; private set; }

    public Answer Handle(SandboxRequest request)
    {
        if (request.Method != "POST")
        {
            return Error(405, "invalid_request", "Use POST.").With("Allow", "POST");
        }

        if (request.MediaType != "application/x-www-form-urlencoded" || request.Query.Count > 0)
        {
            return Error(400, "invalid_request", "Parameters go into the body, as a form.");
        }

        if (!ClientIsKnown(request))
        {
            return Error(401, "invalid_client", "The client is not known, or did not authenticate with HTTP Basic.").With("WWW-Authenticate", "Basic realm=\"aria\"");
        }

        Dictionary<string, StringValues> form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        if (form.ContainsKey("client_id") || form.ContainsKey("client_secret") || form.Any(p => p.Value.Count > 1))
        {
            return Error(400, "invalid_request", "The client authenticates once, and no parameter is given twice.");
        }

        return form.GetValueOrDefault("grant_type").ToString() switch
        {
            "" => Error(400, "invalid_request", "grant_type is missing."),
            "client_credentials" => Issue(form.GetValueOrDefault("scope").ToString()),
            _ => Error(400, "unsupported_grant_type", "Use grant_type=client_credentials."),
        };
    }

    /// <summary>Ends every token that was given out.</summary>
    public void Revoke() => _tokens.Clear();

    /// <summary>Refuses a request without a good key or token, or whose token does not have the scope.</summary>
    public void Admit(SandboxRequest request, string scope)
    {
        string? given = request.Credential("Bearer");
        if (given is not null && options.ApiKeys.Any(key => Same(key, given)))
        {
            return;
        }

        if (given is null || !_tokens.TryGetValue(given, out (IReadOnlyList<string> Scopes, DateTimeOffset Until) token) || options.Time.GetUtcNow() >= token.Until)
        {
            throw new RefusedException(AriaError.Of(401, "unauthorized", "The API key or token is missing or not valid.")
                .With("WWW-Authenticate", given is null ? "Bearer" : "Bearer error=\"invalid_token\""));
        }

        if (!token.Scopes.Contains(scope))
        {
            throw new RefusedException(AriaError.Of(403, "forbidden", $"The token does not have the scope {scope}.")
                .With("WWW-Authenticate", $"Bearer error=\"insufficient_scope\", scope=\"{scope}\""));
        }
    }

    private Answer Issue(string scope)
    {
        string[] scopes = scope.Length == 0 ? [.. options.Scopes] : scope.Split(' ');
        if (scopes.Except(options.Scopes).FirstOrDefault() is { } unknown)
        {
            return Error(400, "invalid_scope", $"The client may not have the scope '{unknown}'.");
        }

        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _tokens[token] = (scopes, options.Time.GetUtcNow() + options.TokenLifetime);
        Issued++;
        return Answer.Json(200, new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "Bearer",
            ["expires_in"] = (long)options.TokenLifetime.TotalSeconds,
            ["scope"] = string.Join(' ', scopes),
        }).With("Cache-Control", "no-store").With("Pragma", "no-cache");
    }

    private bool ClientIsKnown(SandboxRequest request)
    {
        string basic = request.Credential("Basic") ?? "";
        var given = new byte[basic.Length];
        if (!Convert.TryFromBase64String(basic, given, out int length))
        {
            return false;
        }

        // Both are encoded like a form before they are joined, so that they may hold a colon.
        string[] parts = Encoding.UTF8.GetString(given, 0, length).Split(':');
        return parts.Length == 2 && Same(options.ClientId, Decoded(parts[0])) & Same(options.ClientSecret, Decoded(parts[^1]));
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static bool Same(string wanted, string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(wanted), Encoding.UTF8.GetBytes(given));

    private static Answer Error(int status, string error, string description) =>
        Answer.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description }).With("Cache-Control", "no-store");
}

using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads the two OAuth 2.0 grants that need nobody at a browser, as a login of one step: client credentials (RFC 6749 section 4.4) and refresh token (section 6).</summary>
internal static class OAuthReader
{
    private const string Step = "token";

    /// <summary>Reads a grant.</summary>
    /// <param name="kind">The object under <c>clientCredentials</c> or <c>refreshToken</c>.</param>
    /// <param name="secret">The setting that holds the refresh token; null for client credentials.</param>
    /// <param name="source">The connector's parts.</param>
    public static AuthDefinition.Login Read(JsonCursor kind, string? secret, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        CompiledMapping id = source.RequiredValue(kind, "clientId", "settings");
        CompiledMapping password = source.RequiredValue(kind, "clientSecret", "settings");
        List<KeyValuePair<string, CompiledMapping>> headers = [new("Accept", new TextMapping("application/json"))];
        List<KeyValuePair<string, CompiledMapping>> members = [new("grant_type", new TextMapping(secret is null ? "client_credentials" : "refresh_token"))];
        if (secret is not null)
        {
            members.Add(new("refresh_token", new PointerMapping("settings", $"/{secret}")));
        }
        if (kind.Optional("client")?.OneOf(bag, "basic", "body") == "body")
        {
            members.AddRange([new("client_id", id), new("client_secret", password)]);
        }
        else
        {
            headers.Add(new("Authorization", new BasicMapping(id, password)));
        }
        members.AddRange(source.NamedValues(kind, "form", "settings"));
        string send = kind.Optional("send")?.OneOf(bag, "form", "json", "query") ?? "form";
        RequestTemplate request = new("POST", source.RequiredValue(kind, "tokenUrl", "settings"), send == "query" ? members : [], headers, send == "query" ? null : new MembersMapping(members))
        {
            Payload = send == "json" ? PayloadKind.Json : PayloadKind.Form,
        };
        var step = new LoginStep(Step, request) { Title = "The token endpoint", Rotates = secret is null ? null : new(secret, new PointerMapping("response", "/body/refresh_token")) };
        var life = new LoginLife(At(kind.OptionalText("expiresAt", bag) ?? "expires_at"), At(kind.OptionalText("expiresIn", bag) ?? "expires_in"), TimeSpan.FromSeconds(1), kind.OptionalDuration("maxAge", bag));
        return new AuthDefinition.Login([step], new CredentialPlaces([new("Authorization", new BearerMapping(At("access_token")))], [], []), null, life) { IsGrant = true };
    }

    private static PointerMapping At(string member) => new("login", $"/{Step}/body/{member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}");
}

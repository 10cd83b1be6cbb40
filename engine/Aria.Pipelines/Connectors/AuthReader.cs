using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>http.auth</c>: <c>"code"</c>, or an object with exactly one kind of credentials.</summary>
internal static class AuthReader
{
    public static AuthDefinition? Read(JsonCursor auth, ConnectorSource source)
    {
        if (auth.Kind == JsonValueKind.String)
        {
            if (auth.OneOf(source.Bag, "code") is not null)
            {
                source.NeedCode<IAuthenticates>(auth);
            }
            return new AuthDefinition.ByCode();
        }
        if (!auth.IsObject(source.Bag))
        {
            return null;
        }
        auth.AllowOnly(source.Bag, "bearer", "basic", "keys", "clientCredentials", "refreshToken", "login");
        (string Name, JsonCursor Value)[] kinds = [.. auth.Properties()];
        if (kinds.Length != 1)
        {
            source.Bag.Error(ConnectorCodes.Contradiction, auth.Position, "http.auth has to name exactly one kind of credentials.", "Known: bearer, basic, keys, clientCredentials, refreshToken, login.");
            return null;
        }
        return kinds[0].Value.IsObject(source.Bag) ? ReadKind(kinds[0].Name, kinds[0].Value, source.WithSecrets()) : null;
    }

    /// <summary>The places of <c>keys</c> and <c>login</c>: <c>headers</c>, <c>query</c>, <c>body</c>.</summary>
    public static CredentialPlaces Places(JsonCursor owner, ConnectorSource source, params ReadOnlySpan<string> roots)
    {
        var places = new CredentialPlaces(source.NamedValues(owner, "headers", roots), source.NamedValues(owner, "query", roots), source.NamedValues(owner, "body", roots));
        if (places.Headers.Count + places.Query.Count + places.Body.Count == 0)
        {
            source.Bag.Error(DefinitionCodes.MissingProperty, owner.Position, "Nothing says where the credentials go.", "Add \"headers\", \"query\" or \"body\", for example { \"headers\": { \"X-Api-Key\": \"{{ settings.apiKey }}\" } }.");
        }
        return places;
    }

    private static AuthDefinition? ReadKind(string name, JsonCursor kind, ConnectorSource source)
    {
        switch (name)
        {
            case "bearer":
                kind.AllowOnly(source.Bag, "token");
                return new AuthDefinition.Bearer(source.RequiredValue(kind, "token", "settings"));
            case "basic":
                kind.AllowOnly(source.Bag, "user", "password");
                return new AuthDefinition.Basic(source.RequiredValue(kind, "user", "settings"), source.RequiredValue(kind, "password", "settings"));
            case "keys":
                kind.AllowOnly(source.Bag, "headers", "query", "body");
                return new AuthDefinition.Keys(Places(kind, source, "settings"));
            case "clientCredentials":
                kind.AllowOnly(source.Bag, "tokenUrl", "clientId", "clientSecret", "client", "send", "form", "expiresAt", "expiresIn", "maxAge");
                return OAuthReader.Read(kind, null, source);
            case "refreshToken":
                kind.AllowOnly(source.Bag, "tokenUrl", "clientId", "clientSecret", "client", "send", "secret", "form", "expiresAt", "expiresIn", "maxAge");
                return OAuthReader.Read(kind, Rotating(kind, "secret", source), source);
            case "login":
                return LoginReader.Read(kind, source);
            default:
                return null;
        }
    }

    /// <summary>A member that names a setting of type secret.</summary>
    private static string Rotating(JsonCursor owner, string name, ConnectorSource source)
    {
        string setting = owner.RequiredText(name, source.Bag);
        source.NeedSecret(setting, owner.Optional(name) ?? owner);
        return setting;
    }
}

using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

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
        auth.AllowOnly(source.Bag, "bearer", "basic", "clientCredentials");
        (string Name, JsonCursor Value)[] kinds = [.. auth.Properties()];
        if (kinds.Length != 1)
        {
            source.Bag.Error(ConnectorCodes.Contradiction, auth.Position, "http.auth has to name exactly one kind of credentials.", "Known: bearer, basic, clientCredentials.");
            return null;
        }
        JsonCursor kind = kinds[0].Value;
        if (!kind.IsObject(source.Bag))
        {
            return null;
        }
        switch (kinds[0].Name)
        {
            case "bearer":
                kind.AllowOnly(source.Bag, "token");
                return new AuthDefinition.Bearer(Credential(kind, "token", source));
            case "basic":
                kind.AllowOnly(source.Bag, "user", "password");
                return new AuthDefinition.Basic(Credential(kind, "user", source), Credential(kind, "password", source));
            case "clientCredentials":
                return ReadClientCredentials(kind, source);
            default:
                return null;
        }
    }

    private static AuthDefinition.ClientCredentials ReadClientCredentials(JsonCursor kind, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        kind.AllowOnly(bag, "tokenUrl", "clientId", "clientSecret", "client", "form", "expiresAt", "expiresIn");
        var form = new List<KeyValuePair<string, CompiledMapping>>();
        if (kind.Optional("form") is { } members && members.IsObject(bag))
        {
            foreach ((string name, JsonCursor value) in members.Properties())
            {
                form.Add(new(name, source.Credential(value)));
            }
        }
        return new AuthDefinition.ClientCredentials(
            Credential(kind, "tokenUrl", source),
            Credential(kind, "clientId", source),
            Credential(kind, "clientSecret", source),
            kind.Optional("client")?.OneOf(bag, "basic", "body") == "body",
            form,
            kind.OptionalText("expiresAt", bag) ?? "expires_at",
            kind.OptionalText("expiresIn", bag) ?? "expires_in");
    }

    private static CompiledMapping Credential(JsonCursor owner, string name, ConnectorSource source) =>
        owner.Required(name, source.Bag) is { } value ? source.Credential(value) : UnusableMapping.Instance;
}

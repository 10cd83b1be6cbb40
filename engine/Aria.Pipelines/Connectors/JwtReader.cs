using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>webhook.jwt</c>.</summary>
internal static class JwtReader
{
    /// <summary>The algorithms that are understood. None of them is <c>none</c>.</summary>
    public static readonly string[] Algorithms = ["HS256", "HS512", "RS256", "RS512", "ES256"];

    public static JwtDefinition? Read(JsonCursor webhook, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        if (webhook.Optional("jwt") is not { } jwt || !jwt.IsObject(bag))
        {
            return null;
        }
        jwt.AllowOnly(bag, "header", "query", "prefix", "algorithm", "secret", "tolerance", "claims", "body");
        string? other = webhook.Optional("signature") is not null ? "signature" : webhook.Optional("token") is not null ? "token" : null;
        if (other is not null)
        {
            bag.Error(ConnectorCodes.Contradiction, webhook.Optional(other)!.Value.NamePosition, $"'jwt' and '{other}' do not go together.", "Keep the one by which the vendor proves who sends.");
        }
        if (jwt.Optional("header") is null == jwt.Optional("query") is null)
        {
            bag.Error(ConnectorCodes.Contradiction, jwt.Position, "A token is in exactly one place.", "Write 'header' or 'query'.");
        }
        string secret = jwt.RequiredText("secret", bag);
        source.NeedSecret(secret, jwt.Optional("secret") ?? jwt);
        string? query = jwt.OptionalText("query", bag);
        string? header = jwt.OptionalText("header", bag);
        (string claim, string encoding) = ReadBody(jwt, bag);
        return new JwtDefinition(query is null ? header ?? "Authorization" : null, query, jwt.Required("algorithm", bag)?.OneOf(bag, Algorithms) ?? Algorithms[0], secret)
        {
            Prefix = jwt.Optional("prefix") is { } prefix ? prefix.Text(bag) ?? "" : "",
            Tolerance = jwt.OptionalDuration("tolerance", bag),
            Claims = source.NamedValues(jwt, "claims", "settings"),
            BodyClaim = claim,
            BodyEncoding = encoding,
        };
    }

    private static (string Claim, string Encoding) ReadBody(JsonCursor jwt, DiagnosticBag bag)
    {
        if (jwt.Optional("body") is not { } body)
        {
            bag.Error(ConnectorCodes.Unsigned, jwt.Position, "The token does not cover the body.",
                "Add \"body\": { \"claim\": \"…\" }, which names the claim that holds the body's SHA-256: otherwise whoever has seen one delivery can send any other.");
            return ("", "hex");
        }
        if (!body.IsObject(bag))
        {
            return ("", "hex");
        }
        body.AllowOnly(bag, "claim", "encoding");
        return (body.RequiredText("claim", bag), body.Optional("encoding")?.OneOf(bag, "hex", "base64", "base64url") ?? "hex");
    }
}

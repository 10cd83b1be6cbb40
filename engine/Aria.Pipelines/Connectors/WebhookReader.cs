using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>webhook</c>.</summary>
internal static class WebhookReader
{
    /// <summary>Reads it.</summary>
    /// <param name="webhook">The object.</param>
    /// <param name="events">The events of the connector; null when it has none.</param>
    /// <param name="source">The connector's parts.</param>
    public static WebhookDefinition Read(JsonCursor webhook, JsonCursor? events, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        webhook.AllowOnly(bag, "signature", "jwt", "token", "ack", "headers", "handshake", "form", "type", "split", "pings", "pingWhen", "dedupe", "decode", "encoding");
        TokenPlace? token = ReadToken(webhook, source);
        bool completed = events?.Properties().All(e => e.Value.Optional("poll") is not null || e.Value.Optional("enrich") is not null) ?? false;
        JwtDefinition? jwt = JwtReader.Read(webhook, source);
        JsonCursor? signature = webhook.Optional("token") is null && webhook.Optional("jwt") is null ? webhook.Required("signature", bag) : null;
        bool byCode = signature is { Kind: JsonValueKind.String } text && text.OneOf(bag, "code") is not null;
        if (byCode)
        {
            source.NeedCode<IVerifiesDeliveries>(signature!.Value);
        }
        SignatureDefinition? definition = signature is { Kind: not JsonValueKind.String } s && s.IsObject(bag) ? SignatureReader.Read(s, source, completed) : null;
        bool decoded = webhook.Optional("decode")?.OneOf(bag, "code") is not null;
        if (decoded)
        {
            source.NeedCode<IDecodesDeliveries>(webhook.Optional("decode")!.Value);
        }
        IReadOnlyList<string> headers = ReadHeaders(webhook, bag);
        return new WebhookDefinition
        {
            Signature = definition,
            Jwt = jwt,
            Token = token,
            VerifiedByCode = byCode,
            DecodedByCode = decoded,
            Compressed = webhook.Optional("encoding")?.OneOf(bag, "gzip") is not null,
            AckStatus = ReadAck(webhook, bag),
            AckBody = webhook.Optional("ack") is { Kind: JsonValueKind.Object } answer ? answer.Optional("body")?.Element.Clone() : null,
            Form = webhook.Optional("form") is { } form && form.IsObject(bag) ? ReadForm(form, bag) : null,
            PingWhen = source.OptionalCondition(webhook, "pingWhen", "payload"),
            Headers = headers,
            Handshake = webhook.Optional("handshake") is { } handshake && handshake.IsObject(bag) ? ReadHandshake(handshake, bag) : null,
            Split = webhook.Optional("split") is { } split ? HttpReader.ReadPointer(split, bag) : null,
            TypePointer = (webhook.Required("type", bag) is { } type ? HttpReader.ReadPointer(type, bag) : null) ?? "",
            Pings = SettingsReader.Texts(webhook, "pings", bag),
            Dedupe = ReadDedupe(webhook, headers, definition, jwt is not null, completed, bag),
        };
    }

    /// <summary>The setting that holds the token, for a source that signs nothing, and where deliveries carry it.</summary>
    private static TokenPlace? ReadToken(JsonCursor webhook, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        if (webhook.Optional("token") is not { } token)
        {
            return null;
        }
        if (webhook.Optional("signature") is { } signature)
        {
            bag.Error(ConnectorCodes.Contradiction, signature.NamePosition, "A source that signs needs no token in its URL.", "Remove 'token': whoever sees a URL in a log could send in the source's name.");
        }
        if (token.Kind != JsonValueKind.Object)
        {
            if (token.Text(bag) is not { } name)
            {
                return null;
            }
            source.NeedSecret(name, token);
            return new TokenPlace(name, TokenKind.Url, "");
        }
        token.AllowOnly(bag, "setting", "header", "query", "json", "basic");
        string setting = token.RequiredText("setting", bag);
        source.NeedSecret(setting, token.Optional("setting") ?? token);
        (TokenKind Kind, string Member)[] given = [.. new[] { (TokenKind.Header, "header"), (TokenKind.Query, "query"), (TokenKind.Json, "json"), (TokenKind.Basic, "basic") }.Where(k => token.Optional(k.Item2) is not null)];
        if (given.Length != 1)
        {
            bag.Error(ConnectorCodes.Contradiction, token.Position, "A token is in exactly one place.", "Write one of: header, query, json, basic; for one that ends the URL write the setting's name alone.");
            return new TokenPlace(setting, TokenKind.Header, "");
        }
        JsonCursor place = token.Optional(given[0].Member)!.Value;
        string? where = given[0].Kind switch
        {
            TokenKind.Basic => token.OptionalFlag("basic", false, bag) ? "" : null,
            TokenKind.Json => HttpReader.ReadPointer(place, bag),
            _ => place.Text(bag),
        };
        return new TokenPlace(setting, given[0].Kind, where ?? "");
    }

    private static FormDefinition ReadForm(JsonCursor form, DiagnosticBag bag)
    {
        form.AllowOnly(bag, "json");
        return new FormDefinition(form.OptionalTexts("json", bag));
    }

    private static int ReadAck(JsonCursor webhook, DiagnosticBag bag)
    {
        int ack;
        JsonCursor? at = webhook.Optional("ack");
        if (at is { Kind: JsonValueKind.Object } answer)
        {
            answer.AllowOnly(bag, "status", "body");
            ack = answer.OptionalCount("status", bag) ?? 200;
            at = answer.Optional("status");
        }
        else
        {
            ack = webhook.OptionalCount("ack", bag) ?? 200;
        }
        if (ack is < 200 or > 299)
        {
            bag.Error(DefinitionCodes.InvalidValue, at!.Value.Position, "'ack' must be a 2xx status.", "Write the status that the sender counts as success, for example 200.");
        }
        return ack;
    }

    private static IReadOnlyList<string> ReadHeaders(JsonCursor webhook, DiagnosticBag bag)
    {
        IReadOnlyList<string> names = SettingsReader.Texts(webhook, "headers", bag);
        string? other = names.Count == 0 ? null : webhook.Optional("split") is not null ? "split" : webhook.Optional("decode") is not null ? "decode" : null;
        if (other is not null)
        {
            bag.Error(ConnectorCodes.Contradiction, webhook.Optional("headers")!.Value.NamePosition, $"'headers' and '{other}' do not go together.",
                other == "split" ? "Headers belong to a delivery that is one event." : "Code sees the headers of a delivery itself.");
        }
        return names;
    }

    private static HandshakeDefinition ReadHandshake(JsonCursor handshake, DiagnosticBag bag)
    {
        handshake.AllowOnly(bag, "header", "status");
        int status = handshake.OptionalCount("status", bag) ?? 200;
        if (status is < 200 or > 299)
        {
            bag.Error(DefinitionCodes.InvalidValue, handshake.Optional("status")!.Value.Position, "'status' must be a 2xx status.", "Write the status that the sender wants for its handshake, for example 200.");
        }
        return new HandshakeDefinition(handshake.RequiredText("header", bag), status);
    }

    private static IReadOnlyList<string> ReadDedupe(JsonCursor webhook, IReadOnlyList<string> headers, SignatureDefinition? signature, bool isToken, bool completed, DiagnosticBag bag)
    {
        if (webhook.Optional("dedupe") is not { } dedupe || !dedupe.IsArray(bag))
        {
            if (completed && signature is not null && !signature.Parts.Contains(SignatureReader.Body))
            {
                bag.Error(ConnectorCodes.Unsigned, webhook.Position, "The signature does not cover the body, which is what 'dedupe' takes when it is absent.", "Add \"dedupe\" with JSON pointers that stand among 'parts'.");
            }
            return ["body"];
        }
        foreach (JsonCursor part in dedupe.Items())
        {
            string text = part.Text(bag) ?? "body";
            if (text != "body" && !text.StartsWith('/'))
            {
                bag.Error(ConnectorCodes.Unsigned, part.Position, $"'{text}' cannot make a dedupe key.",
                    "Use \"body\" or JSON pointers into the event. Headers such as a delivery id are usually not signed: a captured delivery could come again under a new id.");
            }
            else if (signature is not null && !signature.Parts.Contains(SignatureReader.Body) && !signature.Parts.Contains(SignatureReader.Json + text))
            {
                bag.Error(ConnectorCodes.Unsigned, part.Position, $"The signature does not cover '{text}'.", "Use JSON pointers that stand among 'parts' (json:/<pointer>): a captured delivery could come again with other content.");
            }
            else if (headers.Count > 0 && (isToken || signature is not null) && text.StartsWith("/headers/", StringComparison.Ordinal) && !(signature is not null && Signs(signature, text["/headers/".Length..])))
            {
                bag.Error(ConnectorCodes.Unsigned, part.Position, $"The signature does not cover the header '{text["/headers/".Length..]}'.",
                    "Use \"body\" or a pointer into what is signed: a captured delivery could come again under another value.");
            }
        }
        IReadOnlyList<string> parts = SettingsReader.Texts(webhook, "dedupe", bag);
        if (parts.Count == 0)
        {
            bag.Error(DefinitionCodes.InvalidValue, dedupe.Position, "'dedupe' is empty.", "Leave it out to use the whole body.");
        }
        return parts;
    }

    private static bool Signs(SignatureDefinition signature, string header) =>
        signature.Parts.Any(p => string.Equals(p.TrimEnd('?'), $"header:{header}", StringComparison.OrdinalIgnoreCase));
}

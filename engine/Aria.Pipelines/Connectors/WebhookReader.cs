using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>webhook</c>.</summary>
internal static class WebhookReader
{
    public static WebhookDefinition Read(JsonCursor webhook, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        webhook.AllowOnly(bag, "signature", "token", "ack", "headers", "handshake", "type", "split", "pings", "dedupe", "decode", "encoding");
        string? token = ReadToken(webhook, source);
        JsonCursor? signature = webhook.Optional("token") is null ? webhook.Required("signature", bag) : null;
        bool byCode = signature is { Kind: JsonValueKind.String } text && text.OneOf(bag, "code") is not null;
        if (byCode)
        {
            source.NeedCode<IVerifiesDeliveries>(signature!.Value);
        }
        SignatureDefinition? definition = signature is { Kind: not JsonValueKind.String } s && s.IsObject(bag) ? ReadSignature(s, source) : null;
        bool decoded = webhook.Optional("decode")?.OneOf(bag, "code") is not null;
        if (decoded)
        {
            source.NeedCode<IDecodesDeliveries>(webhook.Optional("decode")!.Value);
        }
        IReadOnlyList<string> headers = ReadHeaders(webhook, bag);
        return new WebhookDefinition
        {
            Signature = definition,
            TokenSetting = token,
            VerifiedByCode = byCode,
            DecodedByCode = decoded,
            Compressed = webhook.Optional("encoding")?.OneOf(bag, "gzip") is not null,
            AckStatus = ReadAck(webhook, bag),
            Headers = headers,
            Handshake = webhook.Optional("handshake") is { } handshake && handshake.IsObject(bag) ? ReadHandshake(handshake, bag) : null,
            Split = webhook.Optional("split") is { } split ? HttpReader.ReadPointer(split, bag) : null,
            TypePointer = (webhook.Required("type", bag) is { } type ? HttpReader.ReadPointer(type, bag) : null) ?? "",
            Pings = SettingsReader.Texts(webhook, "pings", bag),
            Dedupe = ReadDedupe(webhook, headers, definition, bag),
        };
    }

    /// <summary>The setting that holds the token of the URL, for a source that signs nothing.</summary>
    private static string? ReadToken(JsonCursor webhook, ConnectorSource source)
    {
        if (webhook.Optional("token") is not { } token || token.Text(source.Bag) is not { } setting)
        {
            return null;
        }
        if (webhook.Optional("signature") is { } signature)
        {
            source.Bag.Error(ConnectorCodes.Contradiction, signature.NamePosition, "A source that signs needs no token in its URL.", "Remove 'token': whoever sees a URL in a log could send in the source's name.");
        }
        source.NeedSecret(setting, token);
        return setting;
    }

    private static int ReadAck(JsonCursor webhook, DiagnosticBag bag)
    {
        int ack = webhook.OptionalCount("ack", bag) ?? 200;
        if (ack is < 200 or > 299)
        {
            bag.Error(DefinitionCodes.InvalidValue, webhook.Optional("ack")!.Value.Position, "'ack' must be a 2xx status.", "Write the status that the sender counts as success, for example 200.");
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

    private static SignatureDefinition ReadSignature(JsonCursor signature, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        signature.AllowOnly(bag, "header", "prefix", "separator", "algorithm", "encoding", "secret", "parts", "timestamp");
        string secret = signature.RequiredText("secret", bag);
        source.NeedSecret(secret, signature.Optional("secret") ?? signature);
        JsonCursor? timestamp = signature.Optional("timestamp") is { } t && t.IsObject(bag) ? t : null;
        timestamp?.AllowOnly(bag, "header", "tolerance");
        IReadOnlyList<string> parts = ReadParts(signature, bag);
        string? time = timestamp?.RequiredText("header", bag);
        string signedAs = time is null || time.StartsWith(SignatureDefinition.Pointer, StringComparison.Ordinal) ? time ?? "" : $"header:{time}";
        if (time is not null && !parts.Contains(signedAs, StringComparer.OrdinalIgnoreCase))
        {
            bag.Error(ConnectorCodes.Contradiction, timestamp!.Value.Position, $"The time in '{time}' is not signed.", $"Add \"{signedAs}\" to 'parts', or leave 'timestamp' out.");
        }
        return new SignatureDefinition(
            signature.RequiredText("header", bag),
            ReadPrefixes(signature, bag),
            signature.Required("algorithm", bag)?.OneOf(bag, "hmac-sha256", "hmac-sha512", "hmac-sha1") ?? "hmac-sha256",
            signature.Optional("encoding")?.OneOf(bag, "hex", "base64") ?? "hex",
            secret,
            parts,
            time,
            timestamp?.OptionalDuration("tolerance", bag) ?? TimeSpan.FromMinutes(5))
        {
            Separator = signature.Optional("separator")?.Text(bag) is { Length: > 0 } separator ? separator : null,
        };
    }

    private static void CheckSigned(IEnumerable<string> dedupe, SignatureDefinition? signature, JsonCursor at, DiagnosticBag bag)
    {
        if (signature is { CoversBody: false } && dedupe.FirstOrDefault(d => !signature.Parts.Contains(SignatureDefinition.Pointer + d)) is { } unsigned)
        {
            bag.Error(ConnectorCodes.Unsigned, at.Position, $"The signature does not cover '{unsigned}', so it cannot make a dedupe key.", "Use pointers into the event that are among the signed 'parts': anything else could be changed to send a captured delivery again.");
        }
    }

    private static IReadOnlyList<string> ReadPrefixes(JsonCursor signature, DiagnosticBag bag)
    {
        return signature.Optional("prefix") switch
        {
            null => [""],
            { Kind: JsonValueKind.Array } => SettingsReader.Texts(signature, "prefix", bag),
            { } one => one.Text(bag) is { } text ? [text] : [""],
        };
    }

    private static IReadOnlyList<string> ReadParts(JsonCursor signature, DiagnosticBag bag)
    {
        if (signature.Optional("parts") is not { } parts)
        {
            return ["body"];
        }
        if (parts.IsArray(bag))
        {
            foreach (JsonCursor part in parts.Items())
            {
                string? text = part.Text(bag);
                if (text is not null && text != "body" && !text.StartsWith("header:", StringComparison.Ordinal) && !text.StartsWith("literal:", StringComparison.Ordinal)
                    && !text.StartsWith(SignatureDefinition.Pointer + "/", StringComparison.Ordinal))
                {
                    bag.Error(DefinitionCodes.InvalidValue, part.Position, $"'{text}' is not a signed part.", "Known: body, header:<name>, header:<name>? for one that may be absent, literal:<text>, pointer:</place in the body>.");
                }
            }
        }
        IReadOnlyList<string> texts = SettingsReader.Texts(signature, "parts", new DiagnosticBag());
        if (!texts.Contains("body") && !texts.Any(t => t.StartsWith(SignatureDefinition.Pointer, StringComparison.Ordinal)))
        {
            bag.Error(ConnectorCodes.Unsigned, parts.Position, "The signature does not cover the body.", "Add \"body\" to 'parts': otherwise whoever has seen one delivery can send any other.");
        }
        return texts;
    }

    private static IReadOnlyList<string> ReadDedupe(JsonCursor webhook, IReadOnlyList<string> headers, SignatureDefinition? signature, DiagnosticBag bag)
    {
        if (webhook.Optional("dedupe") is not { } dedupe || !dedupe.IsArray(bag))
        {
            CheckSigned(["body"], signature, webhook, bag);
            return ["body"];
        }
        CheckSigned(dedupe.Items().Select(i => i.Kind == JsonValueKind.String ? i.Element.GetString()! : "body"), signature, dedupe, bag);
        foreach (JsonCursor part in dedupe.Items())
        {
            string text = part.Text(bag) ?? "body";
            if (text != "body" && !text.StartsWith('/'))
            {
                bag.Error(ConnectorCodes.Unsigned, part.Position, $"'{text}' cannot make a dedupe key.",
                    "Use \"body\" or JSON pointers into the event. Headers such as a delivery id are usually not signed: a captured delivery could come again under a new id.");
            }
            else if (headers.Count > 0 && signature is not null && text.StartsWith("/headers/", StringComparison.Ordinal) && !Signs(signature, text["/headers/".Length..]))
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

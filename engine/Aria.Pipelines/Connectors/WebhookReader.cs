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
        webhook.AllowOnly(bag, "signature", "token", "ack", "type", "split", "pings", "dedupe", "decode");
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
        return new WebhookDefinition
        {
            Signature = definition,
            TokenSetting = token,
            VerifiedByCode = byCode,
            DecodedByCode = decoded,
            AckStatus = ReadAck(webhook, bag),
            Split = webhook.Optional("split") is { } split ? HttpReader.ReadPointer(split, bag) : null,
            TypePointer = (webhook.Required("type", bag) is { } type ? HttpReader.ReadPointer(type, bag) : null) ?? "",
            Pings = SettingsReader.Texts(webhook, "pings", bag),
            Dedupe = ReadDedupe(webhook, definition, bag),
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
        CheckSecret(setting, token, source);
        source.Bag.Warning(ConnectorCodes.HookToken, token.Position, "The source signs nothing: whoever knows the URL can send in its name.", "Have the events completed by reads ('enrich'), so that what is believed comes from the system itself.");
        return setting;
    }

    private static void CheckSecret(string name, JsonCursor at, ConnectorSource source)
    {
        if (name.Length > 0 && (!source.Settings.TryGetValue(name, out SettingDefinition? setting) || setting.Type != "secret"))
        {
            source.Bag.Error(ConnectorCodes.UnknownSetting, at.Position, $"'{name}' is not a setting of type secret.",
                Suggestion.For(name, [.. source.Settings.Values.Where(s => s.Type == "secret").Select(s => s.Name)]));
        }
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

    private static SignatureDefinition ReadSignature(JsonCursor signature, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        signature.AllowOnly(bag, "header", "prefix", "algorithm", "encoding", "secret", "parts", "timestamp");
        string secret = signature.RequiredText("secret", bag);
        CheckSecret(secret, signature.Optional("secret") ?? signature, source);
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
            timestamp?.OptionalDuration("tolerance", bag) ?? TimeSpan.FromMinutes(5));
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
                    bag.Error(DefinitionCodes.InvalidValue, part.Position, $"'{text}' is not a signed part.", "Known: body, header:<name>, literal:<text>, pointer:</place in the body>.");
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

    private static IReadOnlyList<string> ReadDedupe(JsonCursor webhook, SignatureDefinition? signature, DiagnosticBag bag)
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
        }
        IReadOnlyList<string> parts = SettingsReader.Texts(webhook, "dedupe", bag);
        if (parts.Count == 0)
        {
            bag.Error(DefinitionCodes.InvalidValue, dedupe.Position, "'dedupe' is empty.", "Leave it out to use the whole body.");
        }
        return parts;
    }
}

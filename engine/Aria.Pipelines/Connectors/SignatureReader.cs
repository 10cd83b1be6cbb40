using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>webhook.signature</c>.</summary>
internal static class SignatureReader
{
    public const string Body = "body";
    public const string Timestamp = "timestamp";
    public const string Header = "header:";
    public const string Json = "json:";
    public const string Literal = "literal:";

    /// <summary>Reads it.</summary>
    /// <param name="signature">The object.</param>
    /// <param name="source">The connector's parts.</param>
    /// <param name="completed">True when every event of the webhook is completed by reads, so that what is not signed need not be believed.</param>
    public static SignatureDefinition Read(JsonCursor signature, ConnectorSource source, bool completed)
    {
        DiagnosticBag bag = source.Bag;
        signature.AllowOnly(bag, "header", "json", "prefix", "separator", "algorithm", "encoding", "secret", "key", "parts", "timestamp");
        string secret = signature.RequiredText("secret", bag);
        source.NeedSecret(secret, signature.Optional("secret") ?? signature);
        string? json = signature.Optional("json") is { } pointer ? HttpReader.ReadPointer(pointer, bag) : null;
        IReadOnlyList<string> parts = ReadParts(signature, completed, bag);
        return new SignatureDefinition(
            json is null ? signature.RequiredText("header", bag) : signature.OptionalText("header", bag) ?? "",
            ReadPrefixes(signature, bag),
            signature.Required("algorithm", bag)?.OneOf(bag, "hmac-sha256", "hmac-sha512", "hmac-sha1") ?? "hmac-sha256",
            signature.Optional("encoding")?.OneOf(bag, "hex", "base64", "base64hex") ?? "hex",
            secret,
            parts,
            signature.Optional("timestamp") is { } timestamp && timestamp.IsObject(bag) ? ReadTimestamp(timestamp, parts, bag) : null)
        {
            JsonPointer = json,
            KeyEncoding = signature.Optional("key")?.OneOf(bag, "utf8", "hex", "base64") ?? "utf8",
            Separator = signature.Optional("separator")?.Text(bag) is { Length: > 0 } separator ? separator : null,
        };
    }

    private static TimestampDefinition ReadTimestamp(JsonCursor timestamp, IReadOnlyList<string> parts, DiagnosticBag bag)
    {
        timestamp.AllowOnly(bag, "header", "json", "prefix", "unit", "tolerance");
        string? json = timestamp.Optional("json") is { } pointer ? HttpReader.ReadPointer(pointer, bag) : null;
        string? prefix = timestamp.OptionalText("prefix", bag);
        string? header = json is null && prefix is null ? timestamp.RequiredText("header", bag) : timestamp.OptionalText("header", bag);
        string name = json is not null ? Json + json : header is not null ? Header + header : Timestamp;
        if (!parts.Contains(name, StringComparer.OrdinalIgnoreCase) && !parts.Contains(Timestamp) && !(json is not null && parts.Contains(Body)))
        {
            bag.Error(ConnectorCodes.Contradiction, timestamp.Position, $"The time in '{json ?? header ?? prefix}' is not signed.", $"Add \"{name}\" to 'parts', or leave 'timestamp' out.");
        }
        return new TimestampDefinition(header, json, prefix, timestamp.Optional("unit")?.OneOf(bag, "seconds", "milliseconds") == "milliseconds", timestamp.OptionalDuration("tolerance", bag) ?? TimeSpan.FromMinutes(5));
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

    private static IReadOnlyList<string> ReadParts(JsonCursor signature, bool completed, DiagnosticBag bag)
    {
        if (signature.Optional("parts") is not { } parts)
        {
            return [Body];
        }
        if (parts.IsArray(bag))
        {
            foreach (JsonCursor part in parts.Items())
            {
                if (part.Text(bag) is { } text && !IsPart(text))
                {
                    bag.Error(DefinitionCodes.InvalidValue, part.Position, $"'{text}' is not a signed part.", "Known: body, timestamp, json:/<pointer>, header:<name>, header:<name>? for one that may be absent, literal:<text>.");
                }
            }
        }
        IReadOnlyList<string> texts = SettingsReader.Texts(signature, "parts", new DiagnosticBag());
        if (!texts.Contains(Body) && !completed)
        {
            bag.Error(ConnectorCodes.Unsigned, parts.Position, "The signature does not cover the body.",
                "Add \"body\" to 'parts': otherwise whoever has seen one delivery can send any other. A vendor who signs less needs 'enrich' for every event, and 'dedupe' out of what is signed.");
        }
        return texts;
    }

    private static bool IsPart(string text) =>
        text is Body or Timestamp || text.StartsWith(Header, StringComparison.Ordinal) || text.StartsWith($"{Json}/", StringComparison.Ordinal) || text.StartsWith(Literal, StringComparison.Ordinal);
}

using System.Text.Json;
using System.Text.Unicode;

namespace Aria.Pipelines.Connectors;

/// <summary>JSON from outside, read without surprises: whole, valid Unicode, no duplicate names, at most 56 deep.</summary>
/// <param name="Root">The value; undefined when there is a code.</param>
/// <param name="Code"><c>invalid_json</c>, <c>invalid_unicode</c>, <c>duplicate_key</c>, <c>json_too_deep</c>; null when it is good.</param>
internal readonly record struct StrictJson(JsonElement Root, string? Code)
{
    // JSON is read 64 deep everywhere; what the engine puts around a value from outside, such as status and headers, has room.
    public const int MaxDepth = 56;

    // Far beyond what is allowed, so that the scan itself can say "too deep" instead of "invalid".
    private const int ScanDepth = 1_000_000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static StrictJson Read(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> text = WithoutBom(bytes);
        if (!Utf8.IsValid(text.Span))
        {
            return new(default, "invalid_unicode");
        }
        if (Parsed(text) is { } root)
        {
            return new(root, null);
        }
        try
        {
            return Scan(text.Span) is { } code
                ? new(default, code)
                : new(JsonDocument.Parse(text, Strict).RootElement, null);
        }
        catch (JsonException)
        {
            return new(default, "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // GetString on an escaped lone surrogate; JsonDocument alone would accept it and fail much later.
            return new(default, "invalid_unicode");
        }
    }

    /// <summary>The bytes without a UTF-8 byte order mark, which signatures cover but parsers refuse.</summary>
    public static ReadOnlyMemory<byte> WithoutBom(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> bom = [0xEF, 0xBB, 0xBF];
        return bytes.Span.StartsWith(bom) ? bytes[3..] : bytes;
    }

    /// <summary>The value in one pass; null when it has to be looked at closely, to say what is wrong or because escapes may hold half a character.</summary>
    private static JsonElement? Parsed(ReadOnlyMemory<byte> text)
    {
        if (text.Span.IndexOf("\\ud"u8) >= 0 || text.Span.IndexOf("\\uD"u8) >= 0)
        {
            return null;
        }
        try
        {
            return JsonDocument.Parse(text, Strict).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Scan(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = ScanDepth });
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                    return "json_too_deep";
                case JsonTokenType.StartObject:
                    names.Push([]);
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                    return "duplicate_key";
                case JsonTokenType.String:
                    _ = reader.GetString();
                    break;
                default:
                    break;
            }
        }
        return null;
    }
}

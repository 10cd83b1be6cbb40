using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Writes bodies. The same values always give the same bytes.</summary>
internal static class RequestBody
{
    /// <summary>The bytes of a body, and the media type that goes with them when the request names none.</summary>
    /// <exception cref="MappingException">The value cannot be written that way.</exception>
    public static (byte[] Bytes, string ContentType) Write(Connection connection, PayloadKind kind, ArrayStyle arrays, JsonNode? value) => kind switch
    {
        PayloadKind.Form => (Encoding.UTF8.GetBytes(string.Join('&', Members(connection, value).SelectMany(m => Pairs(connection, m.Key, m.Value, arrays)))), "application/x-www-form-urlencoded"),
        PayloadKind.Multipart => Multipart(connection, value),
        PayloadKind.Text => (Encoding.UTF8.GetBytes(Scalar(value) ?? throw Failed(connection, "The text to send is not a text.")), "text/plain; charset=utf-8"),
        _ => (ConnectorJson.ToBytes(value), "application/json"),
    };

    /// <summary>A name and its values, written as in a query or a form; a null value gives nothing.</summary>
    /// <exception cref="MappingException">A value is an object.</exception>
    public static IEnumerable<string> Pairs(Connection connection, string name, JsonNode? value, ArrayStyle arrays) => value switch
    {
        null => [],
        JsonArray items when arrays == ArrayStyle.Comma => items.Count == 0 ? [] : [Pair(name, string.Join(',', items.Select(i => Scalar(i) ?? throw Nested(connection, name))))],
        JsonArray items => items.SelectMany(item => Pairs(connection, arrays == ArrayStyle.Brackets ? $"{name}[]" : name, item, arrays)),
        JsonValue scalar => [Pair(name, Scalar(scalar)!)],
        _ => throw Nested(connection, name),
    };

    private static (byte[] Bytes, string ContentType) Multipart(Connection connection, JsonNode? value)
    {
        (string Head, byte[] Content)[] parts = [.. Members(connection, value).SelectMany(m => Parts(connection, m.Key, m.Value))];
        // Random boundaries would make the same request other bytes; this one is as unlikely to stand in the content.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string head, byte[] content) in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(head));
            hash.AppendData(content);
        }
        string boundary = $"aria-{Convert.ToHexStringLower(hash.GetHashAndReset())[..32]}";
        using var body = new MemoryStream();
        foreach ((string head, byte[] content) in parts)
        {
            body.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\n{head}\r\n\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }
        body.Write(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        return (body.ToArray(), $"multipart/form-data; boundary={boundary}");
    }

    private static IEnumerable<(string Head, byte[] Content)> Parts(Connection connection, string name, JsonNode? value)
    {
        string disposition = $"Content-Disposition: form-data; name=\"{Quoted(name)}\"";
        return value switch
        {
            null => [],
            JsonArray items => items.SelectMany(i => Parts(connection, name, i)),
            JsonObject file => [($"{disposition}; filename=\"{Quoted(Scalar(file["filename"]) ?? name)}\"\r\nContent-Type: {MediaType(connection, file)}", Content(connection, name, file))],
            _ => [(disposition, Encoding.UTF8.GetBytes(Scalar(value)!))],
        };
    }

    private static string MediaType(Connection connection, JsonObject file)
    {
        string type = Scalar(file["type"]) ?? "application/octet-stream";
        return type.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? type : throw Failed(connection, "The media type of a file holds a line break or a character outside ASCII.");
    }

    private static byte[] Content(Connection connection, string name, JsonObject file)
    {
        if (Scalar(file["text"]) is { } text)
        {
            return Encoding.UTF8.GetBytes(text);
        }
        byte[] buffer = new byte[Scalar(file["base64"])?.Length ?? 0];
        return Scalar(file["base64"]) is { } coded && Convert.TryFromBase64String(coded, buffer, out int length)
            ? buffer[..length]
            : throw Failed(connection, $"File '{name}' has neither 'text' nor 'base64' that can be read.");
    }

    // As browsers write them (WHATWG multipart/form-data).
    private static string Quoted(string text) => text.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static JsonObject Members(Connection connection, JsonNode? value) =>
        value as JsonObject ?? throw Failed(connection, "A form is an object: the name of each field, and its value.");

    private static string Pair(string name, string value) => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";

    private static string? Scalar(JsonNode? node) => node is JsonValue value ? ConnectorJson.Text(ConnectorJson.ToElement(value)) : null;

    private static MappingException Nested(Connection connection, string name) => Failed(connection, $"The parameter '{name}' is an object.");

    private static MappingException Failed(Connection connection, string summary) =>
        new(new Diagnostic("invalid_parameter", DiagnosticSeverity.Error, summary, $"Connection '{connection.Id}'.", null, null, null, DiagnosticFault.Connector));
}

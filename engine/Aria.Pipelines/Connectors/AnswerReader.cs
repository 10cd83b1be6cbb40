using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads answers: as mappings see them, and as they are recorded.</summary>
internal static class AnswerReader
{
    /// <summary>Why an answer was not understood.</summary>
    public const string Unreadable = "The answer is not in the format that it claims, or that the connector reads.";

    private const int RecordedBodyBytes = 4096;

    private static readonly string[] RecordedHeaders = ["content-type", "date", "link", "location", "retry-after"];
    private static readonly string[] RecordedPrefixes = ["x-ratelimit-", "ratelimit", "x-request-id", "request-id", "x-correlation-id"];

    /// <summary>The body as JSON: null for none, XML where the connector reads it, a string for text that calls itself neither; where the connector's code reads answers, what it makes of it.</summary>
    /// <returns>Null when it cannot be read: it calls itself JSON and is not, or the connector's code does not understand it.</returns>
    public static JsonElement? Body(Connector connector, ConnectorResponse response)
    {
        if (response.Body.Length == 0)
        {
            return ConnectorJson.Null;
        }
        if (connector.Http.ReadsXml && XmlAnswer.Read(response.Body) is { } read)
        {
            return read;
        }
        if (connector.Http.BodiesByCode)
        {
            return ByCode(connector, response);
        }
        StrictJson json = StrictJson.Read(response.Body);
        if (json.Code is null)
        {
            return json.Root;
        }
        string type = DeliveryHeaders.Find(response.Headers, "Content-Type") is [{ } given, ..] ? given : "json";
        return type.Contains("json", StringComparison.OrdinalIgnoreCase)
            ? null
            : ConnectorJson.ToElement(JsonValue.Create(Encoding.UTF8.GetString(response.Body.Span)));
    }

    private static JsonElement? ByCode(Connector connector, ConnectorResponse response)
    {
        try
        {
            return connector.Calls.Run(() => ((ITranslatesBodies)connector.Code!).Read(response));
        }
        catch (Exception)
        {
            // Whatever the code throws, the answer was not understood; the record of the attempt shows it.
            return null;
        }
    }

    /// <summary>What mappings see as <c>response</c>: <c>status</c>, <c>headers</c> (lower-case names, first values), <c>body</c>.</summary>
    public static JsonElement Value(ConnectorResponse response, JsonElement body)
    {
        var headers = new JsonObject();
        foreach ((string name, IReadOnlyList<string> values) in response.Headers)
        {
            headers[name.ToLowerInvariant()] = values.Count > 0 ? values[0] : null;
        }
        return ConnectorJson.ToElement(new JsonObject { ["status"] = response.Status, ["headers"] = headers, ["body"] = ConnectorJson.ToNode(body) });
    }

    /// <summary>The answer for the record: status, harmless headers, the first 4 KiB of the body, secrets masked.</summary>
    public static byte[] Record(ConnectorResponse response, Func<string, string> mask)
    {
        var headers = new JsonObject();
        foreach ((string name, IReadOnlyList<string> values) in response.Headers.OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            string lower = name.ToLowerInvariant();
            if (RecordedHeaders.Contains(lower) || Array.Exists(RecordedPrefixes, p => lower.StartsWith(p, StringComparison.Ordinal)))
            {
                headers[lower] = mask(string.Join(", ", values));
            }
        }
        ReadOnlySpan<byte> body = response.Body.Span;
        string text = mask(Encoding.UTF8.GetString(body[..Math.Min(body.Length, RecordedBodyBytes)]));
        var record = new JsonObject { ["status"] = response.Status, ["headers"] = headers, ["body"] = text };
        if (body.Length > RecordedBodyBytes)
        {
            record["bodyLength"] = body.Length;
        }
        return ConnectorJson.ToBytes(record);
    }
}

using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>A description of an API (OpenAPI 2.0 to 3.2, JSON or YAML), read into the form of 3.1, whose schemas are JSON Schema.</summary>
/// <param name="root">The document.</param>
internal sealed class OpenApiFile(JsonObject root)
{
    // A schema that holds itself ends here; what is deeper may be anything.
    private const int MaxDepth = 12;

    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    // What a vendor's schema says beyond these either binds nobody, or is a dialect.
    private static readonly string[] Kept = ["type", "properties", "required", "items", "enum", "const", "description", "additionalProperties", "anyOf", "oneOf", "allOf", "minLength", "maxLength", "minimum", "maximum"];

    /// <summary>Reads a file.</summary>
    /// <returns>The file, or what is wrong with it.</returns>
    public static async Task<(OpenApiFile? File, string? Problem)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"'{path}' cannot be read: {e.Message}");
        }
        var settings = new OpenApiReaderSettings();
        settings.AddYamlReader();
        using var stream = new MemoryStream(bytes);
        ReadResult read;
        try
        {
            read = await OpenApiDocument.LoadAsync(stream, bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? "json" : "yaml", settings, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The reader lets out whatever its parsers throw.
            return (null, $"'{path}' is no description of an API: {e.Message}");
        }
        if (read.Document is not { } document || read.Diagnostic?.Errors is { Count: > 0 } && read.Document.Paths is not { Count: > 0 })
        {
            return (null, $"'{path}' is no description of an API: {read.Diagnostic?.Errors.Select(e => e.Message).FirstOrDefault() ?? "it is empty"}.");
        }
        string text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken).ConfigureAwait(false);
        return JsonNode.Parse(text) is JsonObject root ? (new OpenApiFile(root), null) : (null, $"'{path}' is no description of an API.");
    }

    public string? Title => Text(root["info"]?["title"]);

    public string? Server => Text(root["servers"]?[0]?["url"]);

    /// <summary>How requests carry credentials, by name.</summary>
    public IEnumerable<JsonObject> SecuritySchemes => (root["components"]?["securitySchemes"] as JsonObject ?? []).Select(s => Resolved(s.Value)).OfType<JsonObject>();

    /// <summary>All operations: path, method in lower case, and what is said of each.</summary>
    public IEnumerable<(string Path, string Method, JsonObject Operation, JsonArray Common)> Operations =>
        from path in root["paths"] as JsonObject ?? []
        let item = Resolved(path.Value) as JsonObject
        where item is not null
        from method in Methods
        where item[method] is JsonObject
        select (path.Key, method, (JsonObject)item[method]!, item["parameters"] as JsonArray ?? []);

    /// <summary>What a reference stands for; anything else is itself.</summary>
    public JsonNode? Resolved(JsonNode? node)
    {
        for (int i = 0; i < MaxDepth && Text(node?["$ref"]) is { } reference && reference.StartsWith("#/", StringComparison.Ordinal); i++)
        {
            node = reference[2..].Split('/').Aggregate((JsonNode?)root, (at, part) => (at as JsonObject)?[Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)]);
        }
        return node;
    }

    /// <summary>A schema with its references in place, and only what holds everywhere.</summary>
    public JsonNode Schema(JsonNode? schema, int depth = 0)
    {
        if (depth > MaxDepth || Resolved(schema) is not JsonObject given)
        {
            return new JsonObject();
        }
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in given.Where(m => Kept.Contains(m.Key)))
        {
            result[name] = value switch
            {
                JsonObject members when name == "properties" => new JsonObject(members.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Schema(p.Value, depth + 1)))),
                JsonObject when name is "items" or "additionalProperties" => Schema(value, depth + 1),
                JsonArray all when name is "anyOf" or "oneOf" or "allOf" => new JsonArray([.. all.Select(s => Schema(s, depth + 1))]),
                _ => value?.DeepClone(),
            };
        }
        return result;
    }

    /// <summary>A value that the schema allows, as an example of it.</summary>
    public JsonNode? Sample(JsonNode? schema, int depth = 0)
    {
        if (depth > MaxDepth || Resolved(schema) is not JsonObject given)
        {
            return null;
        }
        if (given["example"] is { } example)
        {
            return example.DeepClone();
        }
        if (given["examples"] is JsonArray { Count: > 0 } examples)
        {
            return examples[0]?.DeepClone();
        }
        if (given["enum"] is JsonArray { Count: > 0 } allowed)
        {
            return allowed[0]?.DeepClone();
        }
        if ((given["allOf"] ?? given["oneOf"] ?? given["anyOf"]) is JsonArray { Count: > 0 } parts)
        {
            return Sample(parts[0], depth + 1);
        }
        string type = given["type"] is JsonArray several ? several.Select(Text).FirstOrDefault(t => t != "null") ?? "" : Text(given["type"]) ?? (given["properties"] is null ? "" : "object");
        return type switch
        {
            "object" => new JsonObject((given["properties"] as JsonObject ?? []).Select(p => KeyValuePair.Create(p.Key, Sample(p.Value, depth + 1)))),
            "array" => given["items"] is { } items && Sample(items, depth + 1) is { } item ? new JsonArray(item) : new JsonArray(),
            "integer" or "number" => 1,
            "boolean" => true,
            "string" => "text",
            _ => null,
        };
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>The value at a JSON pointer into one of the roots.</summary>
internal sealed class PointerMapping(string root, string pointer) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default) =>
        values.TryGetValue(root, out JsonElement value) && JsonPointer.Find(value, pointer) is { } found ? ConnectorJson.ToNode(found) : null;
}

/// <summary>A text that is always the same.</summary>
internal sealed class TextMapping(string text) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default) => JsonValue.Create(text);
}

/// <summary>The value of an <c>Authorization</c> header with HTTP Basic.</summary>
internal sealed class BasicMapping(CompiledMapping user, CompiledMapping password) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default) =>
        JsonValue.Create("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ConnectorJson.Text(user, values)}:{ConnectorJson.Text(password, values)}")));
}

/// <summary>The value of an <c>Authorization</c> header with a bearer token; null without one.</summary>
internal sealed class BearerMapping(CompiledMapping token) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default) =>
        ConnectorJson.Text(token, values) is { Length: > 0 } text ? JsonValue.Create($"Bearer {text}") : null;
}

/// <summary>Named mappings as the members of an object, for a form.</summary>
internal sealed class MembersMapping(IReadOnlyList<KeyValuePair<string, CompiledMapping>> members) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default)
    {
        var result = new JsonObject();
        foreach ((string name, CompiledMapping mapping) in members)
        {
            result[name] = mapping.Evaluate(values, cancellationToken);
        }
        return result;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Testing;

/// <summary>JSON merge patch (RFC 7386): members of objects are replaced one by one, null removes a member, everything else is replaced whole.</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            return ConnectorJson.ToNode(patch);
        }
        JsonObject result = target as JsonObject ?? [];
        foreach (JsonProperty member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                result.Remove(member.Name);
                continue;
            }
            JsonNode? old = result[member.Name];
            JsonNode? merged = Apply(old, member.Value);
            if (!ReferenceEquals(old, merged))
            {
                result[member.Name] = merged;
            }
        }
        return result;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>A setting that a connection gives.</summary>
/// <param name="Name">Its name, camelCase.</param>
/// <param name="Type"><c>string</c>, <c>number</c>, <c>boolean</c>, <c>object</c> or <c>secret</c>.</param>
/// <param name="Required">True when a connection must give it.</param>
/// <param name="Default">Value when absent; null for none. Objects are merged member by member.</param>
/// <param name="Pattern">Regular expression for strings.</param>
/// <param name="Allowed">Allowed strings; empty for any.</param>
/// <param name="Help">One sentence for people.</param>
internal sealed record SettingDefinition(
    string Name, string Type, bool Required, JsonElement? Default, string? Pattern, IReadOnlyList<string> Allowed, string Help)
{
    /// <summary>When a connection must give it, as a condition over its other settings; null for a setting without one.</summary>
    public SettingNeed? RequiredWhen { get; init; }
}

/// <summary>When a setting must be given.</summary>
/// <param name="Condition">Over <c>settings</c>, in which a secret that is given is a text, and one that is not is null.</param>
/// <param name="Written">The condition as its author wrote it.</param>
internal sealed record SettingNeed(CompiledMapping Condition, string Written)
{
    private const string Given = "given";

    /// <summary>Whether the condition is true.</summary>
    /// <param name="settings">The settings that are no secrets.</param>
    /// <param name="secrets">Names of the secret settings that are given.</param>
    /// <exception cref="MappingException">The condition failed.</exception>
    public bool Holds(JsonObject settings, IEnumerable<string> secrets)
    {
        JsonObject seen = settings.DeepClone().AsObject();
        foreach (string secret in secrets)
        {
            seen[secret] = Given;
        }
        return Condition.Evaluate(new Dictionary<string, JsonElement> { ["settings"] = ConnectorJson.ToElement(seen) }) is JsonValue flag && flag.TryGetValue(out bool needed) && needed;
    }
}

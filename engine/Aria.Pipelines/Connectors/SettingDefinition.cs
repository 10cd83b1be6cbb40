using System.Text.Json;

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
    string Name, string Type, bool Required, JsonElement? Default, string? Pattern, IReadOnlyList<string> Allowed, string Help);

using System.Text.Json.Nodes;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>A member that a definition object may have.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Kind">JSON Schema of its value, with description, example and default.</param>
/// <param name="IsRequired">True when the reader reports its absence.</param>
internal sealed record Member(string Name, JsonObject Kind, bool IsRequired)
{
    public static Member Required(string name, JsonObject kind) => new(name, kind, true);

    public static Member Optional(string name, JsonObject kind) => new(name, kind, false);
}

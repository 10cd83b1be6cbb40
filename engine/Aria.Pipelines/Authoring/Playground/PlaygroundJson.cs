using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Aria.Pipelines.Authoring.Playground;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class PlaygroundJson : JsonSerializerContext;

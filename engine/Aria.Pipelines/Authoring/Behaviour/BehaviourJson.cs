using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Aria.Pipelines.Authoring.Behaviour;

[JsonSerializable(typeof(JsonNode))]
internal sealed partial class BehaviourJson : JsonSerializerContext;

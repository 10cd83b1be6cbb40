using System.Text.Json.Serialization;

namespace Aria.Pipelines.Mapping.Inference;

[JsonSerializable(typeof(string))]
internal sealed partial class ShapeJson : JsonSerializerContext;

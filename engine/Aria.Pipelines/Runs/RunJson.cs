using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Runs;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Diagnostic))]
internal sealed partial class RunJson : JsonSerializerContext;

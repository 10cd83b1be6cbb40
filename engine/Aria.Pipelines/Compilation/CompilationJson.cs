using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Aria.Pipelines.Compilation;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CompilationJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Aria.Pipelines.Compilation.Rules;

[JsonSerializable(typeof(string))]
internal sealed partial class RuleJson : JsonSerializerContext;

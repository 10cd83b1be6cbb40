using System.Text.Json.Serialization;

namespace Aria.Pipelines.Plugins.Versioned;

/// <summary>Serialization without reflection, whose caches would keep the load context.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class VersionedJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aria.Pipelines.Connectors;

/// <summary>A request whose bytes no longer change (R3), as it is stored: no credentials.</summary>
/// <param name="Method">HTTP method; empty when the operation is its reads alone.</param>
/// <param name="Url">Absolute URL; empty when the operation is its reads alone.</param>
/// <param name="Headers">Headers in order.</param>
/// <param name="Body">Body bytes.</param>
/// <param name="Reads">Values of the prerequisite reads, which the output mapping may need.</param>
internal sealed record FrozenRequest(
    string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, JsonElement Reads)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, FrozenRequestJson.Default.FrozenRequest);

    public static FrozenRequest FromBytes(byte[] bytes) =>
        JsonSerializer.Deserialize(bytes, FrozenRequestJson.Default.FrozenRequest) ?? throw new JsonException("A frozen request is null.");
}

[JsonSerializable(typeof(FrozenRequest))]
internal sealed partial class FrozenRequestJson : JsonSerializerContext;

namespace Aria.Pipelines.Abstractions;

/// <summary>A request to be sent by the host.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Url">Absolute URL. The host refuses targets that the environment does not allow.</param>
/// <param name="Headers">Headers in order. A value with a line break is refused (<c>invalid_header_value</c>).</param>
/// <param name="Body">Body bytes; empty for none.</param>
public sealed record ConnectorRequest(
    string Method,
    Uri Url,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body);

namespace Aria.Pipelines.Abstractions;

/// <summary>A complete answer of a remote system.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Headers">Header values by name; names compare case-insensitively.</param>
/// <param name="Body">Body bytes after transport decoding; at most the host's response limit (10 MiB).</param>
public sealed record ConnectorResponse(
    int Status,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Headers,
    ReadOnlyMemory<byte> Body);

namespace Aria.Pipelines.Abstractions;

/// <summary>The raw bytes of one incoming request.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Headers">Header values by name; names compare case-insensitively, several values stay apart.</param>
/// <param name="Query">Query parameters by name, undecoded multiplicity kept.</param>
/// <param name="Body">The body as it came, before any decoding of text.</param>
/// <param name="ReceivedUtc">When the host had read it.</param>
public sealed record Delivery(
    string Method,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Headers,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Query,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset ReceivedUtc);

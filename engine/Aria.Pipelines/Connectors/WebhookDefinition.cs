namespace Aria.Pipelines.Connectors;

/// <summary>How a connector's webhooks arrive.</summary>
internal sealed record WebhookDefinition
{
    /// <summary>Null when code verifies, or when the source signs nothing.</summary>
    public SignatureDefinition? Signature { get; init; }

    /// <summary>Setting of type secret that holds the token in the URL, for a source that signs nothing; null otherwise.</summary>
    public string? TokenSetting { get; init; }

    /// <summary>True when the connector's code verifies.</summary>
    public bool VerifiedByCode { get; init; }

    /// <summary>True when the connector's code turns the body into JSON.</summary>
    public bool DecodedByCode { get; init; }

    /// <summary>True when the source may send its bodies as gzip. They are unpacked first: what is verified, told apart and stored is what was packed.</summary>
    public bool Compressed { get; init; }

    /// <summary>Status that tells the sender it was accepted.</summary>
    public int AckStatus { get; init; } = 200;

    /// <summary>Headers that belong to the event: with any, its payload is <c>{ headers, body }</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>How the sender makes sure of the receiver before it sends; null when it does not.</summary>
    public HandshakeDefinition? Handshake { get; init; }

    /// <summary>JSON pointer to an array of events; null when the body is one event.</summary>
    public string? Split { get; init; }

    /// <summary>JSON pointer, in one event, to the vendor's word for its type.</summary>
    public required string TypePointer { get; init; }

    /// <summary>Wire types that only test the connection: acknowledged, kept as raw events, never start a run.</summary>
    public IReadOnlyList<string> Pings { get; init; } = [];

    /// <summary>Parts whose bytes make the dedupe key: <c>body</c>, or JSON pointers into the event. Only signed content is allowed.</summary>
    public IReadOnlyList<string> Dedupe { get; init; } = ["body"];
}

/// <summary>A request that holds no event: it is answered with the same header, and nothing is stored.</summary>
/// <param name="Header">Header that is echoed.</param>
/// <param name="Status">Status of the answer.</param>
internal sealed record HandshakeDefinition(string Header, int Status);

/// <summary>A signature over ordered parts.</summary>
/// <param name="Carrier">What carries it: the name of a header, or <c>pointer:/…</c> for a place in the body.</param>
/// <param name="Prefixes">Prefixes to strip, tried in order; an empty string allows none.</param>
/// <param name="Algorithm"><c>hmac-sha256</c>, <c>hmac-sha512</c> or <c>hmac-sha1</c>.</param>
/// <param name="Encoding"><c>hex</c> or <c>base64</c>.</param>
/// <param name="SecretSetting">Setting of type secret whose active values are tried.</param>
/// <param name="Parts">Signed parts in order: <c>body</c>, <c>header:Name</c> (<c>header:Name?</c> where an absent one counts as an empty text), <c>literal:text</c>, <c>pointer:/place</c> for a scalar in the body.</param>
/// <param name="Timestamp">A header with a Unix time in seconds, or <c>pointer:/…</c> to one in milliseconds, checked against <paramref name="Tolerance"/>; null for none.</param>
/// <param name="Tolerance">How far that time may be off.</param>
internal sealed record SignatureDefinition(
    string Carrier,
    IReadOnlyList<string> Prefixes,
    string Algorithm,
    string Encoding,
    string SecretSetting,
    IReadOnlyList<string> Parts,
    string? Timestamp,
    TimeSpan Tolerance)
{
    /// <summary>Begins the name of a place in the body.</summary>
    public const string Pointer = "pointer:";

    /// <summary>False when only some values of the body are signed: then the others have to be read from the system itself.</summary>
    public bool CoversBody => Parts.Contains("body");

    /// <summary>Separates several signatures in the header, of which one has to be good; null when there is only one.</summary>
    public string? Separator { get; init; }
}

using System.Text.Json;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>How a connector's webhooks arrive.</summary>
internal sealed record WebhookDefinition
{
    /// <summary>Null when code verifies, or when the source signs nothing.</summary>
    public SignatureDefinition? Signature { get; init; }

    /// <summary>The signed token that deliveries carry; null for a source that proves itself in another way.</summary>
    public JwtDefinition? Jwt { get; init; }

    /// <summary>The token of a source that signs nothing; null for one that signs.</summary>
    public TokenPlace? Token { get; init; }

    /// <summary>Setting with the secrets that deliveries are verified with; null when only code knows.</summary>
    public string? SecretSetting => Signature?.SecretSetting ?? Jwt?.SecretSetting ?? Token?.Setting;

    /// <summary>True when the connector's code verifies.</summary>
    public bool VerifiedByCode { get; init; }

    /// <summary>True when the connector's code turns the body into JSON.</summary>
    public bool DecodedByCode { get; init; }

    /// <summary>True when the source may send its bodies as gzip. They are unpacked first: what is verified, told apart and stored is what was packed.</summary>
    public bool Compressed { get; init; }

    /// <summary>Status that tells the sender it was accepted.</summary>
    public int AckStatus { get; init; } = 200;

    /// <summary>What the sender wants to read in the answer; null for the engine's own.</summary>
    public JsonElement? AckBody { get; init; }

    /// <summary>How a form becomes JSON; null when bodies are JSON.</summary>
    public FormDefinition? Form { get; init; }

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

    /// <summary>Condition over <c>payload</c>: the same for what only its content tells; null for none.</summary>
    public CompiledMapping? PingWhen { get; init; }

    /// <summary>Parts whose bytes make the dedupe key: <c>body</c>, or JSON pointers into the event. Only signed content is allowed.</summary>
    public IReadOnlyList<string> Dedupe { get; init; } = ["body"];

    /// <summary>Where a delivery has to prove that it is authentic, and with which setting, for people on this side; null when only code knows.</summary>
    public string? Proof => this switch
    {
        { Signature: { } signature } =>
            $"The signature is looked for in {(signature.JsonPointer is { } pointer ? InBody(pointer) : InHeader(signature.Header))} and made with the secret in the setting '{signature.SecretSetting}'.{Time(signature.Timestamp)}",
        { Jwt: { } jwt } =>
            $"The token is looked for in {(jwt.Header is { } header ? InHeader(header) : InQuery(jwt.Query!))} and checked with the secret in the setting '{jwt.SecretSetting}'.",
        { Token: { } token } => $"The token is looked for in {Place(token)} and has to be the secret in the setting '{token.Setting}'.",
        _ => null,
    };

    private static string Time(TimestampDefinition? time)
    {
        string? place = time switch
        {
            null => null,
            { JsonPointer: { } pointer } => InBody(pointer),
            { Prefix: { } prefix } => $"'{prefix}' of the same header",
            _ => InHeader(time.Header ?? ""),
        };
        return place is null ? "" : $" Its time is looked for in {place} and may be {time!.Tolerance.TotalSeconds:0} s off.";
    }

    private static string Place(TokenPlace token) => token.Kind switch
    {
        TokenKind.Url => "the end of the URL",
        TokenKind.Query => InQuery(token.Name),
        TokenKind.Json => InBody(token.Name),
        TokenKind.Basic => "the header 'Authorization' (Basic)",
        _ => InHeader(token.Name),
    };

    private static string InHeader(string name) => $"the header '{name}'";

    private static string InQuery(string name) => $"the parameter '{name}' of the query";

    private static string InBody(string pointer) => $"'{pointer}' of the body";
}

/// <summary>A request that holds no event: it is answered with the same header, and nothing is stored.</summary>
/// <param name="Header">Header that is echoed.</param>
/// <param name="Status">Status of the answer.</param>
internal sealed record HandshakeDefinition(string Header, int Status);

/// <summary>A JSON Web Token that deliveries carry.</summary>
/// <param name="Header">Header that holds it; null when it is in the query.</param>
/// <param name="Query">Parameter of the query that holds it; null when it is in a header.</param>
/// <param name="Algorithm">The one that is accepted, in the words of RFC 7518.</param>
/// <param name="SecretSetting">Setting of type secret: the shared secret, or the vendor's public key as PEM; all active values are tried.</param>
internal sealed record JwtDefinition(string? Header, string? Query, string Algorithm, string SecretSetting)
{
    /// <summary>What stands before the token.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How far <c>iat</c> may be off; null when only <c>exp</c> ends a token.</summary>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>What claims have to say: mappings over <c>settings</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, CompiledMapping>> Claims { get; init; } = [];

    /// <summary>The claim that holds the SHA-256 of the body.</summary>
    public required string BodyClaim { get; init; }

    /// <summary>How it is written: hex, base64, base64url.</summary>
    public required string BodyEncoding { get; init; }
}

/// <summary>A token that deliveries carry.</summary>
/// <param name="Setting">Setting of type secret whose active values are good.</param>
/// <param name="Kind">Where it is.</param>
/// <param name="Name">The header, the query parameter, or the JSON pointer into the body.</param>
internal sealed record TokenPlace(string Setting, TokenKind Kind, string Name);

internal enum TokenKind
{
    /// <summary>It ends the URL.</summary>
    Url,

    /// <summary>A header is the token.</summary>
    Header,

    /// <summary>A parameter of the query is.</summary>
    Query,

    /// <summary>A member of the body is.</summary>
    Json,

    /// <summary>HTTP Basic; the secret is <c>user:password</c>.</summary>
    Basic,
}

/// <summary>A form as an event: an object with a text for each field, a list for one that comes several times.</summary>
/// <param name="Json">Fields whose text is JSON.</param>
internal sealed record FormDefinition(IReadOnlyList<string> Json);

/// <summary>A signature over ordered parts.</summary>
/// <param name="Header">Header that carries it; empty when <see cref="JsonPointer"/> says where it is.</param>
/// <param name="Prefixes">Prefixes to strip, tried in order; an empty string allows none.</param>
/// <param name="Algorithm"><c>hmac-sha256</c>, <c>hmac-sha512</c> or <c>hmac-sha1</c>.</param>
/// <param name="Encoding"><c>hex</c>, <c>base64</c>, or <c>base64hex</c> for base64 of the hexadecimal text.</param>
/// <param name="SecretSetting">Setting of type secret whose active values are tried.</param>
/// <param name="Parts">Signed parts in order: <c>body</c>, <c>timestamp</c>, <c>json:/pointer</c> into the body, <c>header:Name</c> (<c>header:Name?</c> where an absent one counts as an empty text), <c>literal:text</c>.</param>
/// <param name="Timestamp">The signed time that has to be recent; null for none.</param>
internal sealed record SignatureDefinition(
    string Header,
    IReadOnlyList<string> Prefixes,
    string Algorithm,
    string Encoding,
    string SecretSetting,
    IReadOnlyList<string> Parts,
    TimestampDefinition? Timestamp)
{
    /// <summary>Where the body holds the signature; null when a header carries it.</summary>
    public string? JsonPointer { get; init; }

    /// <summary>How a secret becomes the key: <c>utf8</c>, <c>hex</c> or <c>base64</c>.</summary>
    public string KeyEncoding { get; init; } = "utf8";

    /// <summary>Text between several signatures in the header, of which one has to be good; null when there is one.</summary>
    public string? Separator { get; init; }
}

/// <summary>A signed time since 1970.</summary>
/// <param name="Header">Header that holds it; null when it is elsewhere.</param>
/// <param name="JsonPointer">Where the body holds it; null when it is elsewhere.</param>
/// <param name="Prefix">What stands before it in the list of signatures (<c>t=</c>); null when it is elsewhere.</param>
/// <param name="InMilliseconds">True for milliseconds, false for seconds.</param>
/// <param name="Tolerance">How far it may be off.</param>
internal sealed record TimestampDefinition(string? Header, string? JsonPointer, string? Prefix, bool InMilliseconds, TimeSpan Tolerance);

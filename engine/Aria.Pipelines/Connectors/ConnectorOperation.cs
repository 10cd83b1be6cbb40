using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Something a connector can do.</summary>
internal sealed record ConnectorOperation
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>What may be done when the outcome is unknown, when it does not depend on a setting.</summary>
    public required EffectClass Effect { get; init; }

    /// <summary>Name of the setting that holds the effect class; null when <see cref="Effect"/> stands.</summary>
    public string? EffectSetting { get; init; }

    public required JsonElement InputSchema { get; init; }

    public required ISchema Input { get; init; }

    /// <summary>Reads that come first, in order; each sees the ones before it under <c>reads</c>.</summary>
    public IReadOnlyList<ConnectorRead> Reads { get; init; } = [];

    /// <summary>Reasons to stop before anything is sent.</summary>
    public IReadOnlyList<OperationRefusal> Refusals { get; init; } = [];

    /// <summary>The request; null when the reads are all there is, or when code prepares it.</summary>
    public RequestTemplate? Request { get; init; }

    /// <summary>The changes it makes, when it makes several; empty for an operation of one request.</summary>
    public IReadOnlyList<OperationPart> Parts { get; init; } = [];

    /// <summary>True when the connector's code prepares the request and reads the answer.</summary>
    public bool PreparedByCode { get; init; }

    /// <summary>Mapping over <c>input</c>, <c>settings</c>, <c>reads</c> and <c>response</c>, or of an operation with parts over <c>input</c>, <c>settings</c> and <c>parts</c>, to the output.</summary>
    public CompiledMapping? Output { get; init; }

    /// <summary>What its output has to look like; null when the connector does not say. An output that does not fit is a warning of its step.</summary>
    public ISchema? OutputSchema { get; init; }

    /// <summary>Template over <c>input</c> and <c>output</c>, giving the id of the thing made.</summary>
    public CompiledMapping? Reference { get; init; }

    /// <summary>An example output, used by plans and tests.</summary>
    public required JsonElement Sample { get; init; }

    public LookupDefinition? Lookup { get; init; }

    /// <summary>Header that carries the idempotency key; null when there is none.</summary>
    public string? IdempotencyHeader { get; init; }

    /// <summary>How long the remote system keeps an idempotency key.</summary>
    public TimeSpan IdempotencyValidity { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Subjects whose cached reads this operation makes stale: templates over <c>input</c>.</summary>
    public IReadOnlyList<CompiledMapping> Touches { get; init; } = [];

    /// <summary>Where each input ends up in the external system, for inputs of which the connector says so: field, note, tag, …</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Destinations { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Scopes that the account needs for it, in the vendor's words.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Events of the same connector that it makes happen.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>The class that holds for a connection; of several parts the one that leaves most to people.</summary>
    public EffectClass EffectFor(Connection connection)
    {
        if (Parts.Count > 0)
        {
            return Parts.Max(p => p.Operation.EffectFor(connection));
        }
        if (EffectSetting is null || !connection.Settings.TryGetProperty(EffectSetting, out JsonElement value))
        {
            return Effect;
        }
        return Enum.TryParse(value.GetString(), ignoreCase: true, out EffectClass effect) ? effect : Effect;
    }
}

/// <summary>A read that an operation needs first.</summary>
/// <param name="Id">Its name under <c>reads</c>.</param>
/// <param name="Request">The request.</param>
/// <param name="Items">JSON pointer to the records of a page, when all pages are followed and their arrays concatenated; null for one answer.</param>
/// <param name="CacheFor">How long the answer may be used again; null for never.</param>
/// <param name="CacheSubject">Template over <c>input</c> and <c>reads</c>: the subject whose change makes it stale; null for none.</param>
/// <param name="Value">Mapping over <c>response</c> to what stands under <c>reads</c>; null for the body.</param>
/// <param name="Sample">An example value, used by plans.</param>
internal sealed record ConnectorRead(
    string Id, RequestTemplate Request, string? Items, TimeSpan? CacheFor, CompiledMapping? CacheSubject, CompiledMapping? Value, JsonElement Sample)
{
    /// <summary>Condition over <c>input</c>, <c>settings</c> and <c>reads</c>: when it gives false, nothing is requested and the value is null. Null means always.</summary>
    public CompiledMapping? When { get; init; }

    /// <summary>True when 404 and 410 give null instead of a failure.</summary>
    public bool IsOptional { get; init; }

    /// <summary>How to wait for its answer; null when it is there at once.</summary>
    public ReadyDefinition? Ready { get; init; }
}

/// <summary>A reason not to send: a mapping giving null, a message, or a list of messages.</summary>
internal sealed record OperationRefusal(string Code, string Fault, CompiledMapping Message);

/// <summary>How to find out whether a change was made (class look-up).</summary>
/// <param name="Request">The search; sees <c>input</c>, <c>settings</c>, <c>reads</c> and <c>effect.key</c>.</param>
/// <param name="Items">JSON pointer to the records of a page, when all pages are followed; null for one answer.</param>
/// <param name="Found">Mapping over the same and <c>response</c>: the operation's output when found, null when not.</param>
/// <param name="Delay">How long a change may stay invisible to the search.</param>
internal sealed record LookupDefinition(RequestTemplate Request, string? Items, CompiledMapping Found, TimeSpan Delay);

/// <summary>A request as templates over <c>input</c>, <c>settings</c> (no secrets), <c>reads</c> and <c>effect.key</c>.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Appended to the base URL, or an absolute URL. Values are escaped as path segments.</param>
/// <param name="Query">Query parameters; a null value leaves one out, an array is written as <see cref="Arrays"/> says.</param>
/// <param name="Headers">Further headers.</param>
/// <param name="Body">What is sent, written as <see cref="Payload"/> says; null for nothing.</param>
internal sealed record RequestTemplate(
    string Method,
    CompiledMapping Path,
    IReadOnlyList<KeyValuePair<string, CompiledMapping>> Query,
    IReadOnlyList<KeyValuePair<string, CompiledMapping>> Headers,
    CompiledMapping? Body)
{
    /// <summary>How the body is written.</summary>
    public PayloadKind Payload { get; init; }

    /// <summary>How a query parameter or form field with several values is written.</summary>
    public ArrayStyle Arrays { get; init; }
}

internal enum PayloadKind
{
    /// <summary>As JSON.</summary>
    Json,

    /// <summary>An object as <c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary>An object as <c>multipart/form-data</c>: texts, and files as <c>{ filename, type, text | base64 }</c>.</summary>
    Multipart,

    /// <summary>A text as it is; its <c>Content-Type</c> is a header of the request.</summary>
    Text,
}

internal enum ArrayStyle
{
    /// <summary><c>a=1&amp;a=2</c></summary>
    Repeat,

    /// <summary><c>a[]=1&amp;a[]=2</c></summary>
    Brackets,

    /// <summary><c>a=1,2</c></summary>
    Comma,
}

using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>How requests carry credentials. Templates see <c>settings</c> with secrets; nothing of it is stored.</summary>
internal abstract record AuthDefinition
{
    /// <summary>HTTP Basic.</summary>
    public sealed record Basic(CompiledMapping User, CompiledMapping Password) : AuthDefinition;

    /// <summary><c>Authorization: Bearer</c>.</summary>
    public sealed record Bearer(CompiledMapping Token) : AuthDefinition;

    /// <summary>Keys that do not change: in headers, in the query, in the body, or in several of them.</summary>
    public sealed record Keys(CredentialPlaces Places) : AuthDefinition;

    /// <summary>Requests to log in, whose answers give the credentials.</summary>
    /// <param name="Steps">The requests, in order; each sees the ones before it under <c>login</c>.</param>
    /// <param name="Places">Where the credentials go; sees <c>settings</c> and <c>login</c>.</param>
    /// <param name="BaseUrl">Stands for the base URL of the connector in requests; null when the login does not give one.</param>
    /// <param name="Life">How long a login holds.</param>
    public sealed record Login(IReadOnlyList<LoginStep> Steps, CredentialPlaces Places, CompiledMapping? BaseUrl, LoginLife Life) : AuthDefinition
    {
        /// <summary>The setting of type secret that a step replaces by what the system gives; null when none does.</summary>
        public string? Rotated => Steps.Select(s => s.Rotates?.Key).FirstOrDefault(r => r is not null);

        /// <summary>True for one request that is answered as RFC 6749 says.</summary>
        public bool IsGrant { get; init; }
    }

    /// <summary>The connector's code adds credentials.</summary>
    public sealed record ByCode : AuthDefinition;
}

/// <summary>Where credentials go, in order; a null value leaves one out.</summary>
/// <param name="Headers">Headers by name.</param>
/// <param name="Query">Query parameters.</param>
/// <param name="Body">Members of a JSON object or form that is sent; a request without a body carries none.</param>
internal sealed record CredentialPlaces(
    IReadOnlyList<KeyValuePair<string, CompiledMapping>> Headers,
    IReadOnlyList<KeyValuePair<string, CompiledMapping>> Query,
    IReadOnlyList<KeyValuePair<string, CompiledMapping>> Body);

/// <summary>One request of a login.</summary>
/// <param name="Id">Its name under <c>login</c>.</param>
/// <param name="Request">Sees <c>settings</c> with secrets, and <c>login</c>.</param>
internal sealed record LoginStep(string Id, RequestTemplate Request)
{
    /// <summary>How findings name it.</summary>
    public required string Title { get; init; }

    /// <summary>Condition over <c>settings</c> and <c>login</c>; when it is not true the step is left out. Null for always.</summary>
    public CompiledMapping? When { get; init; }

    /// <summary>Statuses that are success; empty for 2xx.</summary>
    public IReadOnlyList<int> Accept { get; init; } = [];

    /// <summary>True when its refusal only leaves <c>login.&lt;id&gt;</c> null.</summary>
    public bool Optional { get; init; }

    /// <summary>A setting of type secret, and the mapping over <c>response</c> to its next value; null when the step replaces none.</summary>
    public KeyValuePair<string, CompiledMapping>? Rotates { get; init; }

    /// <summary>Domains to which a 307 or 308 is followed, once, over <c>settings</c>; empty for none.</summary>
    public IReadOnlyList<CompiledMapping> Follow { get; init; } = [];
}

/// <summary>How long a login holds.</summary>
/// <param name="ExpiresAt">Over <c>login</c>: a time (ISO 8601, or seconds or milliseconds since 1970).</param>
/// <param name="ExpiresIn">Over <c>login</c>: a number of <paramref name="Unit"/>.</param>
/// <param name="Unit">What <paramref name="ExpiresIn"/> counts.</param>
/// <param name="MaxAge">The longest it is used, whatever the system says; null for no limit.</param>
internal sealed record LoginLife(CompiledMapping? ExpiresAt, CompiledMapping? ExpiresIn, TimeSpan Unit, TimeSpan? MaxAge);

using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>How requests carry credentials. Templates see <c>settings</c> with secrets; nothing of it is stored.</summary>
internal abstract record AuthDefinition
{
    /// <summary>HTTP Basic.</summary>
    public sealed record Basic(CompiledMapping User, CompiledMapping Password) : AuthDefinition;

    /// <summary><c>Authorization: Bearer</c>.</summary>
    public sealed record Bearer(CompiledMapping Token) : AuthDefinition;

    /// <summary>OAuth 2.0 client credentials (RFC 6749 section 4.4).</summary>
    /// <param name="TokenUrl">Token endpoint.</param>
    /// <param name="ClientId">Client id.</param>
    /// <param name="ClientSecret">Client secret.</param>
    /// <param name="ClientInBody">True to send the client in the form body instead of Basic.</param>
    /// <param name="Form">Further form parameters; a null value leaves one out.</param>
    /// <param name="ExpiresAt">Member of the answer that holds an ISO 8601 time of expiry.</param>
    /// <param name="ExpiresIn">Member of the answer that holds the lifetime in seconds.</param>
    public sealed record ClientCredentials(
        CompiledMapping TokenUrl,
        CompiledMapping ClientId,
        CompiledMapping ClientSecret,
        bool ClientInBody,
        IReadOnlyList<KeyValuePair<string, CompiledMapping>> Form,
        string ExpiresAt,
        string ExpiresIn) : AuthDefinition;

    /// <summary>The connector's code adds credentials.</summary>
    public sealed record ByCode : AuthDefinition;
}

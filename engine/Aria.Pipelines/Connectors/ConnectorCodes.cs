namespace Aria.Pipelines.Connectors;

/// <summary>Codes of findings about <c>connector.json</c> beyond its shape (shape: <see cref="Aria.Pipelines.Definitions.DefinitionCodes"/>).</summary>
internal static class ConnectorCodes
{
    /// <summary>Written for another version of the contract between host and connector.</summary>
    public const string Contract = "ARIA3001";

    /// <summary>A name of a connector, setting, event, operation or read that does not follow the pattern.</summary>
    public const string Name = "ARIA3002";

    /// <summary>A setting that contradicts itself: default of another type, default for a secret, pattern that is no regular expression.</summary>
    public const string Setting = "ARIA3003";

    /// <summary>A setting is named that the connector does not declare, or that has the wrong type for its use.</summary>
    public const string UnknownSetting = "ARIA3004";

    /// <summary>A secret setting is used where values are stored or shown; secrets belong in <c>http.auth</c> only.</summary>
    public const string SecretOutsideAuth = "ARIA3005";

    /// <summary>The signature does not cover the body, or the dedupe key uses what it does not cover, so a replay could change it.</summary>
    public const string Unsigned = "ARIA3006";

    /// <summary>Two events have the same wire type.</summary>
    public const string DuplicateWireType = "ARIA3007";

    /// <summary>An operation of class look-up does not say how to find the change again.</summary>
    public const string LookupMissing = "ARIA3008";

    /// <summary>An operation of class keyed does not say where the idempotency key goes.</summary>
    public const string IdempotencyMissing = "ARIA3009";

    /// <summary>The connector's code is needed but is missing, or lacks the ability.</summary>
    public const string CodeMissing = "ARIA3010";

    /// <summary>The input schema is not a JSON Schema that the engine can check.</summary>
    public const string InputSchema = "ARIA3011";

    /// <summary>A paged request in a connector that does not declare paging.</summary>
    public const string PagingMissing = "ARIA3012";

    /// <summary>Parts that exclude or need each other, for example events without a webhook, or an operation without request and reads.</summary>
    public const string Contradiction = "ARIA3013";

    /// <summary>A sample is not JSON, or its type on the wire is not the event's.</summary>
    public const string Sample = "ARIA3014";

    /// <summary>A declared shape of an event or output that is no JSON Schema.</summary>
    public const string DeclaredSchema = "ARIA3017";

    /// <summary>The account does not have what a setting names; found by `aria lint --online`.</summary>
    public const string AccountDiffers = "ARIA4007";

    /// <summary>A check of the account that could not be made: no permission, no answer, wrong credentials.</summary>
    public const string NotChecked = "ARIA4008";

    /// <summary>A source is asked too often or too rarely.</summary>
    public const string PollInterval = "ARIA3015";

    /// <summary>Deliveries are known by a token in their URL alone (warning).</summary>
    public const string HookToken = "ARIA3016";
}

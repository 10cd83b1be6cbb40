using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>A connector, read, checked and compiled: all that the engine knows of an external system.</summary>
internal sealed record Connector
{
    private bool? _marksPersonal;

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required string Title { get; init; }

    public string Description { get; init; } = "";

    public required IReadOnlyDictionary<string, SettingDefinition> Settings { get; init; }

    public required HttpDefinition Http { get; init; }

    public WebhookDefinition? Webhook { get; init; }

    public required IReadOnlyDictionary<string, ConnectorEvent> Events { get; init; }

    public required IReadOnlyDictionary<string, ConnectorOperation> Operations { get; init; }

    /// <summary>Events, operations and members of the shared vocabulary that the external system does not have, by name.</summary>
    public IReadOnlyDictionary<string, Limitation> Limitations { get; init; } = new Dictionary<string, Limitation>();

    /// <summary>What has to exist in the system, shown when a connection is made.</summary>
    public IReadOnlyList<Provision> Provisions { get; init; } = [];

    /// <summary>
    /// What <c>aria lint --online</c> asks an account: operations of reads alone. Each gives null or a list of findings
    /// <c>{ setting, message, value, known, severity }</c>; see <see cref="ConnectionChecks"/>.
    /// </summary>
    public IReadOnlyList<ConnectorOperation> Checks { get; init; } = [];

    /// <summary>Members of its events and outputs that are about a person, as the ends of their paths: <c>candidate.email</c>.</summary>
    public IReadOnlyList<string> Personal { get; init; } = [];

    /// <summary>True when inputs say which of them are for personal data. Asked for every step of every pipeline, so it is found once.</summary>
    public bool MarksPersonal => _marksPersonal ??= Operations.Values.Any(o => o.InputSchema.GetRawText().Contains("\"personal\"", StringComparison.Ordinal));

    /// <summary>How its code is called.</summary>
    public CodeCalls Calls { get; } = new();

    /// <summary>What keeps its code loaded for as long as somebody holds the connector; null when there is nothing to keep.</summary>
    public object? Loaded { get; init; }

    /// <summary>The code half; null for a connector of JSON alone.</summary>
    public IConnector? Code { get; init; }
}

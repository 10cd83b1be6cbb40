using System.Net;

namespace Aria.Pipelines.Definitions;

/// <summary>A connection as written in <c>connections/&lt;id&gt;.json</c>, or its overlay in an environment.</summary>
/// <param name="Id">Name of its file.</param>
/// <param name="Connector">The connector; null in an overlay.</param>
/// <param name="Settings">Settings as written, by name.</param>
/// <param name="Limit">Budget as written; null to use the connector's.</param>
/// <param name="Position">Where it begins.</param>
internal sealed record ConnectionDefinition(
    string Id, Reference? Connector, IReadOnlyDictionary<string, JsonCursor> Settings, LimitDefinition? Limit, SourcePosition Position)
{
    /// <summary>Scopes that the account was granted; null when nothing is said.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>References to the certificates of the authorities that it trusts; null for those of the machine.</summary>
    public JsonCursor? Trust { get; init; }

    /// <summary>When the account is left alone; null for the default.</summary>
    public BreakerDefinition? Breaker { get; init; }

    /// <summary>Networks that its deliveries may come from; null for any.</summary>
    public IReadOnlyList<IPNetwork>? AllowFrom { get; init; }
}

/// <summary>So many failures in a row open the breaker for a time.</summary>
internal sealed record BreakerDefinition(int Failures, TimeSpan OpenFor);

/// <summary>A request budget: so many requests in every rolling window.</summary>
internal sealed record LimitDefinition(int Requests, TimeSpan Window)
{
    /// <summary>Windows that hold beside it.</summary>
    public IReadOnlyList<LimitDefinition> Also { get; init; } = [];
}

/// <summary>An environment as written: what it allows, and overlays over connections.</summary>
internal sealed record EnvironmentDefinition(
    string Name, bool AllowLoopback, bool AllowPlainHttp, IReadOnlyDictionary<string, ConnectionDefinition> Connections, SourcePosition Position)
{
    /// <summary>An environment without a file: nothing is allowed beyond public HTTPS, nothing is overlaid.</summary>
    public static EnvironmentDefinition Strict(string name) =>
        new(name, false, false, new Dictionary<string, ConnectionDefinition>(), SourcePosition.None);
}

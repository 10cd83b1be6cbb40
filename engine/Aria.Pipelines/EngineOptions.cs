namespace Aria.Pipelines;

/// <summary>Where an engine finds what it works with.</summary>
public sealed record EngineOptions
{
    internal const int DefaultDeliveriesPerSecond = 2000;

    /// <summary>Folder of connections, environments and pipelines.</summary>
    public string Workspace { get; init; } = "pipelines";

    /// <summary>Folder of connectors.</summary>
    public string Plugins { get; init; } = "plugins";

    /// <summary>Folder of the store.</summary>
    public string Data { get; init; } = "data";

    /// <summary>Kind of the store: <c>sqlite</c> or <c>litedb</c>.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Environment whose overlay and secrets are used.</summary>
    public string Environment { get; init; } = "production";

    /// <summary>Tenant that owns the data. One workspace is one tenant.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>How many deliveries one source may make in a second before it is told to wait.</summary>
    public int DeliveriesPerSecond { get; init; } = DefaultDeliveriesPerSecond;

    /// <summary>
    /// True to take deliveries that other machines send without TLS: where a proxy ends it in a network of its own and cannot say so.
    /// </summary>
    public bool AcceptPlainHttp { get; init; }

    /// <summary>True to put changed definitions in force while the host runs; a set with errors is reported and the last good one stays.</summary>
    public bool Watch { get; init; }
}

namespace Aria.Pipelines.Sandbox.Faults;

/// <summary>A fault waiting for requests. An absent method or path prefix matches every request.</summary>
public sealed record Fault
{
    /// <summary>What happens.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>HTTP method to match, any case; null for all.</summary>
    public string? Method { get; init; }

    /// <summary>Prefix of the path to match, for example <c>/v3/notes</c>; null for all. A request to the control API never matches.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>How many requests it meets before it is used up. Default 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.Status"/>: the status answered. Default 503.</summary>
    public int Status { get; init; } = 503;

    /// <summary>For <see cref="FaultKind.Status"/>: the Retry-After header in seconds; null leaves it out.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>For <see cref="FaultKind.Delay"/>: how long to wait.</summary>
    public TimeSpan Delay { get; init; }
}

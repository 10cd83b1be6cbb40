namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>Which expiry members a token answer carries. The documentation shows <see cref="ExpiresAt"/>.</summary>
public enum GreenhouseTokenExpiry
{
    /// <summary><c>expires_at</c>, an ISO 8601 instant.</summary>
    ExpiresAt,

    /// <summary><c>expires_in</c>, seconds.</summary>
    ExpiresIn,

    /// <summary>Both.</summary>
    Both,
}

using System.Text.Json;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>One configured account of a connector, environment overlay applied.</summary>
/// <param name="Id">Name of its file.</param>
/// <param name="Connector">What it is an account of.</param>
/// <param name="Settings">Settings with defaults, without secrets.</param>
/// <param name="SecretNames">For each given setting of type secret, the names of its active secrets, newest first.</param>
/// <param name="Limit">Request budget; null for none.</param>
/// <param name="Policy">Which targets are allowed.</param>
internal sealed record Connection(
    string Id,
    Connector Connector,
    JsonElement Settings,
    IReadOnlyDictionary<string, IReadOnlyList<string>> SecretNames,
    BudgetLimit? Limit,
    TargetPolicy Policy)
{
    /// <summary>Scopes that the account was granted, as the connection says; null when it says nothing.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When it is left alone because its system does not answer.</summary>
    public BreakerTerms Breaker { get; init; } = BreakerTerms.Default;

    /// <summary>What its requests count against.</summary>
    public BudgetScope Budget => new(Id, Limit) { Breaker = Breaker };
}

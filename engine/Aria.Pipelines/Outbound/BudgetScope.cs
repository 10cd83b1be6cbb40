using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>Whose budget a request counts against.</summary>
/// <param name="Connection">Id of the connection: one account, shared by all pipelines.</param>
/// <param name="Limit">What the account may do; null for no limit of its own.</param>
internal sealed record BudgetScope(string Connection, BudgetLimit? Limit)
{
    /// <summary>Further windows that hold at the same time, such as a quota of the day.</summary>
    public IReadOnlyList<BudgetLimit> More { get; init; } = [];

    /// <summary>Who asks; pipelines that wait for one budget get equal shares. Null for nobody in particular.</summary>
    public string? Pipeline { get; init; }

    /// <summary>True when a person waits: the reserve may be used, and shares do not count.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>When the account is left alone.</summary>
    public BreakerTerms Breaker { get; init; } = BreakerTerms.Default;
}

using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>Whose budget a request counts against.</summary>
/// <param name="Connection">Id of the connection: one account, shared by all pipelines.</param>
/// <param name="Limit">What the account may do; null for no limit of its own.</param>
internal sealed record BudgetScope(string Connection, BudgetLimit? Limit);

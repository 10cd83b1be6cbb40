using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>What an account's handshakes need.</summary>
internal interface ITlsPolicies
{
    /// <summary>The targets that are allowed, what is shown to them and whom they have to be trusted by; or why nothing may be sent.</summary>
    /// <param name="connection">The account.</param>
    (TargetPolicy Policy, Exchange? Failure) Policy(Connection connection);
}

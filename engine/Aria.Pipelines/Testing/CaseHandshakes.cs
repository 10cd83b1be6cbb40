using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Testing;

/// <summary>Handshakes in cases: there are none, and no secret of a case is a certificate.</summary>
internal sealed class CaseHandshakes : ITlsPolicies
{
    public (TargetPolicy Policy, Exchange? Failure) Policy(Connection connection) => (connection.Policy, null);
}

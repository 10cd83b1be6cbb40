using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Testing;

/// <summary>The engine's own client, telling the targets of a case what each request is for. An operation that the case does not answer succeeds with its sample.</summary>
internal sealed class CaseClient(OperationClient client, CaseTargets targets) : IOperationClient
{
    public Task<Preparation> PrepareAsync(Connection connection, ConnectorOperation operation, JsonElement input, string effectKey, CancellationToken cancellationToken)
    {
        targets.Enter(new CaseCall(connection, operation, CasePhase.Reads));
        return client.PrepareAsync(connection, operation, input, effectKey, cancellationToken);
    }

    public Preparation PrepareOffline(Connection connection, ConnectorOperation operation, JsonElement input, string effectKey) =>
        client.PrepareOffline(connection, operation, input, effectKey);

    public async Task<OperationAnswer> SendAsync(
        Connection connection, ConnectorOperation operation, JsonElement input, byte[] frozenRequest, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        CaseCall call = targets.Enter(new CaseCall(connection, operation, CasePhase.Send));
        OperationAnswer answer = await client.SendAsync(connection, operation, input, frozenRequest, timeout, cancellationToken).ConfigureAwait(false);
        return call.IsSampled
            ? new OperationAnswer(OperationOutcome.Confirmed, operation.Sample, null, answer.Status, answer.Elapsed, null, null, null, answer.Response)
            : answer;
    }

    public Task<OperationAnswer> LookUpAsync(
        Connection connection, ConnectorOperation operation, JsonElement input, string effectKey, byte[] frozenRequest, CancellationToken cancellationToken)
    {
        targets.Enter(new CaseCall(connection, operation, CasePhase.LookUp));
        return client.LookUpAsync(connection, operation, input, effectKey, frozenRequest, cancellationToken);
    }
}

using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Plugins.Tests.Support;

/// <summary>No network: receiving a delivery needs none.</summary>
internal sealed class NoWayOut : IHttpPath, IRateBudgets
{
    public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<DateTimeOffset?> TakeAsync(Connection connection, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask BlockAsync(Connection connection, DateTimeOffset until, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ObserveRemainingAsync(Connection connection, int remaining, CancellationToken cancellationToken) => throw new NotSupportedException();
}

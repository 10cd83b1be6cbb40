using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Tests.Support;

/// <summary>Lends an ability that only computes what it needs: nothing.</summary>
internal sealed class LentHost : IConnectorHost
{
    public TimeProvider Time => TimeProvider.System;

    public JsonElement Settings { get; } = JsonDocument.Parse("{}").RootElement;

    public IReadOnlyList<string> Secret(string setting) => [];

    public void Log(DiagnosticSeverity severity, string text) => throw new NotSupportedException("A pure ability does not log.");

    public ValueTask<ConnectorResponse> SendAsync(ConnectorRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A pure ability does not send.");
}

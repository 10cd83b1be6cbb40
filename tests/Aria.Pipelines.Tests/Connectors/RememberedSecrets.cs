using System.Collections.Concurrent;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Rotated secrets in memory, in the order in which they were kept.</summary>
internal sealed class RememberedSecrets : IRotatedSecrets
{
    private readonly ConcurrentDictionary<(string Connection, string Setting), (string? Given, string Value)> _kept = new();

    public bool CanKeep { get; set; } = true;

    /// <summary>Everything that was kept.</summary>
    public ConcurrentQueue<string> Kept { get; } = [];

    public Task<string?> FindAsync(Connection connection, string setting, string? given, CancellationToken cancellationToken) =>
        Task.FromResult(_kept.TryGetValue((connection.Id, setting), out (string? Given, string Value) kept) && kept.Given == given ? kept.Value : given);

    public Task KeepAsync(Connection connection, string setting, string? given, string next)
    {
        Kept.Enqueue(next);
        _kept[(connection.Id, setting)] = (given, next);
        return Task.CompletedTask;
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Secrets that a system replaces whenever they are used, such as refresh tokens of which each is good for one login.</summary>
internal interface IRotatedSecrets
{
    /// <summary>False where nothing can be kept: then no such secret may be used, because its successor would be lost.</summary>
    bool CanKeep { get; }

    /// <summary>The newest value; the given one when nothing was kept, or when the operator has given another one since.</summary>
    Task<string?> FindAsync(Connection connection, string setting, string? given, CancellationToken cancellationToken);

    /// <summary>Keeps the next value, durably.</summary>
    Task KeepAsync(Connection connection, string setting, string? given, string next);
}

/// <summary>Keeps them in the store, encrypted. One that the store would not take is used all the same, and written with the next look.</summary>
internal sealed class StoredSecrets(IStore store, TimeProvider time) : IRotatedSecrets
{
    private readonly ConcurrentDictionary<(string Connection, string Setting), KeptSecret> _unwritten = new();

    public bool CanKeep => true;

    public async Task<string?> FindAsync(Connection connection, string setting, string? given, CancellationToken cancellationToken)
    {
        if (_unwritten.TryGetValue((connection.Id, setting), out KeptSecret? waiting))
        {
            await WriteAsync(connection, setting, waiting);
            return waiting.Origin == Origin(given) ? waiting.Value : given;
        }
        byte[]? bytes = await store.Cursors.ReadAsync(connection.Id, SecretCursor.Name(setting), cancellationToken);
        return bytes is not null && JsonSerializer.Deserialize(bytes, KeptJson.Default.KeptSecret) is { } kept && kept.Origin == Origin(given) ? kept.Value : given;
    }

    public Task KeepAsync(Connection connection, string setting, string? given, string next) => WriteAsync(connection, setting, new KeptSecret(Origin(given), next));

    private async Task WriteAsync(Connection connection, string setting, KeptSecret secret)
    {
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(secret, KeptJson.Default.KeptSecret);
        var kept = new Acceptance(connection.Id, "secret", time.GetUtcNow(), [], []) { Cursor = new CursorMove(SecretCursor.Name(setting), value, []) };
        try
        {
            // The one before is spent: whoever asked for it may go away, its successor has to stay.
            await store.AcceptAsync(kept, CancellationToken.None);
            _unwritten.TryRemove((connection.Id, setting), out _);
        }
        catch (StoreUnavailableException)
        {
            _unwritten[(connection.Id, setting)] = secret;
        }
    }

    private static string Origin(string? given) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")));
}

/// <summary>Where there is no store: what a system gives out could not be kept.</summary>
internal sealed class NoRotatedSecrets : IRotatedSecrets
{
    public bool CanKeep => false;

    public Task<string?> FindAsync(Connection connection, string setting, string? given, CancellationToken cancellationToken) => Task.FromResult(given);

    public Task KeepAsync(Connection connection, string setting, string? given, string next) =>
        throw new InvalidOperationException("A secret that cannot be kept must not be rotated.");
}

/// <param name="Origin">Hash of what the operator gave when the chain began; another one begins a new chain.</param>
/// <param name="Value">The newest value.</param>
internal sealed record KeptSecret(string Origin, string Value);

[JsonSerializable(typeof(KeptSecret))]
internal sealed partial class KeptJson : JsonSerializerContext;

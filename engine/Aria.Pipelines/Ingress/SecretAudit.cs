using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Ingress;

/// <summary>Writes to the audit chain which secrets were not found: each once for a connection, and again only when it was there meanwhile. Values are never seen here.</summary>
internal sealed class SecretAudit(AuditTrail trail, TimeProvider time) : ISecretAudit
{
    private readonly ConcurrentDictionary<(string Connection, string Secret), SecretName> _missing = new();

    public void Missing(Connection connection, string setting, SecretName secret)
    {
        if (!_missing.TryAdd((connection.Id, secret.Name), secret))
        {
            return;
        }
        DateTimeOffset now = time.GetUtcNow();
        var detail = new JsonObject { ["connection"] = connection.Id, ["setting"] = setting, ["secret"] = secret.Name };
        if (!secret.IsActive(now))
        {
            detail["notAfter"] = secret.End;
        }
        if (!trail.TryAdd(new AuditEntry(now, "secret.not_found", Encoding.UTF8.GetBytes(detail.ToJsonString()))))
        {
            Found(connection, secret);
        }
    }

    public void Found(Connection connection, SecretName secret) => _missing.TryRemove((connection.Id, secret.Name), out _);
}

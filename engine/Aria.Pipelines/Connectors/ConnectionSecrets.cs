using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Connectors;

/// <summary>Secret values of a connection, looked up each time so that a rotation holds at once.</summary>
internal sealed class ConnectionSecrets(ISecretSource source, TimeProvider time, ISecretAudit audit)
{
    // Shorter ones would mask ordinary words; and no account has more of them in use at a time.
    private const int LeastLearned = 8;
    private const int MostLearned = 16;

    private readonly ConcurrentDictionary<string, string[]> _learned = new();

    /// <summary>The active values of a secret setting, newest first; empty when it is not given, the host has none of them, or all have expired.</summary>
    public IReadOnlyList<string> Values(Connection connection, string setting) => Active(connection, Names(connection, setting));

    /// <summary>Records what a delivery lacked that could not be verified for want of a secret.</summary>
    public void Lacked(Connection connection, string setting) => _ = Lack(connection, setting, $"setting '{setting}'", Names(connection, setting));

    /// <summary>The settings with the secrets that <c>http.auth</c> refers to. Never stored, never shown.</summary>
    public JsonElement Settings(Connection connection)
    {
        JsonObject settings = JsonNode.Parse(connection.Settings.GetRawText())!.AsObject();
        foreach (string setting in connection.Connector.Http.AuthSecrets)
        {
            settings[setting] = Values(connection, setting) is [{ } newest, ..] ? newest : null;
        }
        return ConnectorJson.ToElement(settings);
    }

    /// <summary>Why requests cannot carry credentials: a secret that the connection names and of which there is no active value; null when none is missing.</summary>
    public Exchange? MissingForAuth(Connection connection)
    {
        foreach (string setting in connection.Connector.Http.AuthSecrets)
        {
            if (Lack(connection, setting, $"setting '{setting}'", Names(connection, setting)) is { } lack)
            {
                return Stopped(lack);
            }
        }
        return null;
    }

    /// <summary>Why a request cannot go without this secret.</summary>
    public Exchange NotFound(Connection connection, string setting) =>
        Stopped(Lack(connection, setting, $"setting '{setting}'", Names(connection, setting)) ?? $"Connection '{connection.Id}' does not give the setting '{setting}', which its login needs.");

    /// <summary>The certificates of the authorities that a connection trusts, as PEM texts.</summary>
    public IReadOnlyList<string> Trust(Connection connection) => Active(connection, connection.Trust);

    /// <summary>Why nobody can be trusted: there is no active value of the secrets that the connection names; null when there is one.</summary>
    public Exchange? MissingTrust(Connection connection) =>
        Lack(connection, Connection.TrustMember, $"'{Connection.TrustMember}'", connection.Trust) is { } lack ? Stopped(lack) : null;

    /// <summary>Remembers what a system gave as a secret, such as an access token, so that it is masked too.</summary>
    public void Learn(Connection connection, string value)
    {
        if (value.Length >= LeastLearned)
        {
            _learned.AddOrUpdate(connection.Id, [value], (_, known) => known.Contains(value) ? known : [value, .. known.Take(MostLearned - 1)]);
        }
    }

    /// <summary>Replaces every secret of the connection, expired ones too, in a text that came from outside.</summary>
    public string Mask(Connection connection, string text)
    {
        foreach (string value in connection.SecretNames.Values.SelectMany(names => names).Select(Find).OfType<string>().Concat(_learned.GetValueOrDefault(connection.Id, [])))
        {
            text = text.Replace(value, "***", StringComparison.Ordinal);
        }
        return text;
    }

    private static IReadOnlyList<SecretName> Names(Connection connection, string setting) => connection.SecretNames.GetValueOrDefault(setting, []);

    private static Exchange Stopped(string lack) => Exchange.NoCredentials("secret_not_found", lack, permanent: true);

    private string? Find(SecretName secret) => source.Find(secret.Name) is { Length: > 0 } value ? value : null;

    private List<string> Active(Connection connection, IReadOnlyList<SecretName> names)
    {
        DateTimeOffset now = time.GetUtcNow();
        var values = new List<string>(names.Count);
        foreach (SecretName secret in names.Where(n => n.IsActive(now)))
        {
            if (Find(secret) is { } value)
            {
                audit.Found(connection, secret);
                values.Add(value);
            }
        }
        return values;
    }

    /// <summary>What is missing and how to mend it, which is recorded; null when there is a value, or none is named.</summary>
    private string? Lack(Connection connection, string setting, string place, IReadOnlyList<SecretName> names)
    {
        if (names.Count == 0 || Active(connection, names).Count > 0)
        {
            return null;
        }
        foreach (SecretName secret in names)
        {
            audit.Missing(connection, setting, secret);
        }
        DateTimeOffset now = time.GetUtcNow();
        return names.FirstOrDefault(n => n.IsActive(now)) is { } wanted
            ? $"Secret '{wanted.Name}' of connection '{connection.Id}' ({place}) is missing or empty. Provide it here: {source.HowToProvide(wanted.Name)}."
            : $"Secret '{SecretFindings.Last(names)!.Name}' of connection '{connection.Id}' ({place}) expired at {SecretFindings.Last(names)!.End}. {SecretFindings.Renew}";
    }
}

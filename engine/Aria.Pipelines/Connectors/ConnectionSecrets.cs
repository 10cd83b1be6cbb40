using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Connectors;

/// <summary>Secret values of a connection, looked up each time so that a rotation holds at once.</summary>
internal sealed class ConnectionSecrets(ISecretSource source)
{
    // Shorter ones would mask ordinary words; and no account has more of them in use at a time.
    private const int LeastLearned = 8;
    private const int MostLearned = 16;

    private readonly ConcurrentDictionary<string, string[]> _learned = new();

    /// <summary>The active values of a secret setting, newest first; empty when it is not given or the host has none of them.</summary>
    public IReadOnlyList<string> Values(Connection connection, string setting) =>
        connection.SecretNames.TryGetValue(setting, out IReadOnlyList<string>? names)
            ? [.. names.Select(source.Find).OfType<string>().Where(v => v.Length > 0)]
            : [];

    /// <summary>The name of a secret that the connection refers to and the host does not have, and how to provide it; null when none is missing.</summary>
    public (string Name, string HowToProvide)? Missing(Connection connection, string setting) =>
        connection.SecretNames.TryGetValue(setting, out IReadOnlyList<string>? names) && names.Count > 0 && Values(connection, setting).Count == 0
            ? (names[0], source.HowToProvide(names[0]))
            : null;

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

    /// <summary>Why requests cannot carry credentials: a secret that the connection names and the host does not have; null when none is missing.</summary>
    public Exchange? MissingForAuth(Connection connection)
    {
        foreach (string setting in connection.Connector.Http.AuthSecrets)
        {
            if (Missing(connection, setting) is not null)
            {
                return NotFound(connection, setting);
            }
        }
        return null;
    }

    /// <summary>Why a request cannot go without this secret.</summary>
    public Exchange NotFound(Connection connection, string setting) => Exchange.NoCredentials(
        "secret_not_found",
        Missing(connection, setting) is var (name, how)
            ? $"Secret '{name}' of connection '{connection.Id}' (setting '{setting}') is missing or empty. Provide it here: {how}."
            : $"Connection '{connection.Id}' does not give the setting '{setting}', which its login needs.",
        permanent: true);

    /// <summary>The certificates of the authorities that a connection trusts, as PEM texts.</summary>
    public IReadOnlyList<string> Trust(Connection connection) => [.. connection.Trust.Select(source.Find).OfType<string>().Where(v => v.Length > 0)];

    /// <summary>Why nobody can be trusted: the host has none of the secrets that the connection names; null when it has one.</summary>
    public Exchange? MissingTrust(Connection connection) => connection.Trust is [{ } name, ..] && Trust(connection).Count == 0
        ? Exchange.NoCredentials("secret_not_found", $"Secret '{name}' of connection '{connection.Id}' ('trust') is missing or empty. Provide it here: {source.HowToProvide(name)}.", permanent: true)
        : null;

    /// <summary>Remembers what a system gave as a secret, such as an access token, so that it is masked too.</summary>
    public void Learn(Connection connection, string value)
    {
        if (value.Length >= LeastLearned)
        {
            _learned.AddOrUpdate(connection.Id, [value], (_, known) => known.Contains(value) ? known : [value, .. known.Take(MostLearned - 1)]);
        }
    }

    /// <summary>Replaces every secret of the connection in a text that came from outside.</summary>
    public string Mask(Connection connection, string text)
    {
        foreach (string value in connection.SecretNames.Keys.SelectMany(s => Values(connection, s)).Concat(_learned.GetValueOrDefault(connection.Id, [])))
        {
            text = text.Replace(value, "***", StringComparison.Ordinal);
        }
        return text;
    }
}

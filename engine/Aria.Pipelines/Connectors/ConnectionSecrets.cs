using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Connectors;

/// <summary>Secret values of a connection, looked up each time so that a rotation holds at once.</summary>
internal sealed class ConnectionSecrets(ISecretSource source)
{
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

    /// <summary>Replaces every secret of the connection in a text that came from outside.</summary>
    public string Mask(Connection connection, string text)
    {
        foreach (string value in connection.SecretNames.Keys.SelectMany(s => Values(connection, s)))
        {
            text = text.Replace(value, "***", StringComparison.Ordinal);
        }
        return text;
    }
}

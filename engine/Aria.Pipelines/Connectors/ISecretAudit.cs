namespace Aria.Pipelines.Connectors;

/// <summary>Is told of secrets without which a request or delivery could not go on.</summary>
internal interface ISecretAudit
{
    /// <summary>A connection names it, and there is no active value of it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="setting">The setting that names it, or <c>trust</c>.</param>
    /// <param name="secret">The secret.</param>
    void Missing(Connection connection, string setting, SecretName secret);

    /// <summary>It is there, perhaps again.</summary>
    void Found(Connection connection, SecretName secret);
}

/// <summary>Where there is no audit chain.</summary>
internal sealed class NoSecretAudit : ISecretAudit
{
    public void Missing(Connection connection, string setting, SecretName secret)
    {
    }

    public void Found(Connection connection, SecretName secret)
    {
    }
}

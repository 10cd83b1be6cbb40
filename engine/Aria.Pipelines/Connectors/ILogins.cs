using System.Text.Json;

namespace Aria.Pipelines.Connectors;

/// <summary>What a login gave, in memory only.</summary>
/// <param name="Login">The answers of its steps, by id: what templates see as <c>login</c>.</param>
/// <param name="Fingerprint">Of the settings and secrets it was made with.</param>
/// <param name="RenewAt">When it is made anew, a little before it expires.</param>
internal sealed record LoginSession(JsonElement Login, string Fingerprint, DateTimeOffset RenewAt);

/// <summary>Logs in.</summary>
internal interface ILogins
{
    /// <summary>A session, or why there is none; neither where requests need no credentials.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="login">How to log in.</param>
    /// <param name="refused">A session that the remote system has just refused; null when none was.</param>
    /// <param name="cancellationToken">Stops the waiting; a login that has begun is finished.</param>
    Task<(LoginSession? Session, Exchange? Failure)> GetAsync(Connection connection, AuthDefinition.Login login, LoginSession? refused, CancellationToken cancellationToken);
}

using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Testing;

/// <summary>Logins in cases: an OAuth grant is a request that a case may answer; what other logins look like is no part of a pipeline, so requests go without.</summary>
internal sealed class CaseLogins(LoginSessions sessions) : ILogins
{
    public Task<(LoginSession? Session, Exchange? Failure)> GetAsync(Connection connection, AuthDefinition.Login login, LoginSession? refused, CancellationToken cancellationToken) =>
        login.IsGrant ? sessions.GetAsync(connection, login, refused, cancellationToken) : Task.FromResult<(LoginSession?, Exchange?)>((null, null));
}

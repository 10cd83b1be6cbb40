using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Connectors;

/// <summary>What a connection lacks of the secrets that it names, before anything is sent.</summary>
internal static class SecretFindings
{
    /// <summary>What to do about a setting of which all secrets have expired.</summary>
    public const string Renew = "Write \"${secret:name}\" of the one that replaces it, or a later 'notAfter' if the system still takes it.";

    /// <summary>Secrets that the host does not have, and settings of which all secrets have expired. What has expired may be gone from the host.</summary>
    public static IEnumerable<Diagnostic> Of(Connection connection, ISecretSource secrets, DateTimeOffset now)
    {
        foreach ((string setting, IReadOnlyList<SecretName> names) in connection.Secrets)
        {
            string place = setting == Connection.TrustMember ? "'trust'" : $"the setting '{setting}'";
            SecretName[] active = [.. names.Where(n => n.IsActive(now))];
            if (active.Length == 0 && Last(names) is { } last)
            {
                SourcePosition at = connection.Place(setting);
                yield return new Diagnostic("secret_expired", DiagnosticSeverity.Warning,
                    $"Secret '{last.Name}', {place} of connection '{connection.Id}', expired at {last.End}.", Renew, at.File, at.Line, at.Column, DiagnosticFault.Operator);
            }
            foreach (SecretName missing in active.Where(n => string.IsNullOrEmpty(secrets.Find(n.Name))))
            {
                yield return new Diagnostic("secret_not_found", DiagnosticSeverity.Error,
                    $"Secret '{missing.Name}', {place} of connection '{connection.Id}', is missing or empty.", $"Provide it here: {secrets.HowToProvide(missing.Name)}.", null, null, null, DiagnosticFault.Operator);
            }
        }
    }

    /// <summary>The one that ended last; null when there is none.</summary>
    public static SecretName? Last(IEnumerable<SecretName> names) => names.MaxBy(n => n.NotAfter);
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Finds both sides of an account's handshakes, on logins and all other requests: the certificate that it shows of itself (mutual TLS), and the authorities that it trusts.</summary>
internal sealed class TlsPolicies(ConnectionSecrets secrets, TimeProvider time) : ITlsPolicies
{
    private readonly ConcurrentDictionary<(string Connection, string Certificate, string Key), ClientCertificate> _shown = new();
    private readonly ConcurrentDictionary<(string Connection, string Texts), TrustedAuthority> _trusted = new();

    /// <inheritdoc/>
    public (TargetPolicy Policy, Exchange? Failure) Policy(Connection connection)
    {
        (TargetPolicy policy, Exchange? failure) = Trusting(connection);
        return failure is null && connection.Connector.Http.Certificate is { } declared ? Showing(connection, declared, policy) : (policy, failure);
    }

    private (TargetPolicy Policy, Exchange? Failure) Trusting(Connection connection)
    {
        if (connection.Trust.Count == 0)
        {
            return (connection.Policy, null);
        }
        if (secrets.MissingTrust(connection) is { } missing)
        {
            return (connection.Policy, missing);
        }
        try
        {
            string[] texts = [.. secrets.Trust(connection)];
            return (connection.Policy with { Authority = _trusted.GetOrAdd((connection.Id, string.Join('\n', texts)), _ => TrustedAuthority.FromPem(texts)) }, null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return (connection.Policy, Exchange.NoCredentials("authority_unusable",
                $"The authority that connection '{connection.Id}' trusts cannot be used. Provide its certificate as PEM text (-----BEGIN CERTIFICATE----- …) in the secret '{string.Join("', '", connection.Trust.Select(t => t.Name))}'.", permanent: true));
        }
    }

    private (TargetPolicy Policy, Exchange? Failure) Showing(Connection connection, CertificateDefinition declared, TargetPolicy policy)
    {
        if (secrets.MissingForAuth(connection) is { } missing)
        {
            return (policy, missing);
        }
        try
        {
            Dictionary<string, JsonElement> values = new() { ["settings"] = secrets.Settings(connection) };
            string certificate = ConnectorJson.Text(declared.Certificate, values) ?? "";
            string key = ConnectorJson.Text(declared.Key, values) ?? "";
            ClientCertificate shown = _shown.GetOrAdd((connection.Id, certificate, key), k => ClientCertificate.FromPem(k.Certificate, k.Key));
            return time.GetUtcNow() < shown.Ends
                ? (policy with { Certificate = shown }, null)
                : (policy, Exchange.NoCredentials("certificate_expired", string.Create(CultureInfo.InvariantCulture,
                    $"The client certificate of connection '{connection.Id}' ({shown.Description}) has expired. Get a new one from the vendor, and provide it and its key in place of the old ones."), permanent: true));
        }
        catch (MappingException e)
        {
            return (policy, Exchange.NoCredentials(e.Diagnostic.Code, secrets.Mask(connection, e.Diagnostic.Summary), permanent: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return (policy, Exchange.NoCredentials("certificate_unusable",
                $"The client certificate of connection '{connection.Id}' or its key cannot be used. Provide both as PEM text (-----BEGIN CERTIFICATE----- …), the key without a password.", permanent: true));
        }
    }
}

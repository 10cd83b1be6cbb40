using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Finds the certificate that an account shows of itself (mutual TLS), on logins and all other requests.</summary>
internal sealed class ClientCertificates(ConnectionSecrets secrets)
{
    private readonly ConcurrentDictionary<(string Connection, string Certificate, string Key), ClientCertificate> _read = new();

    /// <summary>The targets that are allowed, and what is shown to them; or why nothing may be sent.</summary>
    public (TargetPolicy Policy, Exchange? Failure) Policy(Connection connection)
    {
        if (connection.Connector.Http.Certificate is not { } declared)
        {
            return (connection.Policy, null);
        }
        if (secrets.MissingForAuth(connection) is { } missing)
        {
            return (connection.Policy, missing);
        }
        try
        {
            Dictionary<string, JsonElement> values = new() { ["settings"] = secrets.Settings(connection) };
            string certificate = ConnectorJson.Text(declared.Certificate, values) ?? "";
            string key = ConnectorJson.Text(declared.Key, values) ?? "";
            ClientCertificate read = _read.GetOrAdd((connection.Id, certificate, key), k => ClientCertificate.FromPem(k.Certificate, k.Key));
            return (connection.Policy with { Certificate = read }, null);
        }
        catch (MappingException e)
        {
            return (connection.Policy, Exchange.NoCredentials(e.Diagnostic.Code, secrets.Mask(connection, e.Diagnostic.Summary), permanent: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return (connection.Policy, Exchange.NoCredentials("certificate_unusable",
                $"The client certificate of connection '{connection.Id}' or its key cannot be used. Provide both as PEM text (-----BEGIN CERTIFICATE----- …), the key without a password.", permanent: true));
        }
    }
}

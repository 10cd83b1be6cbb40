using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Workday;

/// <summary>
/// Workday's web services speak SOAP, whose credentials may stand in the envelope: neither can be said in <c>connector.json</c>. This writes
/// envelopes and reads them, and adds WS-Security, HTTP Basic (for reports) or a bearer token. What is asked and what answers mean is JSON.
/// </summary>
public sealed class WorkdayConnector : ITranslatesBodies, IAuthenticates
{
    private readonly AccessTokens _tokens = new();

    /// <inheritdoc/>
    /// <exception cref="FormatException">A member is no XML name, or a reference names nothing.</exception>
    public ReadOnlyMemory<byte> Write(JsonElement body) => Envelope.Write(body);

    /// <inheritdoc/>
    /// <exception cref="System.Xml.XmlException">The body begins as XML and is not well-formed, or has a DTD.</exception>
    public JsonElement Read(ConnectorResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Envelope.Read(response.Body);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A secret that this kind of login needs is not given; the log says which.</exception>
    public async ValueTask<ConnectorRequest> AuthenticateAsync(ConnectorRequest request, IConnectorHost host, bool refresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(host);
        if (host.Settings.GetProperty("login").GetString() != "usernameToken")
        {
            string token = await _tokens.GetAsync(host, refresh, cancellationToken).ConfigureAwait(false);
            return With(request, $"Bearer {token}");
        }
        string user = host.Settings.GetProperty("user").GetString()!;
        string full = $"{user}@{host.Settings.GetProperty("tenant").GetString()}";
        string password = SecretOf(host, "password");
        if (!request.Body.IsEmpty)
        {
            return request with { Body = Envelope.WithUser(request.Body, full, password) };
        }
        string login = host.Settings.GetProperty("reportLogin").GetString() == "tenant" ? full : user;
        return With(request, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}"))}");
    }

    /// <summary>A secret that has to be there; the log says which is not.</summary>
    internal static string SecretOf(IConnectorHost host, string setting)
    {
        if (host.Secret(setting) is [{ Length: > 0 } newest, ..])
        {
            return newest;
        }
        host.Log(DiagnosticSeverity.Error, $"The login that this connection chooses needs the setting '{setting}': give it as a reference to a secret.");
        throw new InvalidOperationException($"The setting '{setting}' is not given.");
    }

    private static ConnectorRequest With(ConnectorRequest request, string authorization) =>
        request with { Headers = [.. request.Headers, new("Authorization", authorization)] };
}

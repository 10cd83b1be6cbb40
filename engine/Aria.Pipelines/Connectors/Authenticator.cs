using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>A request with credentials, or why they could not be had.</summary>
/// <param name="Request">The request to send; null on failure.</param>
/// <param name="Policy">Where it may go, and what it shows of this side.</param>
/// <param name="Session">The login it carries, when that can be renewed.</param>
/// <param name="Failure">Why there is no request.</param>
internal sealed record Authenticated(ConnectorRequest? Request, TargetPolicy Policy, LoginSession? Session, Exchange? Failure);

/// <summary>Adds credentials to a request just before it is sent. They are never stored, and secrets are looked up each time.</summary>
internal sealed class Authenticator(ConnectionSecrets secrets, ITlsPolicies tls, ILogins logins, ConnectorHosts hosts)
{
    /// <summary>True when a refused login can be done again with another result.</summary>
    public static bool CanRenew(Connection connection) =>
        connection.Connector.Http.Auth is AuthDefinition.Login or AuthDefinition.ByCode;

    /// <summary>Adds credentials.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The request without credentials.</param>
    /// <param name="refused">What the remote system has just refused; null the first time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Authenticated> ApplyAsync(Connection connection, ConnectorRequest request, Authenticated? refused, CancellationToken cancellationToken)
    {
        (TargetPolicy policy, Exchange? unusable) = tls.Policy(connection);
        if (unusable is not null)
        {
            return new(null, policy, null, unusable);
        }
        if (connection.Connector.Http.Auth is not { } auth)
        {
            return new(request, policy, null, null);
        }
        if (auth is AuthDefinition.ByCode)
        {
            return await ApplyByCodeAsync(connection, request, policy, refused is not null, cancellationToken);
        }
        if (secrets.MissingForAuth(connection) is { } missing)
        {
            return new(null, policy, null, missing);
        }
        try
        {
            if (auth is AuthDefinition.Login login)
            {
                (LoginSession? session, Exchange? failure) = await logins.GetAsync(connection, login, refused?.Session, cancellationToken);
                return session is null ? new(failure is null ? request : null, policy, null, failure) : new(LoggedIn(connection, login, session, request), policy, session, null);
            }
            Dictionary<string, JsonElement> values = new() { ["settings"] = secrets.Settings(connection) };
            ConnectorRequest? ready = auth switch
            {
                AuthDefinition.Bearer bearer => With(request, new BearerMapping(bearer.Token), values),
                AuthDefinition.Basic basic => With(request, new BasicMapping(basic.User, basic.Password), values),
                AuthDefinition.Keys keys => Placed(connection, request, keys.Places, values),
                _ => throw new NotSupportedException($"Credentials of kind '{auth.GetType().Name}' are not known."),
            };
            return ready is null
                ? new(null, policy, null, Exchange.NoCredentials("secret_not_found", "The connection gives no token to authenticate with.", permanent: true))
                : new(ready, policy, null, null);
        }
        catch (MappingException e)
        {
            return new(null, policy, null, Exchange.NoCredentials(e.Diagnostic.Code, secrets.Mask(connection, e.Diagnostic.Summary), permanent: true));
        }
    }

    private ConnectorRequest LoggedIn(Connection connection, AuthDefinition.Login login, LoginSession session, ConnectorRequest request)
    {
        Dictionary<string, JsonElement> values = new() { ["settings"] = secrets.Settings(connection), ["login"] = session.Login };
        if (login.BaseUrl is { } mapping && ConnectorJson.Text(mapping, values)?.TrimEnd('/') is { Length: > 0 } given)
        {
            // Stored requests name the base URL of the connector: the one that a login gives is no more lasting than the login.
            string own = RequestBuilder.BaseUrl(connection);
            string url = request.Url.AbsoluteUri;
            if (url.StartsWith(own, StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(given + url[own.Length..], UriKind.Absolute, out Uri? there))
            {
                request = request with { Url = there };
            }
        }
        return Placed(connection, request, login.Places, values) ?? request;
    }

    /// <summary>The request with credentials in their places; null when there are none.</summary>
    private static ConnectorRequest? Placed(Connection connection, ConnectorRequest request, CredentialPlaces places, Dictionary<string, JsonElement> values)
    {
        KeyValuePair<string, string>[] headers = Given(places.Headers, values);
        KeyValuePair<string, string>[] query = Given(places.Query, values);
        KeyValuePair<string, string>[] body = Given(places.Body, values);
        if (headers.Length + query.Length + body.Length == 0)
        {
            return null;
        }
        if (query.Length > 0)
        {
            string url = request.Url.AbsoluteUri;
            string added = string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
            request = request with { Url = new Uri(url + (request.Url.Query.Length > 0 ? '&' : '?') + added) };
        }
        return request with
        {
            Headers = [.. request.Headers, .. headers.Select(h => KeyValuePair.Create(h.Key, RequestBuilder.CheckedHeader(connection, h.Key, h.Value)))],
            Body = body.Length == 0 || request.Body.Length == 0 ? request.Body : WithMembers(request, body),
        };
    }

    private static KeyValuePair<string, string>[] Given(IReadOnlyList<KeyValuePair<string, CompiledMapping>> places, Dictionary<string, JsonElement> values) =>
        [.. places.Select(p => KeyValuePair.Create(p.Key, ConnectorJson.Text(p.Value, values) ?? "")).Where(p => p.Value.Length > 0)];

    private static ReadOnlyMemory<byte> WithMembers(ConnectorRequest request, KeyValuePair<string, string>[] members)
    {
        string type = request.Headers.LastOrDefault(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        if (type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return (byte[])[.. request.Body.Span, .. Encoding.UTF8.GetBytes(string.Concat(members.Select(m => $"&{Uri.EscapeDataString(m.Key)}={Uri.EscapeDataString(m.Value)}")))];
        }
        if (StrictJson.Read(request.Body) is not { Code: null, Root: { ValueKind: JsonValueKind.Object } root })
        {
            return request.Body;
        }
        JsonObject body = JsonObject.Create(root)!;
        foreach ((string name, string value) in members)
        {
            body[name] = value;
        }
        return ConnectorJson.ToBytes(body);
    }

    private async Task<Authenticated> ApplyByCodeAsync(Connection connection, ConnectorRequest request, TargetPolicy policy, bool refresh, CancellationToken cancellationToken)
    {
        ConnectorHost host = hosts.For(connection);
        try
        {
            var code = (IAuthenticates)connection.Connector.Code!;
            ConnectorRequest result = await connection.Connector.Calls.LogInAsync(token => code.AuthenticateAsync(request, host, refresh, token), cancellationToken);
            // Only headers are taken: the frozen bytes stay what they are. A format of its own may carry credentials in the body; that is sent and forgotten.
            return new(request with { Headers = result.Headers, Body = connection.Connector.Http.BodiesByCode ? result.Body : request.Body }, policy, null, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            hosts.Failed(connection, nameof(IAuthenticates.AuthenticateAsync), e);
            if (host.Lacking is { } setting)
            {
                return new(null, policy, null, secrets.NotFound(connection, setting));
            }
            return new(null, policy, null, Exchange.NoCredentials("connector_failed", $"Code of connector '{connection.Connector.Name}' failed while it authenticated a request. {CodeStuckException.Said(e)}", permanent: false));
        }
    }

    private static ConnectorRequest? With(ConnectorRequest request, CompiledMapping authorization, Dictionary<string, JsonElement> values) =>
        ConnectorJson.Text(authorization, values) is { } value ? request with { Headers = [.. request.Headers, new("Authorization", value)] } : null;
}

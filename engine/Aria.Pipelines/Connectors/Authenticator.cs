using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>A request with credentials, or why they could not be had.</summary>
/// <param name="Request">The request to send; null on failure.</param>
/// <param name="Token">The access token it carries, when it can be renewed.</param>
/// <param name="Failure">Why there is no request.</param>
internal sealed record Authenticated(ConnectorRequest? Request, string? Token, Exchange? Failure);

/// <summary>Adds credentials to a request just before it is sent. They are never stored, and secrets are looked up each time.</summary>
internal sealed class Authenticator(ConnectionSecrets secrets, TokenCache tokens, ConnectorHosts hosts)
{
    /// <summary>True when a refused login can be done again with another result.</summary>
    public static bool CanRenew(Connection connection) =>
        connection.Connector.Http.Auth is AuthDefinition.ClientCredentials or AuthDefinition.ByCode;

    /// <summary>Adds credentials.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The request without credentials.</param>
    /// <param name="refused">What the remote system has just refused; null the first time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Authenticated> ApplyAsync(Connection connection, ConnectorRequest request, Authenticated? refused, CancellationToken cancellationToken)
    {
        if (connection.Connector.Http.Auth is not { } auth)
        {
            return new(request, null, null);
        }
        if (auth is AuthDefinition.ByCode)
        {
            return await ApplyByCodeAsync(connection, request, refused is not null, cancellationToken);
        }
        if (MissingSecret(connection) is { } missing)
        {
            return new(null, null, missing);
        }
        try
        {
            Dictionary<string, JsonElement> values = new() { ["settings"] = SettingsWithSecrets(connection) };
            return auth switch
            {
                AuthDefinition.Bearer bearer => WithBearer(request, Text(bearer.Token, values), null),
                AuthDefinition.Basic basic => With(request, "Basic " + Base64($"{Text(basic.User, values)}:{Text(basic.Password, values)}"), null),
                AuthDefinition.ClientCredentials client => await WithTokenAsync(connection, request, client, values, refused?.Token, cancellationToken),
                _ => throw new NotSupportedException($"Credentials of kind '{auth.GetType().Name}' are not known."),
            };
        }
        catch (MappingException e)
        {
            return new(null, null, Exchange.NoCredentials(e.Diagnostic.Code, secrets.Mask(connection, e.Diagnostic.Summary), permanent: true));
        }
    }

    private async Task<Authenticated> WithTokenAsync(
        Connection connection, ConnectorRequest request, AuthDefinition.ClientCredentials client, Dictionary<string, JsonElement> values, string? refused, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(Text(client.TokenUrl, values), UriKind.Absolute, out Uri? url))
        {
            return new(null, null, Exchange.NoCredentials("invalid_url", "The token URL of this connection is not an absolute URL.", permanent: true));
        }
        string id = Text(client.ClientId, values);
        string secret = Text(client.ClientSecret, values);
        List<KeyValuePair<string, string>> headers = [new("Accept", "application/json"), new("Content-Type", "application/x-www-form-urlencoded")];
        List<KeyValuePair<string, string>> form = [new("grant_type", "client_credentials")];
        if (client.ClientInBody)
        {
            form.AddRange([new("client_id", id), new("client_secret", secret)]);
        }
        else
        {
            headers.Add(new("Authorization", "Basic " + Base64($"{id}:{secret}")));
        }
        form.AddRange(client.Form
            .Select(p => new KeyValuePair<string, string>(p.Key, Text(p.Value, values)))
            .Where(p => p.Value.Length > 0));
        (string? token, Exchange? failure) = await tokens.GetAsync(connection, client, new TokenRequest(url, headers, form), refused, cancellationToken);
        return token is null ? new(null, null, failure) : WithBearer(request, token, token);
    }

    private async Task<Authenticated> ApplyByCodeAsync(Connection connection, ConnectorRequest request, bool refresh, CancellationToken cancellationToken)
    {
        try
        {
            var code = (IAuthenticates)connection.Connector.Code!;
            ConnectorRequest result = await connection.Connector.Calls.LogInAsync(token => code.AuthenticateAsync(request, hosts.For(connection), refresh, token), cancellationToken);
            // Only headers are taken: the frozen bytes stay what they are. A format of its own may carry credentials in the body; that is sent and forgotten.
            return new(request with { Headers = result.Headers, Body = connection.Connector.Http.BodiesByCode ? result.Body : request.Body }, null, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            hosts.Failed(connection, nameof(IAuthenticates.AuthenticateAsync), e);
            return new(null, null, Exchange.NoCredentials("connector_failed", $"Code of connector '{connection.Connector.Name}' failed while it authenticated a request. {CodeStuckException.Said(e)}", permanent: false));
        }
    }

    private Exchange? MissingSecret(Connection connection)
    {
        foreach (string setting in connection.Connector.Http.AuthSecrets)
        {
            if (secrets.Missing(connection, setting) is var (name, how))
            {
                return Exchange.NoCredentials("secret_not_found", $"Secret '{name}' of connection '{connection.Id}' (setting '{setting}') is missing or empty. Provide it here: {how}.", permanent: true);
            }
        }
        return null;
    }

    private JsonElement SettingsWithSecrets(Connection connection)
    {
        JsonObject settings = JsonNode.Parse(connection.Settings.GetRawText())!.AsObject();
        foreach (string setting in connection.Connector.Http.AuthSecrets)
        {
            settings[setting] = secrets.Values(connection, setting) is [{ } newest, ..] ? newest : null;
        }
        return ConnectorJson.ToElement(settings);
    }

    private static Authenticated WithBearer(ConnectorRequest request, string token, string? renewable) =>
        token.Length == 0
            ? new(null, null, Exchange.NoCredentials("secret_not_found", "The connection gives no token to authenticate with.", permanent: true))
            : With(request, $"Bearer {token}", renewable);

    private static Authenticated With(ConnectorRequest request, string authorization, string? renewable) =>
        new(request with { Headers = [.. request.Headers, new("Authorization", authorization)] }, renewable, null);

    private static string Text(CompiledMapping mapping, Dictionary<string, JsonElement> values) =>
        ConnectorJson.Text(ConnectorJson.ToElement(mapping.Evaluate(values))) ?? "";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

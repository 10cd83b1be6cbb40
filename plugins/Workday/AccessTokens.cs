using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Workday;

/// <summary>Access tokens of the OAuth token endpoint, for a refresh token or a SAML assertion; one login at a time for each account.</summary>
internal sealed class AccessTokens
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Account> _accounts = [];

    /// <summary>A valid token.</summary>
    /// <param name="host">The connection.</param>
    /// <param name="refresh">True when the last one was refused.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="HttpRequestException">The token endpoint did not answer, or gave no token.</exception>
    public async Task<string> GetAsync(IConnectorHost host, bool refresh, CancellationToken cancellationToken)
    {
        JsonElement settings = host.Settings;
        string url = Text(settings, "tokenUrl") ?? $"{Text(settings, "baseUrl")}/ccx/oauth2/{Text(settings, "tenant")}/token";
        string client = WorkdayConnector.SecretOf(host, "clientId");
        Account account = _accounts.GetOrAdd($"{url} {client} {Text(settings, "user")} {Text(settings, "login")}", _ => new Account());
        await account.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A token that was made a moment ago is not the one that was refused: another request has just renewed it.
            DateTimeOffset now = host.Time.GetUtcNow();
            bool isUsable = account.Token is not null && now < account.RenewAt && !(refresh && now - account.MadeAt > TimeSpan.FromSeconds(1));
            return isUsable ? account.Token! : await LogInAsync(account, host, new Uri(url), client, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            account.Gate.Release();
        }
    }

    private static async Task<string> LogInAsync(Account account, IConnectorHost host, Uri url, string client, CancellationToken cancellationToken)
    {
        string secret = WorkdayConnector.SecretOf(host, "clientSecret");
        bool inBody = Text(host.Settings, "clientIn") == "body";
        List<KeyValuePair<string, string>> headers = [new("Accept", "application/json"), new("Content-Type", "application/x-www-form-urlencoded")];
        List<(string Name, string Value)> form = Text(host.Settings, "login") == "samlBearer"
            ? [("grant_type", "urn:ietf:params:oauth:grant-type:saml2-bearer"), ("assertion", SamlAssertion.Make(host, url, client))]
            : [("grant_type", "refresh_token"), ("refresh_token", WorkdayConnector.SecretOf(host, "refreshToken"))];
        if (inBody)
        {
            form.AddRange([("client_id", client), ("client_secret", secret)]);
        }
        else
        {
            headers.Add(new("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}"))}"));
        }
        string body = string.Join('&', form.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}"));
        ConnectorResponse answer = await host.SendAsync(new ConnectorRequest("POST", url, headers, Encoding.UTF8.GetBytes(body)), cancellationToken).ConfigureAwait(false);
        if (answer.Status != 200)
        {
            host.Log(DiagnosticSeverity.Error, $"The token endpoint refused the login '{Text(host.Settings, "login")}' with status {answer.Status.ToString(CultureInfo.InvariantCulture)}.");
            throw new HttpRequestException("The token endpoint refused the login.");
        }
        JsonElement given = JsonElement.Parse(answer.Body.Span);
        account.MadeAt = host.Time.GetUtcNow();
        // Nothing said: kept until it is refused.
        account.RenewAt = given.TryGetProperty("expires_in", out JsonElement seconds) && seconds.TryGetInt64(out long life)
            ? account.MadeAt.AddSeconds(life) - Margin
            : DateTimeOffset.MaxValue;
        return account.Token = Text(given, "access_token") ?? throw new HttpRequestException("The token endpoint gave no access_token.");
    }

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed class Account
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public string? Token { get; set; }

        public DateTimeOffset MadeAt { get; set; }

        public DateTimeOffset RenewAt { get; set; }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Client credentials with their templates evaluated.</summary>
/// <param name="TokenUrl">Token endpoint.</param>
/// <param name="Headers">Headers of the token request.</param>
/// <param name="Form">Form parameters in order.</param>
internal sealed record TokenRequest(Uri TokenUrl, IReadOnlyList<KeyValuePair<string, string>> Headers, IReadOnlyList<KeyValuePair<string, string>> Form);

/// <summary>Access tokens in memory, one per connection. However many requests need one, a single login is under way (a new token may end the earlier one).</summary>
/// <remarks>A login takes no permit: requests that hold one wait for it, so a login that had to wait for theirs could wait for ever.</remarks>
internal sealed class TokenCache(IHttpPath http, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>A valid token, or why there is none.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="definition">Where expiry stands in the answer.</param>
    /// <param name="request">The login.</param>
    /// <param name="refused">A token that the remote system has just refused; null when none was.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(string? Token, Exchange? Failure)> GetAsync(
        Connection connection, AuthDefinition.ClientCredentials definition, TokenRequest request, string? refused, CancellationToken cancellationToken)
    {
        Entry entry = _entries.GetOrAdd(connection.Id, _ => new Entry());
        string fingerprint = Fingerprint(request);
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            // Another request may have renewed the refused token meanwhile.
            if (entry.Token is { } known && known != refused && entry.Fingerprint == fingerprint && time.GetUtcNow() < entry.RenewAt)
            {
                return (known, null);
            }
            return await LogInAsync(entry, connection, definition, request, fingerprint, cancellationToken);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private async Task<(string? Token, Exchange? Failure)> LogInAsync(
        Entry entry, Connection connection, AuthDefinition.ClientCredentials definition, TokenRequest request, string fingerprint, CancellationToken cancellationToken)
    {
        var message = new ConnectorRequest("POST", request.TokenUrl, request.Headers, Encoding.UTF8.GetBytes(Form(request.Form)));
        DateTimeOffset sent = time.GetUtcNow();
        HttpAnswer answer = await http.SendAsync(message, connection.Policy, connection.Connector.Http.Timeout, cancellationToken);
        if (answer.Response is not { Status: >= 200 and <= 299 } response)
        {
            return (null, Refused(answer));
        }
        StrictJson json = StrictJson.Read(response.Body);
        if (json.Code is not null || JsonPointer.Text(json.Root, "/access_token") is not { Length: > 0 } token)
        {
            return (null, Exchange.NoCredentials("token_not_understood", "The token endpoint answered without an access_token.", permanent: false));
        }
        entry.Token = token;
        entry.Fingerprint = fingerprint;
        entry.RenewAt = RenewAt(json.Root, definition, sent);
        return (token, null);
    }

    private Exchange Refused(HttpAnswer answer)
    {
        if (answer.Response is not { } response)
        {
            return Exchange.NoCredentials("token_unavailable", $"The token endpoint did not answer ({answer.Code}).", permanent: answer.Code is "ssrf_blocked" or "plain_http_refused");
        }
        DateTimeOffset now = time.GetUtcNow();
        string status = response.Status.ToString(CultureInfo.InvariantCulture);
        return response.Status switch
        {
            429 => new Exchange(OperationOutcome.RateLimited, null, "rate_limited", "The token endpoint is over its limit.", AnswerClassifier.RetryAfter(response, now) ?? now + Margin, TimeSpan.Zero),
            408 or >= 500 => Exchange.NoCredentials("token_unavailable", $"The token endpoint answered with status {status}.", permanent: false)
                with { RetryAt = AnswerClassifier.RetryAfter(response, now) },
            _ => Exchange.NoCredentials("token_refused", $"The token endpoint refused the credentials with status {status}. Check client id, client secret and user of this connection.", permanent: true),
        };
    }

    private static DateTimeOffset RenewAt(JsonElement answer, AuthDefinition.ClientCredentials definition, DateTimeOffset sent)
    {
        DateTimeOffset? expiry = null;
        if (answer.TryGetProperty(definition.ExpiresAt, out JsonElement at) && at.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(at.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant))
        {
            expiry = instant;
        }
        else if (answer.TryGetProperty(definition.ExpiresIn, out JsonElement lifetime)
            && long.TryParse(ConnectorJson.Text(lifetime), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < 100_000_000)
        {
            expiry = sent.AddSeconds(seconds);
        }
        if (expiry is not { } end)
        {
            // Nothing said: keep it until it is refused.
            return DateTimeOffset.MaxValue;
        }
        TimeSpan tenth = (end - sent) / 10;
        return end - (tenth < Margin ? tenth : Margin);
    }

    private static string Form(IEnumerable<KeyValuePair<string, string>> form) =>
        string.Join('&', form.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    // Changed credentials must not go on using the token of the old ones.
    private static string Fingerprint(TokenRequest request) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{request.TokenUrl}\n{string.Join('\n', request.Headers.Select(h => h.Value))}\n{Form(request.Form)}")));

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public string? Token { get; set; }

        public string? Fingerprint { get; set; }

        public DateTimeOffset RenewAt { get; set; }
    }
}

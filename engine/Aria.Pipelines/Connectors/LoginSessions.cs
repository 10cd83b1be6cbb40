using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Sessions in memory, one per connection. However many requests need one, a single login is under way (a new one may end the earlier).</summary>
/// <remarks>A login takes no permit: requests that hold one wait for it, so a login that had to wait for theirs could wait for ever.</remarks>
internal sealed class LoginSessions(IHttpPath http, ConnectionSecrets secrets, ITlsPolicies tls, IRotatedSecrets rotated, TimeProvider time) : ILogins
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    public async Task<(LoginSession? Session, Exchange? Failure)> GetAsync(Connection connection, AuthDefinition.Login login, LoginSession? refused, CancellationToken cancellationToken)
    {
        Entry entry = _entries.GetOrAdd(connection.Id, _ => new Entry());
        JsonElement settings = secrets.Settings(connection);
        // Changed credentials must not go on using what the old ones gave.
        string fingerprint = Convert.ToHexString(SHA256.HashData(ConnectorJson.RawBytes(settings)));
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            // Another request may have renewed the refused session meanwhile.
            if (entry.Session is { } known && known != refused && known.Fingerprint == fingerprint && time.GetUtcNow() < known.RenewAt)
            {
                return (known, null);
            }
            // Not cancelled from here: what a step spends, the next one has to replace.
            (LoginSession? session, Exchange? failure) = await LogInAsync(connection, login, settings, fingerprint);
            entry.Session = session ?? entry.Session;
            return (session, failure);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private async Task<(LoginSession? Session, Exchange? Failure)> LogInAsync(Connection connection, AuthDefinition.Login login, JsonElement given, string fingerprint)
    {
        (TargetPolicy policy, Exchange? unusable) = tls.Policy(connection);
        if (unusable is not null)
        {
            return (null, unusable);
        }
        DateTimeOffset began = time.GetUtcNow();
        JsonObject settings = JsonObject.Create(given)!;
        if (login.Rotated is { } secret)
        {
            settings[secret] = await rotated.FindAsync(connection, secret, Text(given, secret), CancellationToken.None);
        }
        var steps = new JsonObject();
        foreach (LoginStep step in login.Steps)
        {
            Dictionary<string, JsonElement> values = Values(settings, steps);
            if (step.When is { } condition && !(condition.Evaluate(values) is JsonValue flag && flag.TryGetValue(out bool wanted) && wanted))
            {
                steps[step.Id] = null;
                continue;
            }
            // One that is only given out costs nothing when it is forgotten.
            if (step.Rotates is { Key: var replaced } && !rotated.CanKeep && Text(given, replaced) is not null)
            {
                return (null, Exchange.NoCredentials("secret_rotates", $"Logging in replaces the secret '{replaced}', which only a running host can keep.", permanent: true));
            }
            string[] domains = [.. step.Follow.Select(f => ConnectorJson.Text(f, values)).OfType<string>().Where(d => d.Length > 0)];
            HttpAnswer answer = await SendAsync(connection, domains, RequestBuilder.BuildLogin(connection, step.Request, values), policy);
            if (answer.Response is not { } response || !IsAccepted(step, response.Status))
            {
                if (Refused(connection, step, answer, policy) is var failure && !(step.Optional && failure.Permanent))
                {
                    return (null, failure);
                }
                steps[step.Id] = null;
                continue;
            }
            JsonElement value = AnswerReader.Value(response, AnswerReader.Body(connection.Connector, response) ?? ConnectorJson.Null);
            steps[step.Id] = ConnectorJson.ToNode(value);
            if (step.Rotates is { } rotation && rotated.CanKeep && ConnectorJson.Text(rotation.Value, new Dictionary<string, JsonElement> { ["response"] = value }) is { Length: > 0 } next)
            {
                await rotated.KeepAsync(connection, rotation.Key, Text(given, rotation.Key), next);
                settings[rotation.Key] = next;
                secrets.Learn(connection, next);
            }
        }
        Dictionary<string, JsonElement> all = Values(settings, steps);
        return Understood(connection, login, all)
            ? (new LoginSession(all["login"], fingerprint, RenewAt(login.Life, all, began)), null)
            : (null, Exchange.NoCredentials("token_not_understood", $"{login.Steps[^1].Title} answered without what requests have to carry.", permanent: false));
    }

    private async Task<HttpAnswer> SendAsync(Connection connection, string[] domains, ConnectorRequest request, TargetPolicy policy)
    {
        HttpAnswer answer = await http.SendAsync(request, policy, connection.Connector.Http.Timeout, CancellationToken.None);
        bool elsewhere = answer.Response is { Status: 307 or 308 } moved
            && DeliveryHeaders.Find(moved.Headers, "Location") is [{ } target, ..] && Uri.TryCreate(request.Url, target, out Uri? url)
            && domains.Any(d => url.Host.Equals(d, StringComparison.OrdinalIgnoreCase) || url.Host.EndsWith($".{d}", StringComparison.OrdinalIgnoreCase));
        return elsewhere
            ? await http.SendAsync(request with { Url = new Uri(request.Url, DeliveryHeaders.Find(answer.Response!.Headers, "Location")[0]) }, policy, connection.Connector.Http.Timeout, CancellationToken.None)
            : answer;
    }

    private bool Understood(Connection connection, AuthDefinition.Login login, Dictionary<string, JsonElement> values)
    {
        string[] found = [.. login.Places.Headers.Concat(login.Places.Query).Concat(login.Places.Body).Select(p => ConnectorJson.Text(p.Value, values)).OfType<string>().Where(v => v.Length > 0)];
        foreach (string value in found)
        {
            secrets.Learn(connection, value[(value.LastIndexOf(' ') + 1)..]);
        }
        return found.Length > 0;
    }

    private Exchange Refused(Connection connection, LoginStep step, HttpAnswer answer, TargetPolicy policy)
    {
        if (answer.Response is not { } response)
        {
            string why = answer.Code == "tls_failed" || policy.Certificate is not null ? $" {answer.Detail}" : "";
            return Exchange.NoCredentials("token_unavailable", $"{step.Title} was not answered ({answer.Code}).{why}", permanent: answer.Code is "ssrf_blocked" or "plain_http_refused");
        }
        DateTimeOffset now = time.GetUtcNow();
        string? said = AnswerClassifier.Classify(connection.Connector.Http.Errors, response, r => AnswerReader.Body(connection.Connector, r)).Message ?? OAuthError(connection, response);
        string status = $"{response.Status.ToString(CultureInfo.InvariantCulture)}{(said is null ? "" : $" ({secrets.Mask(connection, said)})")}";
        string certificate = policy.Certificate is { } shown ? $", and whether its certificate ({shown.Description}) is the one that the vendor knows" : "";
        return response.Status switch
        {
            429 => new Exchange(OperationOutcome.RateLimited, null, "rate_limited", $"{step.Title} is over its limit.", AnswerClassifier.RetryAfter(response, now) ?? now + Margin, TimeSpan.Zero),
            408 or >= 500 => Exchange.NoCredentials("token_unavailable", $"{step.Title} answered with status {status}.", permanent: false)
                with { RetryAt = AnswerClassifier.RetryAfter(response, now) },
            _ => Exchange.NoCredentials("token_refused", $"{step.Title} refused the credentials with status {status}. Check {connection.CredentialSettings} of this connection{certificate}.", permanent: true),
        };
    }

    /// <summary>What RFC 6749 (section 5.2) has a token endpoint say, where the connector names no other place.</summary>
    private static string? OAuthError(Connection connection, ConnectorResponse response) =>
        AnswerReader.Body(connection.Connector, response) is { } body ? JsonPointer.Text(body, "/error_description") ?? JsonPointer.Text(body, "/error") : null;

    private static bool IsAccepted(LoginStep step, int status) => step.Accept.Count == 0 ? status is >= 200 and <= 299 : step.Accept.Contains(status);

    private static DateTimeOffset RenewAt(LoginLife life, Dictionary<string, JsonElement> values, DateTimeOffset began)
    {
        DateTimeOffset? expiry = life.ExpiresAt is { } at ? PollTime.Read(ConnectorJson.ToElement(at.Evaluate(values))) : null;
        if (expiry is null && life.ExpiresIn is { } lifetime
            && double.TryParse(ConnectorJson.Text(lifetime, values), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * life.Unit.TotalSeconds < 100_000_000)
        {
            expiry = began + (life.Unit * count);
        }
        // Nothing said: keep it until it is refused.
        DateTimeOffset renewAt = DateTimeOffset.MaxValue;
        if (expiry is { } end)
        {
            TimeSpan tenth = (end - began) / 10;
            renewAt = end - (tenth < Margin ? tenth : Margin);
        }
        return life.MaxAge is { } age && began + age < renewAt ? began + age : renewAt;
    }

    private static Dictionary<string, JsonElement> Values(JsonObject settings, JsonObject steps) =>
        new() { ["settings"] = ConnectorJson.ToElement(settings), ["login"] = ConnectorJson.ToElement(steps) };

    private static string? Text(JsonElement settings, string name) => settings.TryGetProperty(name, out JsonElement value) ? ConnectorJson.Text(value) : null;

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public LoginSession? Session { get; set; }
    }
}

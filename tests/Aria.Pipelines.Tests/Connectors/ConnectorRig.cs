using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The real client and receiver over real sockets, with a clock, secrets and a budget that the test holds.</summary>
internal sealed class ConnectorRig : IDisposable
{
    private readonly HttpPath _http;

    /// <param name="audit">Is told of missing secrets; null for nobody.</param>
    public ConnectorRig(ISecretAudit? audit = null)
    {
        _http = new HttpPath(TimeProvider.System);
        Secrets["clientId"] = "client-1";
        Secrets["clientSecret"] = "very-secret-value";
        Secrets["webhookSecret"] = "test-secret-1";
        Secrets["apiKey"] = "key-1";
        var secrets = new ConnectionSecrets(new MemorySecretSource(Secrets), Time, audit ?? new NoSecretAudit());
        var tls = new TlsPolicies(secrets, Time);
        var hosts = new ConnectorHosts(secrets, Time, _http, Budgets, NullLoggerFactory.Instance);
        var authenticator = new Authenticator(secrets, tls, new LoginSessions(_http, secrets, tls, Rotated, Time), hosts);
        var sender = new RequestSender(_http, Budgets, authenticator, secrets, Time);
        Pages = new PageReader(sender, Budgets, Time);
        var cache = new ReadCache(Time);
        Client = new OperationClient(new PrerequisiteReads(Pages, cache, Time), sender, Pages, cache, hosts, secrets);
        Receiver = new WebhookReceiver(secrets, hosts, Time);
        Values = secrets;
    }

    public AwaitedTime Time { get; } = new(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The host's secrets, which a test may change at any time.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>What systems gave in place of secrets; it survives nothing.</summary>
    public RememberedSecrets Rotated { get; } = new();

    public RecordedBudgets Budgets { get; } = new();

    public OperationClient Client { get; }

    public PageReader Pages { get; }

    public WebhookReceiver Receiver { get; }

    /// <summary>What connections find of the secrets.</summary>
    public ConnectionSecrets Values { get; }

    /// <summary>The canonical event of a payload, completed by the reads of its connector, and valid against its shape.</summary>
    public async Task<JsonElement> CanonicalAsync(Connection connection, string type, byte[] body)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        ConnectorEvent definition = connection.Connector.Events[type];
        JsonElement payload = JsonElement.Parse(body);
        Preparation prepared = await Client.PrepareAsync(connection, definition.Enrich!, payload, "key-1", stop);
        OperationAnswer reads = await Client.SendAsync(connection, definition.Enrich!, payload, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, stop);
        JsonElement canonical = Receiver.Canonical(connection, type, "e1", body, reads.Output!.Value);
        definition.Schema!.Validate(canonical).ShouldBeEmpty();
        return canonical;
    }

    public void Dispose() => _http.Dispose();
}

using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Aria.Pipelines.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>A secret that is not found is in the audit chain, by its name and never by a value, once until it was there again.</summary>
public sealed class SecretAuditTests : IAsyncLifetime
{
    private const string Bearer = "\"auth\": { \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-secret-audit-");
    private IStore _store = null!;
    private AuditTrail _trail = null!;
    private ConnectorRig _rig = null!;
    private Wire _wire = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteFiles.OpenAsync(_folder.FullName, TimeProvider.System);
        _trail = new AuditTrail(_store, NullLogger<AuditTrail>.Instance);
        await _trail.StartAsync(Stop);
        _rig = new ConnectorRig(new SecretAudit(_trail, TimeProvider.System));
        _wire = await Wire.StartAsync(_rig, (_, response) => RemoteServer.Json(response, "{}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync();
        await _trail.StopAsync(Stop);
        _trail.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Request_SecretIsNotFound_OneRowUntilItWasThereAgain()
    {
        Connection connection = Api(new SecretName("api-key"));
        await _wire.DoAsync(connection);
        await _wire.DoAsync(connection);
        await _wire.DoAsync(connection with { Id = "other" });
        _rig.Secrets["api-key"] = "value-of-the-key";
        await _wire.DoAsync(connection);
        _rig.Secrets["api-key"] = "";
        await _wire.DoAsync(connection);

        (await RowsAsync()).ShouldBe(
        [
            """secret.not_found {"connection":"ats","setting":"apiKey","secret":"api-key"}""",
            """secret.not_found {"connection":"other","setting":"apiKey","secret":"api-key"}""",
            """secret.not_found {"connection":"ats","setting":"apiKey","secret":"api-key"}""",
        ]);
        _wire.Server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer value-of-the-key");
    }

    [Fact]
    public async Task Request_SeveralSecretsOfWhichOneExpired_EachIsNamedAndTheExpiredOneWithItsEnd()
    {
        _rig.Secrets["old"] = "value-of-the-old-one";

        await _wire.DoAsync(Api(new("new"), new("old", new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero))));

        (await RowsAsync()).ShouldBe(
        [
            """secret.not_found {"connection":"ats","setting":"apiKey","secret":"new"}""",
            """secret.not_found {"connection":"ats","setting":"apiKey","secret":"old","notAfter":"2025-12-31T00:00:00Z"}""",
        ]);
    }

    [Fact]
    public async Task Request_OneOfSeveralSecretsIsThere_NothingIsWritten()
    {
        _rig.Secrets["old"] = "value-of-the-old-one";

        await _wire.DoAsync(Api(new("new"), new("old")));

        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_AuthorityIsNotFound_IsNamedUnderTrust()
    {
        await _wire.DoAsync(_wire.Connect("") with { Trust = [new("authority")] });

        (await RowsAsync()).ShouldBe(["""secret.not_found {"connection":"ats","setting":"trust","secret":"authority"}"""]);
    }

    [Fact]
    public async Task Delivery_SecretIsNotFound_OneRowHoweverManyCome()
    {
        _rig.Secrets.Remove("webhookSecret");
        Connection connection = Connectors.Plugins.Connect(Connectors.Plugins.Greenhouse);
        Delivery delivery = Made(("Signature", "sha256 00"));

        for (int i = 0; i < 100; i++)
        {
            _rig.Receiver.Receive(connection, delivery).RejectCode.ShouldBe("no_secret");
        }

        (await RowsAsync()).ShouldBe(["""secret.not_found {"connection":"ats","setting":"webhookSecret","secret":"webhookSecret"}"""]);
    }

    [Fact]
    public async Task Delivery_RefusedForAnotherReason_NothingIsWritten()
    {
        Connection connection = Connectors.Plugins.Connect(Connectors.Plugins.Greenhouse);

        _rig.Receiver.Receive(connection, Made(("Signature", "sha256 00"))).RejectCode.ShouldBe("signature_invalid");

        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delivery_VerifiedByCodeThatLacksItsSecret_IsNamedToo()
    {
        const string Definition = """
            {
              "connector": "coded", "version": "1.0.0", "contract": 1, "title": "Coded",
              "settings": { "hookKey": { "type": "secret", "help": "h" } },
              "http": { "baseUrl": "https://coded.example" },
              "webhook": { "signature": "code", "type": "/type" },
              "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [{ "constructed": "made.json" }] } }
            }
            """;
        Connector connector = Connectors.Plugins.Read(new TestFolder(Definition).With("made.json", """{ "type": "made", "id": 1 }"""), new ByFirstSecret());

        _rig.Receiver.Receive(Connectors.Plugins.Connect(connector), Made()).RejectStatus.ShouldBe(401);

        (await RowsAsync()).ShouldBe(["""secret.not_found {"connection":"ats","setting":"hookKey","secret":"hookKey"}"""]);
    }

    private static Delivery Made(params (string Name, string Value)[] headers) => new(
        "POST",
        headers.ToDictionary(h => h.Name, h => (IReadOnlyList<string>)[h.Value]),
        new Dictionary<string, IReadOnlyList<string>>(),
        """{"type":"made","id":1}"""u8.ToArray(),
        DateTimeOffset.UnixEpoch);

    private Connection Api(params IReadOnlyList<SecretName> secrets) =>
        _wire.Connect(Bearer) with { SecretNames = new Dictionary<string, IReadOnlyList<SecretName>> { ["apiKey"] = secrets } };

    /// <summary>What the chain has of it, as operators list it, oldest first.</summary>
    private async Task<string[]> RowsAsync()
    {
        _trail.TryAdd(new AuditEntry(TimeProvider.System.GetUtcNow(), "end", "{}"u8.ToArray())).ShouldBeTrue();
        IReadOnlyList<AuditRow> rows;
        do
        {
            rows = await _store.Audit.ListAsync(100, Stop);
        }
        while (rows is not [{ Entry.Act: "end" }, ..]);
        (await _store.Audit.VerifyAsync(null, Stop)).FirstBad.ShouldBeNull();
        string[] all = [.. rows.Skip(1).Reverse().Select(r => $"{r.Entry.Act} {JsonNode.Parse(r.Entry.Detail)!.ToJsonString()}")];
        all.ShouldAllBe(text => !_rig.Secrets.Values.Any(v => v.Length > 0 && text.Contains(v, StringComparison.Ordinal)));
        return all;
    }

    /// <summary>Code that wants a secret to verify with.</summary>
    private sealed class ByFirstSecret : IVerifiesDeliveries
    {
        public bool Verify(Delivery delivery, IConnectorHost host) =>
            host.Secret("hookKey") is [{ } key, ..] && Encoding.UTF8.GetString(delivery.Body.Span).Contains(key, StringComparison.Ordinal);
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Plugins.Tests.Support;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>Both halves of the Sample connector together: a signed CSV delivery becomes events in the shape that pipelines read.</summary>
public sealed class SampleDeliveryTests : IDisposable
{
    private const string Secret = "sample-signing-secret";
    private readonly LoadedPlugin _plugin;
    private readonly Connection _connection;
    private readonly WebhookReceiver _receiver;

    public SampleDeliveryTests()
    {
        var bag = new DiagnosticBag();
        PluginFolder folder = PluginFolder.Find(BuiltPlugins.Connectors, "plugins", bag).Single(f => f.Name == "Sample");
        _plugin = PluginLoader.Load(folder, "Aria.Pipelines.Plugins.Sample.dll", SourcePosition.None, bag)!;
        Connector? connector = ConnectorReader.Read(folder.Files, _plugin.Connector, new MappingCompiler(), bag);
        bag.Items.Select(d => d.ToString()).ShouldBeEmpty();
        _connection = new Connection(
            "sample",
            connector!,
            JsonElement.Parse("""{ "baseUrl": "https://api.sample-ats.example/v1" }"""),
            new Dictionary<string, IReadOnlyList<SecretName>> { ["webhookSecret"] = [new("sample-webhook")] },
            null,
            TargetPolicy.PublicHttpsOnly);
        var secrets = new ConnectionSecrets(new MemorySecretSource(new Dictionary<string, string> { ["sample-webhook"] = Secret }), TimeProvider.System, new NoSecretAudit());
        var network = new NoNetwork();
        _receiver = new WebhookReceiver(secrets, new ConnectorHosts(secrets, TimeProvider.System, network, network, NullLoggerFactory.Instance), TimeProvider.System);
    }

    public void Dispose() => _plugin.Dispose();

    [Fact]
    public void Receive_SignedCsv_IsOneEventPerLine()
    {
        Reception reception = _receiver.Receive(_connection, Signed(Sample("applied.csv")));

        reception.RejectCode.ShouldBeNull();
        reception.AckStatus.ShouldBe(200);
        reception.Events.Select(e => (e.Type, e.Subject, e.QuarantineCode)).ShouldBe([
            ("application.created", "application:a-501", null),
            ("application.created", "application:a-502", null),
        ]);
        reception.Events[0].Correlation.ShouldBe([new("application_id", "a-501")]);
        reception.Events[0].DedupeKey.ShouldNotBe(reception.Events[1].DedupeKey);
    }

    [Fact]
    public void Receive_SameLineInAnotherDelivery_HasTheSameDedupeKey()
    {
        string[] lines = Encoding.UTF8.GetString(Sample("applied.csv")).Split('\n');

        Reception both = _receiver.Receive(_connection, Signed(Sample("applied.csv")));
        Reception second = _receiver.Receive(_connection, Signed(Encoding.UTF8.GetBytes($"{lines[0]}\n{lines[2]}\n")));

        second.Events.ShouldHaveSingleItem().DedupeKey.ShouldBe(both.Events[1].DedupeKey);
    }

    [Fact]
    public void Receive_ChangedByte_IsRefused()
    {
        Delivery delivery = Signed(Sample("applied.csv"));
        byte[] changed = delivery.Body.ToArray();
        changed[^2] ^= 1;

        Reception reception = _receiver.Receive(_connection, delivery with { Body = changed });

        reception.RejectStatus.ShouldBe(401);
        reception.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Receive_SignedButBrokenTable_IsQuarantinedWhole()
    {
        byte[] broken = "event_id,action\nevt-1\n"u8.ToArray();

        DecodedEvent kept = _receiver.Receive(_connection, Signed(broken)).Events.ShouldHaveSingleItem();

        kept.QuarantineCode.ShouldBe("connector_failed");
        kept.Body.ShouldBe(broken);
    }

    [Fact]
    public void Canonical_Applied_HasEveryMember()
    {
        IReadOnlyList<DecodedEvent> events = _receiver.Receive(_connection, Signed(Sample("applied.csv"))).Events;

        JsonElement full = _receiver.Canonical(_connection, events[0].Type, "e1", events[0].Body);
        JsonElement sparse = _receiver.Canonical(_connection, events[1].Type, "e2", events[1].Body);

        Members(full).ShouldBe("""
            {"application":{"id":"a-501","status":"active","stage":{"id":"s-1","name":"New"},"applied_at":"2026-03-02T09:15:00Z","url":null,"source":"Careers page"},
            "candidate":{"id":"c-301","first_name":"Ada","last_name":"O'Brien, PhD","name":"Ada O'Brien, PhD","email":"Ada.OBrien@example.com","email_canonical":"ada.obrien@example.com","phone":"+1 202 555 0143","resume_url":"https://files.sample-ats.example/r/301.pdf","url":null},
            "job":{"id":"j-12","title":"Warehouse Associate","requisition_id":"REQ-2026-012"}}
            """.ReplaceLineEndings(""));
        sparse.GetProperty("application").GetProperty("source").ValueKind.ShouldBe(JsonValueKind.Null);
        sparse.GetProperty("candidate").GetProperty("phone").ValueKind.ShouldBe(JsonValueKind.Null);
        sparse.GetProperty("raw").GetProperty("event_id").GetString().ShouldBe("evt-1002");
    }

    [Fact]
    public void Canonical_Moved_HasTheNewStageAndNoDateOfApplication()
    {
        DecodedEvent moved = _receiver.Receive(_connection, Signed(Sample("moved.csv"))).Events.ShouldHaveSingleItem();

        JsonElement application = _receiver.Canonical(_connection, moved.Type, "e3", moved.Body).GetProperty("application");

        moved.Type.ShouldBe("application.stage_changed");
        application.GetProperty("stage").GetProperty("name").GetString().ShouldBe("Phone Screen");
        application.GetProperty("applied_at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(BuiltPlugins.Connectors, "Sample", "samples", name));

    private static Delivery Signed(byte[] body)
    {
        string signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = ["text/csv"],
            ["X-Sample-Signature"] = [signature],
        };
        return new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), body, TimeProvider.System.GetUtcNow());
    }

    /// <summary>The members that the connector's mapping gives, as compact JSON with readable quotes.</summary>
    private static string Members(JsonElement canonical) =>
        "{" + string.Join(",", canonical.EnumerateObject().Where(m => m.Name is not ("type" or "id" or "raw")).Select(m => $"\"{m.Name}\":{m.Value.GetRawText()}")) + "}";
}

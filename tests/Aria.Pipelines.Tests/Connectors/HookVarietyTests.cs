using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Deliveries as systems really make them authentic: signatures elsewhere, over other parts, under other keys, or no signature at all.</summary>
public sealed class HookVarietyTests : IDisposable
{
    private const string Token = "0123456789abcdefghijkl";

    // Of a system that signs a token and a time in the body, and nothing else.
    private const string InBody = """
        "signature": { "json": "/signature", "algorithm": "hmac-sha256", "secret": "webhookSecret", "parts": ["json:/token", "json:/triggeredAt"], "timestamp": { "json": "/triggeredAt", "unit": "milliseconds" } },
        "type": "/event", "dedupe": ["/token"], "pingWhen": "Object.keys(payload.data).length === 0"
        """;

    private readonly ConnectorRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("hex", "utf8", "test-secret-1")]
    [InlineData("base64", "utf8", "test-secret-1")]
    [InlineData("base64hex", "utf8", "test-secret-1")]
    [InlineData("hex", "hex", "00ff10")]
    [InlineData("base64", "base64", "AP8Q")]
    public void Signature_UnderEachKeyAndWriting_GoodAndAnotherIsNot(string encoding, string key, string secret)
    {
        byte[] bytes = key switch { "hex" => Convert.FromHexString(secret), "base64" => Convert.FromBase64String(secret), _ => Encoding.UTF8.GetBytes(secret) };
        _rig.Secrets["webhookSecret"] = secret;
        byte[] body = """{"event":"made","id":"1"}"""u8.ToArray();
        byte[] hash = HMACSHA256.HashData(bytes, body);
        string signature = encoding switch { "base64" => Convert.ToBase64String(hash), "hex" => Convert.ToHexStringLower(hash), _ => Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash))) };
        Connection connection = Connect($$""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "encoding": "{{encoding}}", "key": "{{key}}" }, "type": "/event" """);
        Receive(connection, body, ("S", signature)).Events.ShouldHaveSingleItem().Type.ShouldBe("thing.made");
        Receive(connection, [.. body, (byte)' '], ("S", signature)).RejectCode.ShouldBe("signature_invalid");
    }

    [Fact]
    public void Signature_SecretThatIsNoKey_IsNeverGood()
    {
        _rig.Secrets["webhookSecret"] = "not hex";
        byte[] body = """{"event":"made"}"""u8.ToArray();
        Connection connection = Connect(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "key": "hex" }, "type": "/event" """);
        Receive(connection, body, ("S", Convert.ToHexStringLower(HMACSHA256.HashData(""u8, body)))).RejectCode.ShouldBe("signature_invalid");
    }

    [Fact]
    public void Signature_TimeInTheListOfSignatures_SignedAndRecent()
    {
        Connection connection = Connect("""
            "signature": { "header": "S", "separator": ",", "prefix": "v1=", "algorithm": "hmac-sha256", "secret": "webhookSecret", "parts": ["timestamp", "literal:.", "body"], "timestamp": { "prefix": "t=" } }, "type": "/event"
            """);
        byte[] body = """{"event":"made"}"""u8.ToArray();
        string Signed(long time, string decoy = "v1=00") => $"t={time},{decoy},v0=zz,v1={Hex($"{time}.{Encoding.UTF8.GetString(body)}")}";
        long now = _rig.Time.GetUtcNow().ToUnixTimeSeconds();
        Receive(connection, body, ("S", Signed(now))).RejectCode.ShouldBeNull();
        Receive(connection, body, ("S", Signed(now - 301))).RejectCode.ShouldBe("timestamp_out_of_tolerance");
        Receive(connection, body, ("S", Signed(now) + $",t={now}")).RejectCode.ShouldBe("timestamp_out_of_tolerance", "two times are none");
        Receive(connection, body, ("S", Signed(now).Replace($"t={now}", $"t={now + 1}", StringComparison.Ordinal))).RejectCode.ShouldBe("signature_invalid");
    }

    [Fact]
    public void Signature_InTheBodyOverATokenAndATime_VerifiedAndDeduplicatedByWhatIsSigned()
    {
        Connection connection = Connect(InBody, enriched: true);
        long now = _rig.Time.GetUtcNow().ToUnixTimeMilliseconds();
        Reception good = Receive(connection, Body(now, """{"opportunityId":"o1"}"""));
        good.Events.ShouldHaveSingleItem().Type.ShouldBe("thing.made");
        Reception changed = Receive(connection, Body(now, """{"opportunityId":"other"}"""));
        changed.Events[0].DedupeKey.ShouldBe(good.Events[0].DedupeKey, "what is not signed cannot make it another event");
        Receive(connection, Body(now - 300_001, """{"opportunityId":"o1"}""")).RejectCode.ShouldBe("timestamp_out_of_tolerance");
        Receive(connection, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Body(now, "{}")).Replace("tok-1", "tok-2", StringComparison.Ordinal))).RejectCode.ShouldBe("signature_invalid");
        Receive(connection, "[]"u8.ToArray()).RejectCode.ShouldBe("signature_missing");
        Receive(connection, "no json"u8.ToArray()).RejectCode.ShouldBe("signature_missing");
    }

    [Fact]
    public void Ping_ToldByItsContent_IsKeptAndStartsNothing() =>
        Receive(Connect(InBody, enriched: true), Body(_rig.Time.GetUtcNow().ToUnixTimeMilliseconds(), "{}")).Events.ShouldHaveSingleItem().Type.ShouldBe("raw.ping");

    [Theory]
    [InlineData("""{ "setting": "webhookSecret", "header": "X-Token" }""", "X-Token", Token, "")]
    [InlineData("""{ "setting": "webhookSecret", "query": "key" }""", "", "", Token)]
    [InlineData("""{ "setting": "webhookSecret", "basic": true }""", "Authorization", "Basic MDEyMzQ1Njc4OWFiY2RlZmdoaWprbA==", "")]
    [InlineData("""{ "setting": "webhookSecret", "json": "/token" }""", "", "", "")]
    public void Token_WhereverItIs_GoodAndNoOther(string token, string header, string value, string query)
    {
        _rig.Secrets["webhookSecret"] = Token;
        Connection connection = Connect($$""" "token": {{token}}, "type": "/event" """);
        byte[] body = Encoding.UTF8.GetBytes($$"""{"event":"made","token":"{{Token}}"}""");
        Reception With(string sent, byte[] content) => _rig.Receiver.Receive(connection, new Delivery("POST",
            header.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>() : new Dictionary<string, IReadOnlyList<string>> { [header] = [sent] },
            query.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>() : new Dictionary<string, IReadOnlyList<string>> { ["key"] = [sent.Length > 0 ? sent : query] },
            content, _rig.Time.GetUtcNow()), query.Length == 0 ? Token : null);
        With(value, body).RejectCode.ShouldBeNull();
        With("another", """{"event":"made","token":"another"}"""u8.ToArray()).RejectCode.ShouldBe("token_invalid");
        With("", "{}"u8.ToArray()).RejectCode.ShouldBe(query.Length == 0 ? "token_invalid" : null);
    }

    [Theory]
    [InlineData("event=made&id=7&tag=a+b&tag=%C3%A9", """{"event":"made","id":"7","tag":["a b","é"]}""")]
    [InlineData("event=made&payload=%7B%22id%22%3A7%7D", """{"event":"made","payload":{"id":7}}""")]
    [InlineData("event=made&payload=%7B", null)]
    [InlineData("no form", null)]
    public void Form_BecomesJson_OrIsQuarantinedAsItCame(string form, string? json)
    {
        Connection connection = Connect(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret" }, "form": { "json": ["payload"] }, "type": "/event" """);
        byte[] body = Encoding.UTF8.GetBytes(form);
        DecodedEvent decoded = Receive(connection, body, ("S", Hex(form))).Events.ShouldHaveSingleItem();
        (decoded.QuarantineCode, Encoding.UTF8.GetString(decoded.Body)).ShouldBe((json is null ? "invalid_json" : null, json ?? form));
        var again = new Delivery("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), decoded.Body, _rig.Time.GetUtcNow());
        _rig.Receiver.DecodeAgain(connection, again).ShouldHaveSingleItem().Type.ShouldBe(decoded.Type);
    }

    [Theory]
    [InlineData(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "parts": ["json:/token"] }, "type": "/event", "dedupe": ["/token"] """, false,
        "error ARIA3006: The signature does not cover the body. Add \"body\" to 'parts': otherwise whoever has seen one delivery can send any other. A vendor who signs less needs 'enrich' for every event, and 'dedupe' out of what is signed.")]
    [InlineData(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "parts": ["json:/token"] }, "type": "/event" """, true,
        "error ARIA3006: The signature does not cover the body, which is what 'dedupe' takes when it is absent. Add \"dedupe\" with JSON pointers that stand among 'parts'.")]
    [InlineData(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "parts": ["json:/token"] }, "type": "/event", "dedupe": ["/data/id"] """, true,
        "error ARIA3006: The signature does not cover '/data/id'. Use JSON pointers that stand among 'parts' (json:/<pointer>): a captured delivery could come again with other content.")]
    [InlineData(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "timestamp": { "prefix": "t=" } }, "type": "/event" """, true,
        "error ARIA3013: The time in 't=' is not signed. Add \"timestamp\" to 'parts', or leave 'timestamp' out.")]
    [InlineData(""" "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret", "parts": ["body", "path"] }, "type": "/event" """, true,
        "error ARIA1006: 'path' is not a signed part. Known: body, timestamp, json:/<pointer>, header:<name>, header:<name>? for one that may be absent, literal:<text>.")]
    [InlineData(""" "token": { "setting": "webhookSecret", "header": "a", "query": "b" }, "type": "/event" """, true,
        "error ARIA3013: A token is in exactly one place. Write one of: header, query, json, basic; for one that ends the URL write the setting's name alone.")]
    [InlineData(""" "token": { "setting": "webhookSecret", "header": "a" }, "type": "/event" """, false,
        "warning ARIA3016: The source signs nothing: whoever has seen a delivery can send in its name. Have the events completed by reads ('enrich'), so that what is believed comes from the system itself.")]
    public void Webhook_Mistake_SaidWithItsMend(string webhook, bool enriched, string expected) =>
        Findings(webhook, enriched).ShouldContain(f => f.EndsWith(expected, StringComparison.Ordinal), string.Join('\n', Findings(webhook, enriched)));

    private static string Hex(string message) => Convert.ToHexStringLower(HMACSHA256.HashData("test-secret-1"u8, Encoding.UTF8.GetBytes(message)));

    private static byte[] Body(long time, string data) =>
        Encoding.UTF8.GetBytes($$"""{"event":"made","triggeredAt":{{time}},"token":"tok-1","data":{{data}},"signature":"{{Hex($"tok-1{time}")}}"}""");

    private static string Text(string webhook, bool enriched)
    {
        string enrich = enriched ? """ "enrich": [ { "id": "thing", "request": { "method": "GET", "path": "/thing" }, "sample": {} } ], """ : "";
        return $$$"""
            { "connector": "hook", "version": "1.0.0", "contract": 1, "title": "Hook", "settings": { "webhookSecret": { "type": "secret" } },
              "http": { "baseUrl": "https://a.example" }, "webhook": { {{{webhook}}} },
              "events": { "thing.made": { "wireType": "made", "subject": "thing:1", {{{enrich}}} "canonical": {}, "samples": [ { "constructed": "made.json" } ] } } }
            """;
    }

    private static string[] Findings(string webhook, bool enriched)
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new TestFolder(Text(webhook, enriched)).With("made.json", """{"event":"made","data":{"id":1}}"""), null, new MappingCompiler(), bag);
        return [.. bag.Items.Select(i => i.ToString())];
    }

    private static Connection Connect(string webhook, bool enriched = false)
    {
        var bag = new DiagnosticBag();
        Connector? connector = ConnectorReader.Read(new TestFolder(Text(webhook, enriched)).With("made.json", """{"event":"made","data":{"id":1}}"""), null, new MappingCompiler(), bag);
        return Plugins.Connect(connector.ShouldNotBeNull(string.Join('\n', bag.Items)));
    }

    private Reception Receive(Connection connection, byte[] body, params (string Name, string Value)[] headers) => _rig.Receiver.Receive(connection,
        new Delivery("POST", headers.ToDictionary(h => h.Name, h => (IReadOnlyList<string>)[h.Value]), new Dictionary<string, IReadOnlyList<string>>(), body, _rig.Time.GetUtcNow()));
}

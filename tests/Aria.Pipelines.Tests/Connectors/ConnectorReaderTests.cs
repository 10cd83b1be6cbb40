using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class ConnectorReaderTests
{
    private const string Good = """
        {
          "connector": "test", "version": "1.0.0", "contract": 1, "title": "Test",
          "settings": { "baseUrl": { "type": "string", "default": "https://a.example" }, "apiKey": { "type": "secret" }, "how": { "type": "string", "default": "lookup", "allowed": ["lookup", "keyed"] } },
          "http": { "baseUrl": "{{ settings.baseUrl }}", "auth": { "bearer": { "token": "{{ settings.apiKey }}" } } },
          "webhook": { "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "apiKey" }, "type": "/t" },
          "events": { "a.made": { "wireType": "made", "subject": "a:{{ payload.id }}", "canonical": {}, "samples": ["made.json"] } },
          "operations": { "a.get": { "effect": "read", "input": {}, "request": { "method": "GET", "path": "/a" }, "output": {}, "sample": {} } }
        }
        """;

    [Fact]
    public void Read_GoodConnector_NoFindings() => Findings(Good).ShouldBeEmpty();

    [Fact]
    public void Read_NoFile_SaysSo()
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new DefinitionFolder(Path.GetTempPath(), "plugins/None"), null, new MappingCompiler(), bag).ShouldBeNull();
        bag.Items.ShouldHaveSingleItem().ToString().ShouldBe("plugins/None/connector.json: error ARIA1007: 'connector.json' does not exist. Every connector folder has one.");
    }

    [Fact]
    public void Read_ManyMistakes_AllReportedAtOnceAtTheirPlaces() => Findings("""
        {
          "connector": "Test", "version": "1", "contract": 1, "titel": "Test",
          "settings": { "apiKey": { "type": "secret", "default": "x" } },
          "http": { "baseUrl": 7, "auth": { "bearer": {} }, "timeout": "soon" },
          "operations": { "get": { "effect": "reed", "input": {}, "request": { "method": "GET", "path": "/a" }, "output": {}, "sample": {} } }
        }
        """).ShouldBe(
    [
        "(2,55): error ARIA1003: Property 'titel' is not known here. Did you mean 'title'? Known: connector, version, contract, title, description, code, settings, http, webhook, events, operations, cannot, personal, provision, checks.",
        "(2,16): error ARIA3002: 'Test' is not a connector name. Use lower-case letters, digits and '-', beginning with a letter.",
        "(2,35): error ARIA1006: '1' is not a version. Write three numbers, for example 1.0.0.",
        "(1,1): error ARIA1004: Property 'title' is missing. Add \"title\" to this object.",
        "(3,58): error ARIA3003: Secret 'apiKey' has a default. A secret comes from the connection, by reference. Remove the default.",
        "(4,47): error ARIA1004: Property 'token' is missing. Add \"token\" to this object.",
        "(4,64): error ARIA1006: 'soon' is not a duration. Write a whole number and a unit: 500ms, 30s, 5m, 2h or 14d.",
        "(5,19): error ARIA3002: 'get' is not a name for an event or operation. Write a noun and a verb in lower case, joined by a dot: application.stage_changed, note.add.",
        "(5,38): error ARIA1006: 'reed' is not allowed here. Did you mean 'read'? Known: read, idempotent, keyed, lookup, unsafe.",
    ]);

    [Theory]
    [InlineData("\"contract\": 1", "\"contract\": 2",
        "(2,56): error ARIA3001: Connector 'test' is written for contract 2, this host speaks contract 1. Update this host to a release that speaks contract 2, or install a version of 'test' written for contract 1.")]
    [InlineData("\"contract\": 1", "\"contract\": 0",
        "(2,56): error ARIA3001: Connector 'test' is written for contract 0, this host speaks contract 1. Install a newer version of 'test'. Its author rebuilds it against Aria.Pipelines.Abstractions for contract 1 and writes \"contract\": 1.")]
    [InlineData("\"contract\": 1", "\"contract\": \"1\"", "(2,56): error ARIA1005: Expected a whole number, found a string.")]
    [InlineData("\"path\": \"/a\"", "\"path\": \"/a?k={{ settings.apiKey }}\"",
        "(7,99): error ARIA3005: Secret 'apiKey' is used outside of http.auth. Requests, events and outputs are stored. Credentials are added to a request only while it is sent: move this into http.auth.")]
    [InlineData("\"canonical\": {}", "\"canonical\": { \"$file\": \"shape.js\" }",
        "shape.js(2,12): error ARIA3005: Secret 'apiKey' is used outside of http.auth. Requests, events and outputs are stored. Credentials are added to a request only while it is sent: move this into http.auth.")]
    [InlineData("\"baseUrl\": \"{{ settings.baseUrl }}\"", "\"baseUrl\": \"{{ settings.baseUrl }}\", \"timeout\": \"2m\"",
        "(4,61): error ARIA1006: An attempt cannot take so long. Write a time of at most 90s; to wait for an event is an 'await'.")]
    [InlineData("\"baseUrl\": \"{{ settings.baseUrl }}\"", "\"baseUrl\": \"{{ settings.baseURI }}\"",
        "(4,24): error ARIA3004: Setting 'baseURI' is not declared. Did you mean 'baseUrl'? Known: baseUrl, apiKey, how.")]
    [InlineData("\"secret\": \"apiKey\"", "\"secret\": \"apikey\"",
        "(5,84): error ARIA3004: 'apikey' is not a setting of type secret. Did you mean 'apiKey'? Known: apiKey.")]
    [InlineData("\"secret\": \"apiKey\"", "\"secret\": \"baseUrl\"",
        "(5,84): error ARIA3004: 'baseUrl' is not a setting of type secret. Known: apiKey.")]
    [InlineData("\"type\": \"/t\"", "\"type\": \"/t\", \"dedupe\": [\"header:X-Delivery\"]",
        "(5,121): error ARIA3006: 'header:X-Delivery' cannot make a dedupe key. Use \"body\" or JSON pointers into the event. Headers such as a delivery id are usually not signed: a captured delivery could come again under a new id.")]
    [InlineData("\"secret\": \"apiKey\"", "\"secret\": \"apiKey\", \"parts\": [\"header:X-Id\"]",
        "(5,103): error ARIA3006: The signature does not cover the body. Add \"body\" to 'parts': otherwise whoever has seen one delivery can send any other. A vendor who signs less needs 'enrich' for every event, and 'dedupe' out of what is signed.")]
    [InlineData("\"type\": \"/t\"", "\"headers\": [\"X-Id\"], \"type\": \"/t\", \"dedupe\": [\"/headers/x-id\"]",
        "(5,142): error ARIA3006: The signature does not cover the header 'x-id'. Use \"body\" or a pointer into what is signed: a captured delivery could come again under another value.")]
    [InlineData("\"type\": \"/t\"", "\"headers\": [\"X-Id\"], \"type\": \"/t\", \"split\": \"/events\"", "(5,96): error ARIA3013: 'headers' and 'split' do not go together. Headers belong to a delivery that is one event.")]
    [InlineData("\"type\": \"/t\"", "\"type\": \"/t\", \"handshake\": { \"header\": \"X-Hook-Secret\", \"status\": 302 }",
        "(5,162): error ARIA1006: 'status' must be a 2xx status. Write the status that the sender wants for its handshake, for example 200.")]
    [InlineData("\"secret\": \"apiKey\"", "\"secret\": \"apiKey\", \"parts\": [\"body\", \"X-Id?\"]",
        "(5,112): error ARIA1006: 'X-Id?' is not a signed part. Known: body, timestamp, json:/<pointer>, header:<name>, header:<name>? for one that may be absent, literal:<text>.")]
    [InlineData("\"type\": \"/t\"", "\"type\": \"/t\", \"ack\": 302", "(5,117): error ARIA1006: 'ack' must be a 2xx status. Write the status that the sender counts as success, for example 200.")]
    [InlineData("\"type\": \"/t\"", "\"type\": \"t\"", "(5,104): error ARIA1006: 't' is not a JSON pointer. Begin with a slash: \"/t\".")]
    [InlineData("\"type\": \"/t\"", "\"type\": \"/t\", \"decode\": \"code\"",
        "(5,120): error ARIA3010: \"code\" needs a class that implements 'IDecodesDeliveries', but this connector has no code. Put the connector's DLL into its folder, or describe this part in JSON.")]
    [InlineData("\"effect\": \"read\"", "\"effect\": \"lookup\"",
        "(7,40): error ARIA3008: Operation 'a.get' is of class lookup, but does not say how to find the change again. Add \"lookup\": { \"request\": …, \"found\": … }.")]
    [InlineData("\"effect\": \"read\"", "\"effect\": \"keyed\"",
        "(7,40): error ARIA3009: Operation 'a.get' is of class keyed, but does not say which header carries the key. Add \"idempotency\": { \"header\": \"Idempotency-Key\", \"validity\": \"24h\" }.")]
    [InlineData("\"effect\": \"read\"", "\"effect\": { \"setting\": \"baseUrl\" }",
        "(7,40): error ARIA3004: Setting 'baseUrl' cannot hold an effect class. Declare it as a string with a default and \"allowed\" values out of: read, idempotent, keyed, lookup, unsafe.")]
    [InlineData("\"request\": { \"method\": \"GET\", \"path\": \"/a\" }, ", "", "(7,28): error ARIA3013: Operation 'a.get' sends nothing. Add \"request\"; only an operation of class read may consist of its reads.")]
    [InlineData("\"path\": \"/a\"", "\"path\": \"/a\", \"body\": {}", "(7,105): error ARIA3013: A GET request has no body. Use 'query'.")]
    [InlineData(", \"sample\": {}", "", "(7,28): error ARIA1004: Property 'sample' is missing. Add \"sample\" to this object.")]
    [InlineData("\"input\": {}", "\"input\": { \"type\": \"strin\" }", null)]
    [InlineData("\"canonical\": {}", "\"enrich\": \"a.maed\", \"canonical\": {}", "(6,90): error ARIA3013: 'a.maed' is not an event with 'enrich' of its own.")]
    [InlineData("[\"made.json\"]", "[]", "(6,108): error ARIA3014: An event needs at least one sample. Copy one from the vendor's documentation, or make one and mark it {\"constructed\": \"samples/…\"}.")]
    [InlineData("[\"made.json\"]", "[\"none.json\"]", "(6,109): error ARIA1007: Sample 'none.json' does not exist. Expected at none.json.")]
    [InlineData("[\"made.json\"]", "[{ \"constructed\": \"other.json\" }]", "(6,126): error ARIA3014: Sample 'other.json' has the wire type 'other', not 'made'.")]
    [InlineData("[\"made.json\"]", "[\"bad.json\"]", "(6,109): error ARIA3014: Sample 'bad.json' is not a JSON object that a delivery could hold (invalid_json).")]
    [InlineData("\"a.made\":", "\"raw.made\":", "(6,15): error ARIA3002: 'raw.made' begins with 'raw.', which names wire types that a connector does not describe.")]
    [InlineData("{ \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }", "{}", "(4,58): error ARIA3013: http.auth has to name exactly one kind of credentials. Known: bearer, basic, keys, clientCredentials, refreshToken, login.")]
    [InlineData("{ \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }", "{ \"keys\": {} }",
        "(4,68): error ARIA1004: Nothing says where the credentials go. Add \"headers\", \"query\" or \"body\", for example { \"headers\": { \"X-Api-Key\": \"{{ settings.apiKey }}\" } }.")]
    [InlineData("{ \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }", "{ \"refreshToken\": { \"tokenUrl\": \"https://a.example/t\", \"clientId\": \"c\", \"clientSecret\": \"s\", \"secret\": \"how\" } }",
        "(4,161): error ARIA3004: 'how' is not a setting of type secret. Known: apiKey.")]
    [InlineData("{ \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }", "{ \"login\": { \"steps\": [], \"headers\": { \"X\": \"{{ login.a.body.t }}\" } } }",
        "(4,80): error ARIA1006: The login has no steps. Name the requests that give the credentials; without any, use \"keys\".")]
    [InlineData("\"http\": { ", "\"http\": { \"timeout\": \"91s\", ", "(4,24): error ARIA1006: An attempt cannot take so long. Write a time of at most 90s; to wait for an event is an 'await'.")]
    [InlineData("\"http\": { ", "\"http\": { \"errors\": [ { \"status\": 700 } ], ", null)]
    [InlineData("\"http\": { ", "\"http\": { \"errors\": [ { \"status\": 400, \"message\": \"head:x\" } ], ", "(4,53): error ARIA1006: 'head:x' is not a JSON pointer. Begin with a slash: \"/head:x\".")]
    [InlineData("\"http\": { ", "\"http\": { \"clientCertificate\": { \"certificate\": \"{{ settings.apiKey }}\" }, ", "(4,34): error ARIA1004: Property 'key' is missing. Add \"key\" to this object.")]
    [InlineData("\"method\": \"GET\", \"path\": \"/a\"", "\"method\": \"POST\", \"path\": \"/a\", \"form\": {}, \"text\": \"x\"", "(7,118): error ARIA3013: The request has 'form' and 'text'. It is one of: body (JSON), form, multipart, text.")]
    [InlineData("\"default\": \"lookup\"", "\"default\": \"none\"", "(3,152): error ARIA3003: The default of setting 'how' is not one of the allowed values. Allowed: lookup, keyed.")]
    [InlineData("\"default\": \"https://a.example\"", "\"default\": true", "(3,59): error ARIA3003: The default of setting 'baseUrl' is not of type 'string'.")]
    [InlineData("\"default\": \"https://a.example\"", "\"pattern\": \"(\"", "(3,59): error ARIA3003: The pattern of setting 'baseUrl' is not a regular expression.")]
    public void Read_OneMistake_OneFindingWithItsFix(string from, string to, string? expected)
    {
        Good.ShouldContain(from);
        string[] findings = Findings(Good.Replace(from, to, StringComparison.Ordinal));
        if (expected is null)
        {
            findings.ShouldNotBeEmpty();
        }
        else
        {
            findings.ShouldBe([expected]);
        }
    }

    [Fact]
    public void Read_TimestampThatIsNotSigned_Refused() =>
        Findings(Good
            .Replace("\"secret\": \"apiKey\"", "\"secret\": \"apiKey\", \"parts\": [\"body\"], \"timestamp\": { \"header\": \"X-Time\" }", StringComparison.Ordinal)).ShouldBe(
        [
            "(5,126): error ARIA3013: The time in 'X-Time' is not signed. Add \"header:X-Time\" to 'parts', or leave 'timestamp' out.",
        ]);

    [Fact]
    public void Read_ProvisionWithMistakes_EachAtItsPlace() =>
        Findings(Good.Replace("\"title\": \"Test\",", """
            "title": "Test", "provision": [ { "id": "hook", "instructions": "Do it.", "check": "none" }, { "id": "hook", "instructions": "Do it." } ],
            """, StringComparison.Ordinal)).ShouldBe(
        [
            "(2,142): error ARIA3013: This connector has no check 'none'.",
            "(2,160): error ARIA3002: 'hook' appears twice.",
        ]);

    [Fact]
    public void Read_LoginWithMistakes_EachAtItsPlace() =>
        Findings(Good.Replace("{ \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }", """
            { "login": {
              "steps": [
                { "id": "a", "request": { "method": "POST", "path": "/l" }, "accept": [99] },
                { "id": "a", "request": { "method": "POST", "path": "/l" }, "rotate": {} },
                { "id": "b", "request": { "method": "POST", "path": "/l" }, "rotate": { "how": "{{ response.body.t }}" } }
              ],
              "headers": { "X": "{{ login.a.body.t }}" } } }
            """, StringComparison.Ordinal)).ShouldBe(
        [
            "(6,76): error ARIA1006: This is not an HTTP status. Write for example 200, or 302 when the answer's Location is wanted.",
            "(7,13): error ARIA3002: Step 'a' appears twice.",
            "(7,75): error ARIA1006: A step replaces one secret. Write { \"<setting>\": \"{{ response.body.refresh_token }}\" }.",
            "(8,84): error ARIA3004: 'how' is not a setting of type secret. Known: apiKey.",
        ]);

    [Fact]
    public void Read_EnrichNamesAnotherEvent_SameReadsUnderItsOwnName()
    {
        string shared = Good.Replace("\"events\": { ", "\"events\": { \"a.changed\": { \"wireType\": \"other\", \"subject\": \"a:{{ payload.id }}\", \"enrich\": \"a.made\", \"canonical\": {}, \"samples\": [\"other.json\"] }, ", StringComparison.Ordinal)
            .Replace("\"wireType\": \"made\",", "\"wireType\": \"made\", \"enrich\": [{ \"id\": \"a\", \"request\": { \"method\": \"GET\", \"path\": \"/a\" }, \"sample\": {} }],", StringComparison.Ordinal);
        Connector connector = Plugins.Read(new TestFolder(shared).With("made.json", """{"t":"made","id":"1"}""").With("other.json", """{"t":"other","id":"1"}"""));
        connector.Events["a.changed"].Enrich!.Name.ShouldBe("a.changed.enrich");
        connector.Events["a.changed"].Enrich!.Reads.ShouldBe(connector.Events["a.made"].Enrich!.Reads);
        Findings(shared.Replace("\"a.made\", \"canonical\"", "\"a.maed\", \"canonical\"", StringComparison.Ordinal))
            .ShouldBe(["(6,94): error ARIA3013: 'a.maed' is not an event with 'enrich' of its own. Did you mean 'a.made'? Known: a.made."]);
    }

    [Fact]
    public void Read_TwoEventsOfOneWireType_SecondIsFound() =>
        Findings(Good.Replace("\"events\": { ", "\"events\": { \"a.first\": { \"wireType\": \"made\", \"subject\": \"x\", \"canonical\": {}, \"samples\": [\"made.json\"] }, ", StringComparison.Ordinal))
            .ShouldBe(["(6,133): error ARIA3007: Wire type 'made' belongs to 'a.first' already. One wire type is one event; pipelines tell finer differences apart with 'when'."]);

    [Fact]
    public void Read_EffectFromSetting_NeedsBothLookupAndIdempotency() =>
        Findings(Good.Replace("\"effect\": \"read\"", "\"effect\": { \"setting\": \"how\" }", StringComparison.Ordinal)).ShouldBe(
        [
            "(7,40): error ARIA3008: Operation 'a.get' is of class lookup, but does not say how to find the change again. Add \"lookup\": { \"request\": …, \"found\": … }.",
            "(7,40): error ARIA3009: Operation 'a.get' is of class keyed, but does not say which header carries the key. Add \"idempotency\": { \"header\": \"Idempotency-Key\", \"validity\": \"24h\" }.",
        ]);

    [Fact]
    public void Read_EventsWithoutWebhook_Found() =>
        Findings(Good.Replace("\"webhook\":", "\"description\": \"\", \"hook\":", StringComparison.Ordinal)).ShouldContain("(6,3): error ARIA3013: The connector declares events, but not how they arrive. Add \"webhook\", or \"poll\" to each event.");

    [Fact]
    public void Read_PagedWithoutPaging_Found() =>
        Findings(Good.Replace("\"effect\": \"read\"", "\"effect\": \"read\", \"reads\": [{ \"id\": \"x\", \"request\": { \"method\": \"GET\", \"path\": \"/x\" }, \"paged\": true, \"sample\": [] }]", StringComparison.Ordinal))
            .ShouldBe(["(7,126): error ARIA3012: The request is paged, but the connector does not say how lists are paged. Add \"paging\" to 'http', for example { \"link\": \"next\" }."]);

    [Fact]
    public void Read_CodeWithoutTheAbility_NamesTheClass()
    {
        var bag = new DiagnosticBag();
        var files = new TestFolder(Good.Replace("{ \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }", "\"code\"", StringComparison.Ordinal)).With("made.json", """{"t":"made","id":"1"}""");
        ConnectorReader.Read(files, new Nothing(), new MappingCompiler(), bag).ShouldBeNull();
        Diagnostic finding = bag.Items.ShouldHaveSingleItem();
        finding.Fault.ShouldBe(DiagnosticFault.Connector);
        finding.Summary.ShouldBe("\"code\" needs a class that implements 'IAuthenticates', but 'Aria.Pipelines.Tests.Connectors.ConnectorReaderTests+Nothing' does not implement it.");
    }

    [Theory]
    [InlineData("""{ "setting": "nowhere", "feeds": { "lookup": FEED, "keyed": FEED } }""",
        "(6,48): error ARIA3004: Setting 'nowhere' cannot choose among these feeds. Declare it as a string with a default and \"allowed\": [\"lookup\", \"keyed\"].")]
    [InlineData("""{ "setting": "how", "feeds": { "lookup": FEED, "other": FEED } }""",
        "(6,48): error ARIA3004: Setting 'how' cannot choose among these feeds. Declare it as a string with a default and \"allowed\": [\"lookup\", \"other\"].")]
    [InlineData("""{ "setting": "how", "feeds": { "lookup": FEED, "keyed": { "request": { "method": "GET", "path": "/a" }, "items": "", "cursor": { "watermark": { "field": "/id" } } } } }""",
        "(6,35): error ARIA3013: Feeds among which a setting chooses have to have the same kind of cursor. Where one stood, the other goes on.")]
    [InlineData("""{ "setting": "how", "feeds": { "lookup": "hook", "keyed": FEED } }""",
        "(6,76): error ARIA1006: 'hook' is not allowed here. Known: webhook.")]
    [InlineData("""{ "request": { "method": "GET", "path": "/a" }, "items": "", "cursor": { "queue": {} }, "interval": { "setting": "baseUrl" } }""",
        "(6,135): error ARIA3004: Setting 'baseUrl' cannot hold an interval. Declare it as a string with a default such as \"1m\".")]
    [InlineData("""{ "request": { "method": "GET", "path": "/a" }, "items": "", "cursor": { "queue": { "open": { "method": "PUT", "path": "/a" } } } }""",
        "(6,117): error ARIA3013: The queue tells what it gave out, but nothing keeps it. Add \"position\": what 'poll.after' is after an answer.")]
    public void Read_FeedBySetting_MistakesAreSaid(string poll, string expected) => Findings(Good.Replace(
        "\"wireType\": \"made\",", $"\"poll\": {poll.Replace("FEED", """{ "request": { "method": "GET", "path": "/a" }, "items": "", "cursor": { "timestamp": { "field": "/at" } } }""", StringComparison.Ordinal)},", StringComparison.Ordinal))
        .ShouldBe([expected]);

    [Fact]
    public void Read_BodiesByCodeWithoutCode_IsSaid() => Findings(Good.Replace("\"auth\":", "\"format\": \"code\", \"auth\":", StringComparison.Ordinal)).ShouldBe(
        ["(4,60): error ARIA3010: \"code\" needs a class that implements 'ITranslatesBodies', but this connector has no code. Put the connector's DLL into its folder, or describe this part in JSON."]);

    private static string[] Findings(string connector)
    {
        var bag = new DiagnosticBag();
        TestFolder files = new TestFolder(connector)
            .With("made.json", """{"t":"made","id":"1"}""").With("other.json", """{"t":"other"}""").With("bad.json", "{")
            .With("shape.js", "({\n  x: 1, y: settings.apiKey\n})");
        Connector? read = ConnectorReader.Read(files, null, new MappingCompiler(), bag);
        (read is null).ShouldBe(bag.HasErrors);
        return [.. bag.Items.Select(d => d.ToString().Replace("plugins/Test/connector.json", "", StringComparison.Ordinal).Replace("plugins/Test/", "", StringComparison.Ordinal))];
    }

    private sealed class Nothing : IConnector;
}

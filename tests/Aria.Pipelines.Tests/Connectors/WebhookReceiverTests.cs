using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class WebhookReceiverTests : IDisposable
{
    private static readonly string GreenhouseSamples = Path.Combine(Plugins.Root, "plugins", "Greenhouse", "samples");
    private readonly ConnectorRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("new_candidate_application", "application.created", "application:71980812", "application_id=71980812")]
    [InlineData("application_updated", "application.updated", "application:22202940", "application_id=22202940")]
    [InlineData("candidate_stage_change", "application.stage_changed", "application:265277", "application_id=265277")]
    [InlineData("hire_candidate", "application.hired", "application:46194062", "application_id=46194062")]
    [InlineData("unhire_candidate", "application.unhired", "application:265293", "application_id=265293")]
    [InlineData("reject_candidate", "application.rejected", "application:265293", "application_id=265293")]
    [InlineData("unreject_candidate", "application.unrejected", "application:265293", "application_id=265293")]
    [InlineData("delete_application", "application.deleted", "application:46194062", "application_id=46194062")]
    [InlineData("new_prospect_application", "prospect.created", "application:979554", "application_id=979554")]
    [InlineData("update_candidate", "candidate.updated", "candidate:265772", "candidate_id=265772")]
    [InlineData("delete_candidate", "candidate.deleted", "candidate:37031511", "candidate_id=37031511")]
    [InlineData("merge_candidate", "candidate.merged", "candidate:265772", "candidate_id=265772 merged_into_id=265799")]
    [InlineData("candidate_anonymized", "candidate.anonymized", "candidate:37031511", "candidate_id=37031511")]
    [InlineData("offer_created", "offer.created", "application:234556", "offer_id=12345 application_id=234556")]
    [InlineData("offer_approved", "offer.approved", "application:265277", "offer_id=506409 application_id=265277")]
    [InlineData("offer_updated", "offer.updated", "application:265277", "offer_id=506409 application_id=265277")]
    [InlineData("offer_deleted", "offer.deleted", "application:46194062", "offer_id=506406 application_id=46194062")]
    [InlineData("job_created", "job.created", "job:371417", "job_id=371417")]
    [InlineData("job_updated", "job.updated", "job:100445", "job_id=100445")]
    [InlineData("job_approved", "job.approved", "job:100445", "job_id=100445")]
    [InlineData("job_deleted", "job.deleted", "job:3485", "job_id=3485")]
    [InlineData("job_post_created", "job_post.created", "job_post:1815002", "job_post_id=1815002 job_id=1842002")]
    [InlineData("job_post_updated", "job_post.updated", "job_post:1813002", "job_post_id=1813002 job_id=1842002")]
    [InlineData("job_post_deleted", "job_post.deleted", "job_post:553282", "job_post_id=553282 job_id=3485")]
    [InlineData("job_interview_stage_deleted", "stage.deleted", "stage:430608", "stage_id=430608 job_id=60453")]
    [InlineData("interview_deleted", "interview.deleted", "interview:31087450", "interview_id=31087450")]
    [InlineData("scorecard_deleted", "scorecard.deleted", "candidate:265772", "scorecard_id=6036001 candidate_id=265772")]
    [InlineData("department_deleted", "department.deleted", "department:237", "department_id=237")]
    [InlineData("office_deleted", "office.deleted", "office:16492", "office_id=16492")]
    public void Receive_EveryActionOfGreenhouse_DecodedAndAcknowledgedWith200(string action, string type, string subject, string correlation)
    {
        byte[] body = File.ReadAllBytes(Path.Combine(GreenhouseSamples, action + ".json"));
        Reception reception = _rig.Receiver.Receive(Plugins.Connect(Plugins.Greenhouse), Signed(body));
        reception.RejectStatus.ShouldBeNull();
        reception.AckStatus.ShouldBe(200);
        DecodedEvent decoded = reception.Events.ShouldHaveSingleItem();
        decoded.QuarantineCode.ShouldBeNull();
        (decoded.Type, decoded.Subject).ShouldBe((type, subject));
        decoded.DedupeKey.ShouldBe(body);
        decoded.Body.ShouldBe(body);
        string.Join(' ', decoded.Correlation.Select(c => $"{c.Key}={c.Value}")).ShouldBe(correlation);
    }

    [Fact]
    public void GreenhouseSamples_OnDisk_AreThoseOfTheTheoryAbove() => Directory.GetFiles(GreenhouseSamples, "*.json").Length.ShouldBe(29);

    [Theory]
    [InlineData("""{"action":"ping","payload":{}}""", "raw.ping")]
    [InlineData("""{"payload":{}}""", "raw.unknown")]
    [InlineData("""{"action":7}""", "raw.unknown")]
    [InlineData("""{"action":"a b\nc"}""", "raw.unknown")]
    [InlineData("{}", "raw.unknown")]
    public void Receive_UnknownOrAbsentType_RawEventAccepted(string body, string type)
    {
        Reception reception = _rig.Receiver.Receive(Plugins.Connect(Plugins.Greenhouse), Signed(Encoding.UTF8.GetBytes(body)));
        reception.RejectStatus.ShouldBeNull();
        reception.Events.ShouldHaveSingleItem().Type.ShouldBe(type);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("{} x", "invalid_json")]
    [InlineData("{'a':1}", "invalid_json")]
    [InlineData("null", "not_object")]
    [InlineData("[]", "not_object")]
    [InlineData("\"x\"", "not_object")]
    [InlineData("""{"a":1,"a":2}""", "duplicate_key")]
    [InlineData("""{"a":{"b":1,"\u0062":2}}""", "duplicate_key")]
    [InlineData("""{"a":"\ud800"}""", "invalid_unicode")]
    [InlineData("""{"action":"candidate_stage_change","payload":{}}""", "subject_failed")]
    public void Receive_SignedButUndecodable_QuarantinedAndAcknowledged(string text, string code)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        Reception reception = _rig.Receiver.Receive(Plugins.Connect(Plugins.Greenhouse), Signed(body));
        reception.RejectStatus.ShouldBeNull();
        reception.AckStatus.ShouldBe(200);
        DecodedEvent decoded = reception.Events.ShouldHaveSingleItem();
        decoded.QuarantineCode.ShouldBe(code);
        decoded.Type.ShouldBe("");
        decoded.Body.ShouldBe(body);
        decoded.DedupeKey.ShouldBe(body);
    }

    [Fact]
    public void Receive_InvalidUtf8_QuarantinedWithItsBytes()
    {
        byte[] body = [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8];
        DecodedEvent decoded = _rig.Receiver.Receive(Plugins.Connect(Plugins.Greenhouse), Signed(body)).Events.ShouldHaveSingleItem();
        decoded.QuarantineCode.ShouldBe("invalid_unicode");
        decoded.Body.ShouldBe(body);
    }

    [Theory]
    [InlineData(56, null)]
    [InlineData(57, "json_too_deep")]
    [InlineData(65, "json_too_deep")]
    [InlineData(100_000, "json_too_deep")]
    public void Receive_DeepJson_WithinTheLimitCanonicalAndBeyondItQuarantined(int depth, string? code)
    {
        string body = $$"""{"a":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
        Connection connection = Plugins.Connect(Plugins.Greenhouse);
        DecodedEvent decoded = _rig.Receiver.Receive(connection, Signed(Encoding.UTF8.GetBytes(body))).Events.ShouldHaveSingleItem();
        decoded.QuarantineCode.ShouldBe(code);
        if (code is null)
        {
            _rig.Receiver.Canonical(connection, decoded.Type, "e1", decoded.Body).GetProperty("raw").GetRawText().ShouldBe(body);
        }
    }

    [Fact]
    public void Receive_ByteOrderMark_SignedOverItAndParsedWithoutIt()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{"action":"ping"}"""u8];
        Connection connection = Plugins.Connect(Plugins.Greenhouse);
        DecodedEvent decoded = _rig.Receiver.Receive(connection, Signed(body)).Events.ShouldHaveSingleItem();
        decoded.Type.ShouldBe("raw.ping");
        decoded.Body.ShouldBe(body);
        _rig.Receiver.Canonical(connection, decoded.Type, "e1", decoded.Body).GetProperty("raw").GetProperty("action").GetString().ShouldBe("ping");
    }

    [Fact]
    public void Receive_WrongSignature_RefusedWithNothingDecoded()
    {
        Reception reception = _rig.Receiver.Receive(Plugins.Connect(Plugins.Greenhouse), Signed("{}"u8.ToArray()) with { Body = "{ }"u8.ToArray() });
        reception.RejectStatus.ShouldBe(401);
        reception.RejectCode.ShouldBe("signature_invalid");
        reception.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Receive_SecretOfTheHostMissing_FailsClosed()
    {
        _rig.Secrets.Remove("webhookSecret");
        Reception reception = _rig.Receiver.Receive(Plugins.Connect(Plugins.Greenhouse), Signed("{}"u8.ToArray()));
        (reception.RejectStatus, reception.RejectCode).ShouldBe((401, "no_secret"));
    }

    [Theory]
    [InlineData("invited", "invited", null)]
    [InlineData("started", "started", null)]
    [InlineData("completed", "completed", 8.5)]
    [InlineData("no_show", "no_show", null)]
    public void Receive_AriaEvent_CorrelatedByInterview(string name, string status, double? score)
    {
        Connection connection = Plugins.Connect(Plugins.Aria);
        byte[] body = Plugins.Aria.Events[$"interview.{name}"].Samples[0].Body;
        string hex = Convert.ToHexStringLower(HMACSHA256.HashData("test-secret-1"u8, body));
        foreach (string value in (string[])[hex, "sha256=" + hex])
        {
            DecodedEvent decoded = _rig.Receiver.Receive(connection, Delivery(body, ("X-ARIA-Signature", value))).Events.ShouldHaveSingleItem();
            decoded.Type.ShouldBe($"interview.{name}");
            decoded.Subject.ShouldBe("interview:int_456def");
            decoded.Correlation.ShouldBe([new("interview_id", "int_456def")]);
            JsonElement canonical = _rig.Receiver.Canonical(connection, decoded.Type, "e1", decoded.Body);
            canonical.EnumerateObject().Select(p => p.Name).ShouldBe(
                ["interview_id", "status", "score", "recommendation", "transcript_url", "recording_url", "completed_at", "insights", "occurred_at", "type", "id", "raw"]);
            canonical.GetProperty("status").GetString().ShouldBe(status);
            canonical.GetProperty("score").ToString().ShouldBe(score is null ? "" : "8.5");
        }
    }

    [Fact]
    public void Receive_SplitList_OneEventPerItemWithItsOwnBytes()
    {
        Connector connector = Plugins.Greenhouse with { Webhook = Plugins.Greenhouse.Webhook! with { Split = "/events", Dedupe = ["/action", "/n"] } };
        byte[] body = """{"events":[ {"action":"ping","n": 1}, {"action":"ping","n":2}, 3 ]}"""u8.ToArray();
        IReadOnlyList<DecodedEvent> events = _rig.Receiver.Receive(Plugins.Connect(connector), Signed(body)).Events;
        events.Select(e => Encoding.UTF8.GetString(e.Body)).ShouldBe(["""{"action":"ping","n": 1}""", """{"action":"ping","n":2}""", "3"]);
        events.Select(e => e.QuarantineCode).ShouldBe([null, null, "not_object"]);
        events[0].DedupeKey.ShouldBe([0, 0, 0, 6, .. "\"ping\""u8, 0, 0, 0, 1, (byte)'1']);
        EventDecoder.Decode(Plugins.Connect(connector), """{"events":{}}"""u8.ToArray()).ShouldHaveSingleItem().QuarantineCode.ShouldBe("not_array");
        EventDecoder.Decode(Plugins.Connect(connector), """{"events":[]}"""u8.ToArray()).ShouldBeEmpty();
    }

    [Fact]
    public void Receive_HeadersThatBelongToTheEvent_PayloadHoldsThemAndAReplayToo()
    {
        Connector connector = Plugins.Greenhouse with { Webhook = Plugins.Greenhouse.Webhook! with { Headers = ["X-Event", "X-Link"], TypePointer = "/headers/x-event", Dedupe = ["body"] } };
        Connection connection = Plugins.Connect(connector);
        byte[] body = """{ "headers": {}, "body": 1 }"""u8.ToArray();
        Delivery delivery = Signed(body);
        delivery = delivery with { Headers = new Dictionary<string, IReadOnlyList<string>>(delivery.Headers) { ["x-event"] = ["made"], ["X-LINK"] = ["a", "b"] } };
        DecodedEvent decoded = _rig.Receiver.Receive(connection, delivery).Events.ShouldHaveSingleItem();
        decoded.Type.ShouldBe("raw.made");
        Encoding.UTF8.GetString(decoded.Body).ShouldBe("""{"headers":{"x-event":"made","x-link":null},"body":{ "headers": {}, "body": 1 }}""");
        decoded.DedupeKey.ShouldBe(body, "headers are not signed here: another value must not make another event");
        DecodedEvent again = _rig.Receiver.DecodeAgain(connection, delivery with { Body = decoded.Body, Headers = new Dictionary<string, IReadOnlyList<string>>() }).ShouldHaveSingleItem();
        (again.Type, Encoding.UTF8.GetString(again.Body)).ShouldBe((decoded.Type, Encoding.UTF8.GetString(decoded.Body)));
        again.DedupeKey.ShouldBe(body);
    }

    [Fact]
    public void Receive_NoJsonBesideHeaders_QuarantinedAsItCameAndReadWithTheHeadersLater()
    {
        Connector connector = Plugins.Greenhouse with { Webhook = Plugins.Greenhouse.Webhook! with { Headers = ["X-Event"], TypePointer = "/headers/x-event", Dedupe = ["/headers/x-event"] } };
        byte[] body = "{"u8.ToArray();
        DecodedEvent decoded = _rig.Receiver.Receive(Plugins.Connect(connector), Signed(body)).Events.ShouldHaveSingleItem();
        (decoded.QuarantineCode, Encoding.UTF8.GetString(decoded.Body)).ShouldBe(("invalid_json", "{"));
        Delivery stored = Delivery("{}"u8.ToArray(), ("X-Event", "made"));
        DecodedEvent later = _rig.Receiver.DecodeAgain(Plugins.Connect(connector), stored).ShouldHaveSingleItem();
        (later.Type, Encoding.UTF8.GetString(later.Body)).ShouldBe(("raw.made", """{"headers":{"x-event":"made"},"body":{}}"""));
    }

    [Fact]
    public void Canonical_MappingFails_SaysWhere()
    {
        MappingException failure = Should.Throw<MappingException>(() =>
            _rig.Receiver.Canonical(Plugins.Connect(Plugins.Greenhouse), "application.created", "e1", """{"action":"new_candidate_application"}"""u8.ToArray()));
        failure.Diagnostic.File.ShouldBe("plugins/Greenhouse/application-event.js");
        failure.Diagnostic.Line.ShouldBe(3);
    }

    private static Delivery Signed(byte[] body) =>
        Delivery(body, ("Signature", "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData("test-secret-1"u8, body))));

    private static Delivery Delivery(byte[] body, (string Name, string Value) header) => new(
        "POST", new Dictionary<string, IReadOnlyList<string>> { [header.Name] = [header.Value] }, new Dictionary<string, IReadOnlyList<string>>(), body, DateTimeOffset.UnixEpoch);
}

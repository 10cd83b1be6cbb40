using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The shape that pipelines see of Greenhouse's documented deliveries.</summary>
public sealed class GreenhouseEventTests : IDisposable
{
    private readonly ConnectorRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Canonical_StageChange_AsDocumented() => Canonical("application.stage_changed", Sample("application.stage_changed")).ShouldBe(Compact("""
        {
          "application": { "id": "265277", "status": "active", "stage": { "id": "71416", "name": "Assessment" }, "applied_at": "2013-03-22T00:00:00Z",
            "url": "https://app.greenhouse.io/people/265772?application_id= 265277", "source": "Agency" },
          "candidate": { "id": "265772", "first_name": "Giuseppe", "last_name": "Hurley", "name": "Giuseppe Hurley", "email": "giuseppe.hurley@example.com",
            "email_canonical": "giuseppe.hurley@example.com", "phone": "330-281-8004", "resume_url": "https://prod-heroku.s3.amazonaws.com/...", "url": "https://app.greenhouse.io/people/265772" },
          "job": { "id": "3485", "title": "Designer", "requisition_id": null },
          "type": "application.stage_changed", "id": "evt-1"
        }
        """));

    [Fact]
    public void Canonical_Hire_HasStatusButNoStage() => Canonical("application.hired", Sample("application.hired")).ShouldBe(Compact("""
        {
          "application": { "id": "46194062", "status": "hired", "stage": { "id": null, "name": null }, "applied_at": null,
            "url": "https://app.greenhouse.io/people/35897443?application_id=46194062", "source": "Monster" },
          "candidate": { "id": "35897443", "first_name": "Johnny", "last_name": "Smith", "name": "Johnny Smith", "email": "personal@example.com",
            "email_canonical": "personal@example.com", "phone": "518-555-1212", "resume_url": "https://prod-heroku.s3.amazonaws.com/...", "url": "https://app.greenhouse.io/people/35897443" },
          "job": { "id": "323753", "title": "Developer", "requisition_id": null },
          "type": "application.hired", "id": "evt-1"
        }
        """));

    [Fact]
    public void Canonical_NewApplication_PrefersThePersonalAddress()
    {
        JsonElement candidate = JsonElement.Parse(Canonical("application.created", Sample("application.created"))).GetProperty("candidate");
        candidate.GetProperty("email").GetString().ShouldBe("person@example.com");
        candidate.GetProperty("phone").GetString().ShouldBe("555-555-5555");
    }

    [Fact]
    public void Canonical_Rejected_HasNoCandidateUrlOnTheWireAndGetsOne() =>
        JsonElement.Parse(Canonical("application.rejected", Sample("application.rejected"))).GetProperty("candidate").GetProperty("url").GetString()
            .ShouldBe("https://app.greenhouse.io/people/265788");

    [Theory]
    [InlineData("[]", null)]
    [InlineData("""[{"id":1,"name":"A"},{"id":2,"name":"B"}]""", null)]
    [InlineData("""[{"id":1,"name":"A","requisition_id":"R-1"}]""", "1")]
    public void Canonical_SeveralJobsOrNone_JobUnknown(string jobs, string? id)
    {
        JsonNode body = JsonNode.Parse(Sample("application.stage_changed"))!;
        body["payload"]!["application"]!["jobs"] = JsonNode.Parse(jobs);
        JsonElement job = JsonElement.Parse(Canonical("application.stage_changed", Encoding.UTF8.GetBytes(body.ToJsonString()))).GetProperty("job");
        job.GetProperty("id").GetString().ShouldBe(id);
        job.GetProperty("title").GetString().ShouldBe(id is null ? null : "A");
    }

    [Fact]
    public void Canonical_NothingKnown_EveryMemberPresentAndNull() =>
        Canonical("application.created", """{"action":"new_candidate_application","payload":{"application":{"id":1}}}"""u8.ToArray()).ShouldBe(Compact("""
        {
          "application": { "id": "1", "status": null, "stage": { "id": null, "name": null }, "applied_at": null, "url": null, "source": null },
          "candidate": { "id": null, "first_name": null, "last_name": null, "name": null, "email": null, "email_canonical": null, "phone": null, "resume_url": null, "url": null },
          "job": { "id": null, "title": null, "requisition_id": null },
          "type": "application.created", "id": "evt-1"
        }
        """));

    [Fact]
    public void Canonical_CandidateUpdated_OnlyTheCandidate() => Canonical("candidate.updated", Sample("candidate.updated")).ShouldBe(Compact("""
        {
          "candidate": { "id": "265772", "first_name": "Giuseppe", "last_name": "Hurley", "name": "Giuseppe Hurley", "email": "g.hurley@example.com",
            "email_canonical": "g.hurley@example.com", "phone": "330-281-8004", "resume_url": null, "url": "https://app.greenhouse.io/people/265772" },
          "type": "candidate.updated", "id": "evt-1"
        }
        """));

    [Fact]
    public void Canonical_ApplicationDeleted_OnlyTheIds() => Canonical("application.deleted", Sample("application.deleted")).ShouldBe(Compact("""
        {
          "application": { "id": "46194062", "status": null, "stage": { "id": null, "name": null }, "applied_at": null, "url": null, "source": null },
          "candidate": { "id": "37031511", "first_name": null, "last_name": null, "name": null, "email": null, "email_canonical": null, "phone": null, "resume_url": null, "url": null },
          "job": { "id": "371417", "title": null, "requisition_id": null },
          "type": "application.deleted", "id": "evt-1"
        }
        """));

    [Theory]
    [InlineData("candidate.deleted", "\"candidate\":{\"id\":\"37031511\",\"first_name\":\"Jack\",\"last_name\":\"Sparrow\",\"name\":\"Jack Sparrow\",\"email\":null,\"email_canonical\":null,\"phone\":null,\"resume_url\":null,\"url\":null}")]
    [InlineData("candidate.merged", "\"url\":null},\"merged_into\":{\"id\":\"265799\"}")]
    [InlineData("candidate.anonymized", "\"candidate\":{\"id\":\"37031511\",\"first_name\":null,")]
    [InlineData("scorecard.deleted", "\"url\":\"https://app.greenhouse.io/people/265772\"},\"scorecard\":{\"id\":\"6036001\",\"status\":\"complete\"}")]
    [InlineData("prospect.created", "\"stage\":{\"id\":null,\"name\":null}")]
    [InlineData("offer.created", "{\"offer\":{\"id\":\"12345\",\"status\":\"Accepted\",\"version\":1},\"application\":{\"id\":\"234556\",\"status\":null,")]
    [InlineData("offer.deleted", "{\"offer\":{\"id\":\"506406\",\"status\":\"Created\",\"version\":1},\"application\":{\"id\":\"46194062\",\"status\":null,")]
    [InlineData("job.updated", "{\"job\":{\"id\":\"100445\",\"title\":\"Assistant Store Manager, NYC\",\"requisition_id\":null},\"type\":\"job.updated\"")]
    [InlineData("job_post.created", "{\"job\":{\"id\":\"1842002\",\"title\":null,\"requisition_id\":null},\"job_post\":{\"id\":\"1815002\",\"title\":\"A Cool Job\"},")]
    [InlineData("job_post.deleted", "{\"job\":{\"id\":\"3485\",\"title\":null,\"requisition_id\":null},\"job_post\":{\"id\":\"553282\",\"title\":\"Designer, digital and print\"},")]
    [InlineData("stage.deleted", "{\"job\":{\"id\":\"60453\",\"title\":null,\"requisition_id\":null},\"stage\":{\"id\":\"430608\",\"name\":\"Phone Screen\"},")]
    [InlineData("interview.deleted", "{\"interview\":{\"id\":\"31087450\"},")]
    [InlineData("office.deleted", "{\"office\":{\"id\":\"16492\",\"name\":\"New York\"},")]
    public void Canonical_OtherEvents_HoldWhatIsSent(string type, string part) => Canonical(type, Sample(type)).ShouldContain(part);

    [Fact]
    public void Canonical_Raw_IsTheVendorsPayloadUnchanged()
    {
        byte[] body = Sample("application.created");
        JsonElement raw = _rig.Receiver.Canonical(Plugins.Connect(Plugins.Greenhouse), "application.created", "evt-1", body).GetProperty("raw");
        JsonElement.DeepEquals(raw, JsonElement.Parse(body)).ShouldBeTrue();
    }

    private static byte[] Sample(string type) => Plugins.Greenhouse.Events[type].Samples[0].Body;

    private string Canonical(string type, byte[] body)
    {
        JsonObject canonical = JsonNode.Parse(_rig.Receiver.Canonical(Plugins.Connect(Plugins.Greenhouse), type, "evt-1", body).GetRawText())!.AsObject();
        canonical.Remove("raw").ShouldBeTrue();
        return Compact(canonical.ToJsonString());
    }

    private static string Compact(string json) => Encoding.UTF8.GetString(ConnectorJson.ToBytes(JsonNode.Parse(json)));
}

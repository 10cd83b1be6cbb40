using System.Net.Http.Headers;
using System.Text;

namespace Aria.Pipelines.Tests.Sandbox.Workday;

/// <summary>Tokens, and the report that takes them as it takes the user's password.</summary>
public sealed class AccessTests
{
    private const string Token = "/ccx/oauth2/acme_preview/token";
    private const string Report = "/ccx/service/customreport2/acme_preview/ISU_ARIA/ARIA_Stage_Changes";

    [Fact]
    public async Task Token_ForARefreshToken_ByBasicOrInTheBody_UntilItEnds()
    {
        await using WorkdayRig rig = await WorkdayRig.StartAsync();
        rig.Client.Authorization = Basic("workday-sandbox-client", "workday-sandbox-secret");
        SandboxReply reply = await TokenAsync(rig, ("grant_type", "refresh_token"), ("refresh_token", "workday-sandbox-refresh-token"));
        reply.Status.ShouldBe(200, reply.Body);
        (reply.Json.GetProperty("token_type").GetString(), reply.Json.GetProperty("expires_in").GetInt32()).ShouldBe(("Bearer", 3600));
        rig.Client.Authorization = null;
        (await TokenAsync(rig, ("grant_type", "refresh_token"), ("refresh_token", "workday-sandbox-refresh-token"), ("client_id", "workday-sandbox-client"), ("client_secret", "workday-sandbox-secret"))).Status.ShouldBe(200);

        rig.Client.Authorization = new("Bearer", reply.Json.GetProperty("access_token").GetString());
        (await rig.PostAsync(WorkdayRig.Envelope("<wd:Server_Timestamp_Get/>", header: ""))).Status.ShouldBe(200, "a bearer needs no WS-Security");
        rig.Time.Advance(TimeSpan.FromHours(1));
        (await rig.PostAsync(WorkdayRig.Envelope("<wd:Server_Timestamp_Get/>", header: ""))).Status.ShouldBe(500);
    }

    [Theory]
    [InlineData("client_credentials", "workday-sandbox-refresh-token", "workday-sandbox-secret", 400)]
    [InlineData("refresh_token", "other", "workday-sandbox-secret", 400)]
    [InlineData("refresh_token", "workday-sandbox-refresh-token", "other", 401)]
    [InlineData("urn:ietf:params:oauth:grant-type:saml2-bearer", "", "workday-sandbox-secret", 400)]
    public async Task Token_WithWhatIsNotGranted_Refused(string grant, string refreshToken, string secret, int status)
    {
        await using WorkdayRig rig = await WorkdayRig.StartAsync();
        rig.Client.Authorization = Basic("workday-sandbox-client", secret);
        (await TokenAsync(rig, ("grant_type", grant), ("refresh_token", refreshToken), ("assertion", "PGEvPg"))).Status.ShouldBe(status);
        rig.Sandbox.State.Counts.Tokens.ShouldBe(0);
    }

    [Fact]
    public async Task Report_JsonAndXml_RowsBetweenThePrompts()
    {
        await using WorkdayRig rig = await WorkdayRig.StartAsync();
        string id = rig.Sandbox.Apply(WorkdayRig.Jane);
        rig.Time.Advance(TimeSpan.FromHours(1));
        rig.Sandbox.MoveTo(id, "ASSESS_CANDIDATE");
        (await rig.Client.GetAsync(Report)).Status.ShouldBe(401);
        rig.Client.Authorization = Basic("ISU_ARIA", "workday-sandbox-password");
        (await rig.Client.GetAsync($"{Report}?format=json")).Json.GetProperty("Report_Entry").GetArrayLength().ShouldBe(2);
        SandboxReply xml = await rig.Client.GetAsync($"{Report}?Changed_From=2026-10-01T10:00:00Z&Changed_Through=2026-10-01T11:00:00Z");
        xml.Body.ShouldContain("<wd:Workflow_Step_ID>ASSESS_CANDIDATE</wd:Workflow_Step_ID>");
        xml.Body.ShouldNotContain("REVIEW");
        (await rig.Client.GetAsync($"{Report}?Since=1")).Status.ShouldBe(400);
        (await rig.Client.GetAsync($"{Report}?Changed_From=yesterday")).Status.ShouldBe(400);
        (await rig.Client.GetAsync($"{Report}?format=csv")).Status.ShouldBe(400);
        (await rig.Client.GetAsync(Report.Replace("ARIA_", "", StringComparison.Ordinal))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Control_ApplyMoveAndState_AsOverTheApi()
    {
        await using WorkdayRig rig = await WorkdayRig.StartAsync();
        SandboxReply applied = await rig.Client.PostAsync("/_sandbox/applications", """{"name":"Zoë Lee","email":"zoe@example.com"}""");
        string id = applied.Json.GetProperty("application_id").GetString()!;
        (await rig.Client.PostAsync($"/_sandbox/applications/{id}/move", """{"step":"ASSESS_CANDIDATE"}""")).Status.ShouldBe(200);
        (await rig.Client.PostAsync($"/_sandbox/applications/{id}/move", """{"step":"NOWHERE"}""")).Status.ShouldBe(404);
        (await rig.Client.PostAsync($"/_sandbox/applications/{id}/reject", "{}")).Json.GetProperty("in_progress").GetBoolean().ShouldBeFalse();
        SandboxReply state = await rig.Client.GetAsync("/_sandbox/state");
        state.Json.GetProperty("moves").GetArrayLength().ShouldBe(3);
        state.Json.GetProperty("applications")[0].GetProperty("assessments")[0].GetProperty("status").GetString().ShouldBe("INITIATED");
    }

    private static Task<SandboxReply> TokenAsync(WorkdayRig rig, params (string Name, string Value)[] form) =>
        rig.Client.SendAsync("POST", Token, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    private static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}

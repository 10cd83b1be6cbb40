using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday;
using static Aria.Pipelines.Tests.Sandbox.Workday.WorkdayRig;

namespace Aria.Pipelines.Tests.Sandbox.Workday;

/// <summary>What the web service takes and what it refuses, in the vendor's words where it has published them.</summary>
public sealed class RecruitingServiceTests
{
    private const string Timestamp = "<wd:Server_Timestamp_Get/>";

    [Fact]
    public async Task Login_WrongUserPasswordOrKind_AuthenticationFault()
    {
        await using WorkdayRig rig = await StartAsync();
        foreach (string header in new[] { "", User(user: "ISU_ARIA"), User(user: "ISU_ARIA@other"), User(password: "x"), User(type: "#PasswordDigest"), User().Replace("soapenv:mustUnderstand=\"1\" ", "", StringComparison.Ordinal) })
        {
            (await rig.RefusedAsync(Timestamp, header: header)).ShouldBe(["invalid username or password"]);
        }

        (await rig.AskAsync(Timestamp)).Value.ShouldBe("2026-10-01T09:00:00.000Z");
        rig.Sandbox.Requests.Entries.ShouldAllBe(e => !e.Body.Contains("workday-sandbox-password"), "a password is not kept");
    }

    [Theory]
    [InlineData("not xml")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData("<a/>")]
    [InlineData("<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body/></soapenv:Envelope>")]
    [InlineData("<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Header><a soapenv:mustUnderstand=\"1\"/></soapenv:Header><soapenv:Body><b/></soapenv:Body></soapenv:Envelope>")]
    public async Task Request_ThatIsNoEnvelope_ClientFault(string body)
    {
        await using WorkdayRig rig = await StartAsync();
        SandboxReply reply = await rig.PostAsync(body);
        reply.Status.ShouldBe(500);
        Body(reply).Element("faultcode")!.Value.ShouldBeOneOf("env:Client", "env:MustUnderstand");
    }

    [Fact]
    public async Task Request_OfAnotherMediaTypeVersionOrTenant_Refused()
    {
        await using WorkdayRig rig = await StartAsync();
        (await rig.Client.PostAsync(Recruiting + "v31.2", Envelope(Timestamp))).Status.ShouldBe(500, "it is not text/xml");
        (await rig.RefusedAsync(Timestamp, "v12.0")).ShouldBe(["There is no version 'v12.0' of Recruiting here."]);
        (await rig.RefusedAsync("<wd:Server_Timestamp_Get wd:version=\"v26.1\"/>")).ShouldBe(["The message is of version v26.1, the address of v31.2."]);
        (await rig.Client.PostAsync("/ccx/service/other/Recruiting/v31.2", "")).Status.ShouldBe(404);
        (await rig.RefusedAsync("<wd:Put_Candidate_Note_Request/>")).ShouldHaveSingleItem().ShouldStartWith("There is no message");
    }

    [Fact]
    public async Task Request_OverTheLimit_429WithRetryAfter()
    {
        await using WorkdayRig rig = await StartAsync(new WorkdayOptions { RequestsPerSecond = 1 });
        await rig.AskAsync(Timestamp);
        SandboxReply reply = await rig.PostAsync(Envelope(Timestamp));
        (reply.Status, reply.Headers["Retry-After"]).ShouldBe((429, "1"));
    }

    [Fact]
    public async Task GetCandidates_ByReference_ApplicationsWithTypedIdsAndDescriptorsWhenAsked()
    {
        await using WorkdayRig rig = await StartAsync();
        string id = rig.Sandbox.Apply(Jane);
        const string Request = """<wd:Get_Candidates_Request wd:version="v31.2"><wd:Request_References><wd:Candidate_Reference><wd:ID wd:type="Candidate_ID">C00001</wd:ID></wd:Candidate_Reference></wd:Request_References><wd:Response_Group><wd:Exclude_All_Attachments>true</wd:Exclude_All_Attachments></wd:Response_Group></wd:Get_Candidates_Request>""";
        XElement plain = await rig.AskAsync(Request);
        plain.Descendants(Wd + "Job_Application_Reference").Single().Elements().Select(e => (string)e.Attribute(Wd + "type")!).ShouldBe(["WID", "Job_Application_ID"]);
        plain.Descendants(Wd + "Job_Application_Reference").Single().Value.ShouldEndWith(id);
        plain.Descendants().Attributes(Wd + "Descriptor").ShouldBeEmpty();
        plain.Descendants(Wd + "File_Content").ShouldBeEmpty();

        SandboxReply named = await rig.PostAsync(Envelope(Request, User() + "<wd:Workday_Common_Header><wd:Include_Reference_Descriptors_In_Response>true</wd:Include_Reference_Descriptors_In_Response></wd:Workday_Common_Header>"));
        ((string?)Body(named).Descendants(Wd + "Workflow_Step_Reference").Single().Attribute(Wd + "Descriptor")).ShouldBe("Review");
        (await rig.AskAsync("<wd:Get_Candidates_Request/>", "v26.1")).Descendants(Wd + "File_Content").ShouldNotBeEmpty("résumés come unless they are excluded");
    }

    [Theory]
    [InlineData("<wd:Request_Criteria><wd:First_Name>Jane</wd:First_Name></wd:Request_Criteria>", "Last Name is required if First Name is entered.")]
    [InlineData("<wd:Request_Criteria><wd:Applied_From>2026-02-01T00:00:00Z</wd:Applied_From><wd:Applied_Through>2026-01-01T00:00:00Z</wd:Applied_Through></wd:Request_Criteria>", "Applied From date must be greater or equal to Applied Through date.")]
    [InlineData("<wd:Response_Filter><wd:Page>0</wd:Page></wd:Response_Filter>", "Page Number cannot be zero.")]
    [InlineData("<wd:Response_Filter><wd:Count>1000</wd:Count></wd:Response_Filter>", "Count has to be a whole number from 1 to 999.")]
    [InlineData("<wd:Request_References><wd:Candidate_Reference><wd:ID wd:type=\"Candidate_ID\">C9</wd:ID></wd:Candidate_Reference></wd:Request_References>", "Invalid ID value. 'C9' is not a valid ID value for type = 'Candidate_ID'.")]
    public async Task GetCandidates_AgainstARule_ValidationFault(string part, string message)
    {
        await using WorkdayRig rig = await StartAsync();
        (await rig.RefusedAsync($"<wd:Get_Candidates_Request>{part}</wd:Get_Candidates_Request>")).ShouldBe([message]);
    }

    [Fact]
    public async Task GetCandidates_Pages_AsOfOneMoment()
    {
        await using WorkdayRig rig = await StartAsync();
        for (int i = 0; i < 3; i++)
        {
            rig.Sandbox.Apply(Jane);
        }

        string Page(int page) => $"<wd:Get_Candidates_Request><wd:Response_Filter><wd:As_Of_Entry_DateTime>2026-10-01T09:00:00.000Z</wd:As_Of_Entry_DateTime><wd:Page>{page}</wd:Page><wd:Count>2</wd:Count></wd:Response_Filter></wd:Get_Candidates_Request>";
        XElement first = await rig.AskAsync(Page(1));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        rig.Sandbox.Apply(Jane);
        rig.Sandbox.MoveTo("JOB_APPLICATION-3-3", "ASSESS_CANDIDATE");
        XElement second = await rig.AskAsync(Page(2));
        first.Element(Wd + "Response_Results")!.Element(Wd + "Total_Pages")!.Value.ShouldBe("2");
        second.Descendants(Wd + "Candidate_ID").Select(e => e.Value).ShouldBe(["C00003"], "who came later is not seen");
        second.Descendants(Wd + "Workflow_Step_Reference").Single().Value.ShouldEndWith("REVIEW", Case.Sensitive, "and neither is a later move");
    }

    [Fact]
    public async Task GetAssessCandidate_Window_StartedAndChangedWithinIt()
    {
        await using WorkdayRig rig = await StartAsync();
        string id = rig.Sandbox.Apply(Jane);
        rig.Time.Advance(TimeSpan.FromMinutes(10));
        rig.Sandbox.MoveTo(id, "ASSESS_CANDIDATE");
        string Window(string from, string to) => $"<wd:Get_Assess_Candidate_Request><wd:Request_Criteria><wd:From_Moment>2026-10-01T{from}Z</wd:From_Moment><wd:To_Moment>2026-10-01T{to}Z</wd:To_Moment></wd:Request_Criteria></wd:Get_Assess_Candidate_Request>";
        XElement inside = await rig.AskAsync(Window("09:10:00", "09:20:00"));
        inside.Descendants(Wd + "Assess_Candidate_Reference").Single().Value.ShouldBe("RECRUITING_ASSESSMENT-1-1");
        inside.Descendants(Wd + "Candidate_Reference").Single().Value.ShouldEndWith("C00001");
        (await rig.AskAsync(Window("09:00:00", "09:09:59"))).Descendants(Wd + "Assess_Candidate_Data").ShouldBeEmpty();
        (await rig.RefusedAsync(Window("09:00:00", "09:09:59"), "v26.1")).ShouldNotBeEmpty("v26.1 knows no windows");
    }

    [Fact]
    public async Task AssessCandidate_InTheStep_CreatesAndThenModifiesUnderTheSameId()
    {
        await using WorkdayRig rig = await StartAsync();
        string id = rig.Sandbox.Apply(Jane);
        (await rig.RefusedAsync(Assess(id))).ShouldBe(["The Candidate was never in the Assessment Business Process to add or update a Candidate Assessment."]);
        rig.Sandbox.MoveTo(id, "ASSESS_CANDIDATE");
        XElement answer = await rig.AskAsync(Assess(id));
        answer.Element(Wd + "Candidate_Assessment_Reference")!.Value.ShouldEndWith("MINE-1");
        await rig.AskAsync(Assess(id, score: "90"));
        WorkdaySnapshot state = rig.Sandbox.State;
        (state.Counts.AssessmentsCreated, state.Counts.AssessmentsModified).ShouldBe((1, 1));
        state.Application(id).Assessments.Single(a => !a.Started).Tests.ShouldHaveSingleItem().Score.ShouldBe(90);
    }

    [Theory]
    [InlineData("status", "Invalid ID value. 'NOPE' is not a valid ID value for type = 'Assessment_Status_ID'.")]
    [InlineData("test", "Invalid ID value. 'NOPE' is not a valid ID value for type = 'Reference_ID'.")]
    [InlineData("step", "The next step or disposition chosen is invalid for the job application process.")]
    public async Task AssessCandidate_WithWhatTheTenantDoesNotHave_ValidationFault(string what, string message)
    {
        await using WorkdayRig rig = await StartAsync();
        string id = rig.Sandbox.Apply(Jane);
        rig.Sandbox.MoveTo(id, "ASSESS_CANDIDATE");
        string request = what switch { "status" => Assess(id, status: "NOPE"), "test" => Assess(id, test: "NOPE"), _ => Assess(id, next: "OFFER") };
        (await rig.RefusedAsync(request)).ShouldBe([message]);
        rig.Sandbox.State.Counts.ShouldBe(new WorkdayCounts(0, 0, 0, 0, 0, 0, 0), "nothing was done");
    }

    [Fact]
    public async Task MoveCandidate_OnlyToWhatMayFollow_AndOnlyInProgress()
    {
        await using WorkdayRig rig = await StartAsync();
        string id = rig.Sandbox.Apply(Jane);
        (await rig.RefusedAsync(Move(id, "OFFER"))).ShouldBe(["The next step or disposition chosen is invalid for the job application process."]);
        await rig.AskAsync($"<wd:Move_Candidate_Request><wd:Move_Candidate_Data>{Application(id)}</wd:Move_Candidate_Data></wd:Move_Candidate_Request>");
        rig.Sandbox.State.Application(id).StepId.ShouldBe("REVIEW", "without parameters the process does not move");
        await rig.AskAsync(Move(id, "ASSESS_CANDIDATE"));
        rig.Sandbox.State.Moves[^1].ShouldBe(new WorkdayMoveView(id, "REVIEW", "ASSESS_CANDIDATE", true));
        rig.Sandbox.Dispose(id);
        (await rig.RefusedAsync(Move(id, "INTERVIEW"))).ShouldBe(["The Business Process must be in progress to move candidate to the next stage."]);
        const string Criteria = """<wd:Move_Candidate_Request><wd:Move_Candidate_Data><wd:Candidate_Criteria_Data><wd:Candidate_Reference><wd:ID wd:type="Candidate_ID">C00001</wd:ID></wd:Candidate_Reference><wd:Job_Requisition_Reference><wd:ID wd:type="Job_Requisition_ID">4056310</wd:ID></wd:Job_Requisition_Reference></wd:Candidate_Criteria_Data></wd:Move_Candidate_Data></wd:Move_Candidate_Request>""";
        (await rig.RefusedAsync(Criteria)).ShouldBe(["The provided Candidate and Job Requisition does not have precisely one Job Application Event in progress."]);
    }

    [Fact]
    public async Task PutCandidateAttachment_AddOnly_TheSecondIsRefused()
    {
        await using WorkdayRig rig = await StartAsync();
        rig.Sandbox.Apply(Jane);
        const string Put = """<wd:Put_Candidate_Attachment_Request wd:Add_Only="true"><wd:Candidate_Reference><wd:ID wd:type="Candidate_ID">C00001</wd:ID></wd:Candidate_Reference><wd:Candidate_Attachment_Data><wd:Attachment_Data><wd:ID>N-1</wd:ID><wd:Filename>n.txt</wd:Filename><wd:File_Content>SGVsbG8=</wd:File_Content></wd:Attachment_Data><wd:Document_Category_Reference><wd:ID wd:type="Document_Category_ID">ARIA_NOTE</wd:ID></wd:Document_Category_Reference></wd:Candidate_Attachment_Data></wd:Put_Candidate_Attachment_Request>""";
        await rig.AskAsync(Put);
        (await rig.RefusedAsync(Put)).ShouldBe(["The Web Service is set to Add Only; but the Candidate Attachment already exists."]);
        (await rig.RefusedAsync(Put.Replace("SGVsbG8=", "", StringComparison.Ordinal))).ShouldBe(["Enter the Filename and File Content for the document you want to attach."]);
        rig.Sandbox.State.Attachments.ShouldHaveSingleItem().Content.ShouldBe("Hello");
    }

    private static string Application(string id) => $"""<wd:Job_Application_Reference><wd:ID wd:type="Job_Application_ID">{id}</wd:ID></wd:Job_Application_Reference>""";

    private static string Next(string step) => $"""<wd:Dynamic_Business_Process_Parameters><wd:Next_Step_Reference><wd:ID wd:type="Workflow_Step_ID">{step}</wd:ID></wd:Next_Step_Reference></wd:Dynamic_Business_Process_Parameters>""";

    private static string Move(string id, string step) =>
        $"<wd:Move_Candidate_Request>{Next(step)}<wd:Move_Candidate_Data>{Application(id)}</wd:Move_Candidate_Data></wd:Move_Candidate_Request>";

    private static string Assess(string id, string score = "87", string status = "ARIA_COMPLETED", string test = "ARIA_INTERVIEW", string? next = null) => $"""
        <wd:Assess_Candidate_Request>{(next is null ? "" : Next(next))}<wd:Assess_Candidate_Data>{Application(id)}<wd:Candidate_Assessment_Data><wd:Assess_Candidate_Reference>MINE-1</wd:Assess_Candidate_Reference><wd:Assessed_On_Date>2026-10-01</wd:Assessed_On_Date><wd:Assessment_Status_Reference><wd:ID wd:type="Assessment_Status_ID">{status}</wd:ID></wd:Assessment_Status_Reference><wd:Assess_Candidate_Test_Result_Data><wd:Assessment_Test_Reference><wd:ID wd:type="Reference_ID">{test}</wd:ID></wd:Assessment_Test_Reference><wd:Assessment_Test_Score>{score}</wd:Assessment_Test_Score></wd:Assess_Candidate_Test_Result_Data></wd:Candidate_Assessment_Data></wd:Assess_Candidate_Data></wd:Assess_Candidate_Request>
        """;
}

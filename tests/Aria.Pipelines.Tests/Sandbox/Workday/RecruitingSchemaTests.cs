using System.Text.RegularExpressions;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday.Schema;

namespace Aria.Pipelines.Tests.Sandbox.Workday;

/// <summary>The schema that every envelope is held against: it takes what was valid for the vendor's own, and nothing that differs from it.</summary>
public sealed partial class RecruitingSchemaTests
{
    private static readonly string Folder = Path.Combine(Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Sandbox/Workday/Examples");

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Folder, "*.xml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Message_ValidForTheVendorsSchema_IsValid(string file)
    {
        XElement message = Message(file);
        RecruitingSchema.For("v26.1")!.Violations(message).ShouldBeEmpty();
        message.SetAttributeValue(WorkdayRig.Wd + "version", "v31.2");
        if (message.Name.LocalName != "Validation_Fault")
        {
            RecruitingSchema.For("v31.2")!.Violations(message).ShouldBeEmpty("what v26.1 knew, v31.2 knows");
        }
    }

    [Theory]
    [InlineData("assess_candidate_request.xml", ">87<", ">87.5<", "Assessment_Test_Score")]
    [InlineData("assess_candidate_request.xml", ">87<", ">-1<", "Assessment_Test_Score")]
    [InlineData("assess_candidate_request.xml", ">87<", ">1234567890123<", "Assessment_Test_Score")]
    [InlineData("assess_candidate_request.xml", "<wd:Assessed_On_Date>2026-01-02</wd:Assessed_On_Date>", "", "Assessment_Status_Reference")]
    [InlineData("assess_candidate_request.xml", ">2026-01-02</wd:Assessed_On_Date>", ">2.1.2026</wd:Assessed_On_Date>", "Assessed_On_Date")]
    [InlineData("assess_candidate_request.xml", "wd:type=\"Job_Application_ID\"", "type=\"Job_Application_ID\"", "ID")]
    [InlineData("assess_candidate_request.xml", "wd:type=\"Assessment_Status_ID\"", "wd:type=\"Status\"", "ID")]
    [InlineData("assess_candidate_request.xml", "<wd:Candidate_Assessment_Data>", "<wd:Event_Reference><wd:ID wd:type=\"WID\">1</wd:ID></wd:Event_Reference><wd:Candidate_Assessment_Data>", "Event_Reference")]
    [InlineData("move_candidate_request.xml", "<wd:Move_Candidate_Data>", "<wd:Note>x</wd:Note><wd:Move_Candidate_Data>", "Note")]
    [InlineData("move_candidate_request.xml", "wd:Comment>", "Comment>", "Comment")]
    [InlineData("get_candidates_request.xml", "<wd:Page>1</wd:Page><wd:Count>100</wd:Count>", "<wd:Count>100</wd:Count><wd:Page>1</wd:Page>", "Page")]
    [InlineData("get_candidates_request.xml", "wd:version=\"v26.1\"", "version=\"v26.1\"", "Get_Candidates_Request")]
    public void Message_ThatDiffers_IsNot(string file, string part, string other, string at)
    {
        string text = File.ReadAllText(Path.Combine(Folder, file));
        text.ShouldContain(part);
        XElement message = XElement.Parse(text.Replace(part, other, StringComparison.Ordinal)).Element(WorkdayRig.Soap + "Body")!.Elements().Single();
        RecruitingSchema.For("v26.1")!.Violations(message).ShouldContain(v => LastStep().Match(v.Path).Value == at);
    }

    [Fact]
    public void Message_OfALaterVersion_IsNotValidInAnEarlierOne()
    {
        XElement message = XElement.Parse($"""<wd:Get_Assess_Candidate_Request xmlns:wd="{WorkdayRig.Wd}"><wd:Request_Criteria><wd:From_Moment>2026-01-01T00:00:00Z</wd:From_Moment></wd:Request_Criteria></wd:Get_Assess_Candidate_Request>""");
        RecruitingSchema.For("v31.2")!.Violations(message).ShouldBeEmpty();
        RecruitingSchema.For("v26.1")!.Violations(message).ShouldNotBeEmpty();
        RecruitingSchema.For("v99.9").ShouldBeNull();
    }

    private static XElement Message(string file)
    {
        XElement body = XElement.Load(Path.Combine(Folder, file)).Element(WorkdayRig.Soap + "Body")!.Elements().Single();
        return body.Name.LocalName == "Fault" ? body.Element("detail")!.Elements().Single() : body;
    }

    [GeneratedRegex("[A-Za-z_]+(?=(?:\\[\\d+\\])?$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LastStep();
}

using System.Globalization;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday.Records;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary><c>Get_Assess_Candidate</c>. The schema does not say which moment a window is about: here it is the start or last change of an assessment.</summary>
internal sealed class AssessmentReads(Tenant tenant)
{
    public XElement Handle(XElement request, string version, bool descriptors)
    {
        ResponseWindow window = ResponseWindow.Of(request, tenant.Now);
        IEnumerable<Assessment> found = tenant.Assessments.Where(a => a.Moment <= window.AsOf);
        if (request.Element(Wd + "Request_References") is { } references)
        {
            Assessment[] named = [.. references.Elements().Select(Named)];
            found = found.Where(named.Contains);
        }
        else if (request.Element(Wd + "Request_Criteria") is { } criteria)
        {
            found = Matching(criteria, found);
        }

        return new XElement(Wd + "Get_Assess_Candidate_Response", window.Answer([.. found.OrderBy(a => a.Moment)], a => Write(a, version, descriptors)));
    }

    private Assessment Named(XElement reference) => reference.Name.LocalName == "Assess_Candidate_Reference"
        ? Refs.Resolve(reference, tenant.Assessments, "WID", a => a.EventWid, a => a.EventWid)
        : Refs.Resolve(reference, tenant.Assessments, "Recruiting_Assessment_ID", a => a.Id, a => a.Wid);

    private IEnumerable<Assessment> Matching(XElement criteria, IEnumerable<Assessment> all)
    {
        (DateTimeOffset? from, DateTimeOffset? to) = (ResponseWindow.Moment(criteria.Element(Wd + "From_Moment")), ResponseWindow.Moment(criteria.Element(Wd + "To_Moment")));
        tenant.Counts = from is null ? tenant.Counts : tenant.Counts with { AssessmentWindows = tenant.Counts.AssessmentWindows + 1 };
        Func<JobApplication, bool> wanted = _ => true;
        if (criteria.Element(Wd + "Job_Application_Reference") is { } application)
        {
            JobApplication one = CandidateReads.Application(tenant, application);
            wanted = a => a == one;
        }
        else if (criteria.Element(Wd + "Job_Application_Event_Reference") is { } process)
        {
            JobApplication one = Refs.Resolve(process, tenant.Applications, "WID", a => a.EventWid, a => a.EventWid);
            wanted = a => a == one;
        }
        else if (criteria.Element(Wd + "Candidate_Criteria_Data") is { } data)
        {
            Candidate candidate = CandidateReads.Of(tenant, data.Element(Wd + "Candidate_Reference")!);
            WorkdayRequisition? requisition = data.Element(Wd + "Job_Requisition_Reference") is { } r ? CandidateReads.Requisition(tenant, r) : null;
            wanted = a => a.Candidate == candidate && (requisition is null || a.Requisition == requisition);
        }

        return all.Where(a => wanted(a.Application) && (from is null || a.Moment >= from) && (to is null || a.Moment <= to));
    }

    private static XElement Write(Assessment assessment, string version, bool descriptors)
    {
        JobApplication application = assessment.Application;
        string? Named(string name) => descriptors ? name : null;
        return new XElement(
            Wd + "Assess_Candidate_Data",
            Refs.Write("Event_Reference", assessment.EventWid, Named($"Assess Candidate: {application.Candidate.Name}")),
            Refs.Write("Job_Application_Reference", application.Wid, "Job_Application_ID", application.Id, Named(application.Candidate.Name)),
            Refs.Write("Candidate_Reference", application.Candidate.Wid, "Candidate_ID", application.Candidate.Id, Named(application.Candidate.Name)),
            Refs.Write("Job_Requisition_Reference", Tenant.Wid("requisition", application.Requisition.Id), "Job_Requisition_ID", application.Requisition.Id, Named(application.Requisition.Title)),
            Refs.Write("Job_Application_Event_Reference", application.EventWid, Named("Job Application")),
            new XElement(
                Wd + "Candidate_Assessment_Data",
                new XElement(Wd + "Assess_Candidate_Reference", assessment.Id),
                assessment.AssessedBy is { } worker ? Refs.Write("Assessed_By_Reference", Tenant.Wid("worker", worker), "Employee_ID", worker, null) : null,
                new XElement(Wd + "Assessed_On_Date", assessment.OnDate),
                Status("Assessment_Status_Reference", assessment.Status),
                Text("Overall_Assessment_Comment", assessment.Comment),
                assessment.Tests.Select(t => Write(t, version))));
    }

    private static XElement Write(WorkdayTestResult test, string version) => new(
        Wd + "Assess_Candidate_Test_Result_Data",
        Refs.Write("Assessment_Test_Reference", Tenant.Wid("test", test.Test), "Reference_ID", test.Test, null),
        test.Score is { } score ? new XElement(Wd + "Assessment_Test_Score", score.ToString(CultureInfo.InvariantCulture)) : null,
        test.Status is { } status ? Status("Assessment_Test_Status_Reference", status) : null,
        Text("Assessment_Test_Date", test.Date),
        Text("Comment", test.Comment),
        version == "v26.1" ? null : Text("Assessment_Test_Results_URL", test.ResultsUrl));

    private static XElement Status(string element, string status) => Refs.Write(element, Tenant.Wid("status", status), "Assessment_Status_ID", status, null);

    private static XElement? Text(string name, string? value) => value is null ? null : new XElement(Wd + name, value);
}

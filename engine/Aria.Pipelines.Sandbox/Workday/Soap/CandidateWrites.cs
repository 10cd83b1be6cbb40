using System.Globalization;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday.Records;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary><c>Assess_Candidate</c> and <c>Move_Candidate</c>.</summary>
internal sealed class CandidateWrites(Tenant tenant)
{
    public XElement Assess(XElement request)
    {
        XElement data = request.Element(Wd + "Assess_Candidate_Data")!;
        JobApplication application = Application(data);
        bool inStep = application.Disposition is null && application.Step.Assesses;
        if (!inStep && !(tenant.Options.AssessAfterStep && application.Visits.Exists(v => v.Step.Assesses)))
        {
            throw SoapFaultException.Validation("The Candidate was never in the Assessment Business Process to add or update a Candidate Assessment.", request);
        }

        WorkdayStep? next = Next(request, application);
        if (next is not null && !inStep)
        {
            throw SoapFaultException.Validation(
                "The Job Application business process relevant to the candidate must be in the Assess Candidate state to use Dynamic Business Process Parameters to Move Forward or Decline.", request);
        }

        Assessment assessment = Write(data.Element(Wd + "Candidate_Assessment_Data")!, application);
        Move(application, next);
        return new XElement(
            Wd + "Assess_Candidate_Response",
            Refs.Write("Candidate_Assessment_Event_Reference", assessment.EventWid, null),
            Refs.Write("Candidate_Assessment_Reference", assessment.Wid, "Recruiting_Assessment_ID", assessment.Id, null));
    }

    public XElement Move(XElement request)
    {
        JobApplication application = Application(request.Element(Wd + "Move_Candidate_Data")!);
        if (application.Disposition is not null)
        {
            throw SoapFaultException.Validation("The Business Process must be in progress to move candidate to the next stage.", request.Element(Wd + "Move_Candidate_Data")!);
        }

        Move(application, Next(request, application));
        return new XElement(Wd + "Move_Candidate_Response", Refs.Write("Event_Reference", application.EventWid, null));
    }

    /// <summary>The step that the parameters ask for; null without parameters: then the process does not move.</summary>
    private static WorkdayStep? Next(XElement request, JobApplication application)
    {
        if (request.Element(Wd + "Dynamic_Business_Process_Parameters") is not { } parameters)
        {
            return null;
        }

        XElement id = (parameters.Element(Wd + "Next_Step_Reference") ?? parameters.Element(Wd + "Disposition_Step_Reference"))!.Element(Wd + "ID")
            ?? throw SoapFaultException.Validation("A reference needs an ID.", parameters);
        bool byWid = (string?)id.Attribute(Wd + "type") == "WID";
        IEnumerable<WorkdayStep> allowed = parameters.Element(Wd + "Next_Step_Reference") is null ? WorkdaySeeds.Dispositions : application.Requisition.Steps.Where(s => application.Next(s.Id) is not null);
        return allowed.FirstOrDefault(s => id.Value == (byWid ? Tenant.Wid("step", s.Id) : s.Id))
            ?? throw SoapFaultException.Validation("The next step or disposition chosen is invalid for the job application process.", parameters);
    }

    private void Move(JobApplication application, WorkdayStep? next)
    {
        if (next is not null)
        {
            tenant.Enter(application, next, overHttp: true);
            tenant.Counts = tenant.Counts with { Moves = tenant.Counts.Moves + 1 };
        }
    }

    private JobApplication Application(XElement data)
    {
        if (data.Element(Wd + "Job_Application_Reference") is { } reference)
        {
            return CandidateReads.Application(tenant, reference);
        }

        if (data.Element(Wd + "Event_Reference") is { } process)
        {
            return Refs.Resolve(process, tenant.Applications, "WID", a => a.EventWid, a => a.EventWid);
        }

        XElement criteria = data.Element(Wd + "Candidate_Criteria_Data")!;
        Candidate candidate = CandidateReads.Of(tenant, criteria.Element(Wd + "Candidate_Reference")!);
        WorkdayRequisition? requisition = criteria.Element(Wd + "Job_Requisition_Reference") is { } r ? CandidateReads.Requisition(tenant, r) : null;
        return tenant.Applications.Where(a => a.Candidate == candidate && a.Disposition is null && (requisition is null || a.Requisition == requisition)).ToArray() is [{ } only]
            ? only
            : throw SoapFaultException.Validation("The provided Candidate and Job Requisition does not have precisely one Job Application Event in progress.", criteria);
    }

    private Assessment Write(XElement data, JobApplication application)
    {
        string status = Status(data.Element(Wd + "Assessment_Status_Reference")!);
        WorkdayTestResult[] tests = [.. data.Elements(Wd + "Assess_Candidate_Test_Result_Data").Select(Test)];
        string? worker = data.Element(Wd + "Assessed_By_Reference") is { } by
            ? Refs.Resolve(by, [WorkdaySeeds.Recruiter], "Employee_ID", w => w, w => Tenant.Wid("worker", w))
            : null;
        string onDate = (string)data.Element(Wd + "Assessed_On_Date")!;
        string id = (string?)data.Element(Wd + "Assess_Candidate_Reference") ?? $"RECRUITING_ASSESSMENT-2-{tenant.Assessments.Count + 1}";
        Assessment? held = tenant.Assessments.Find(a => a.Id == id);
        if (held is not null && held.Application != application)
        {
            throw SoapFaultException.Validation($"The assessment '{id}' belongs to another job application.", data.Element(Wd + "Assess_Candidate_Reference")!);
        }

        WorkdayCounts counts = tenant.Counts;
        tenant.Counts = held is null ? counts with { AssessmentsCreated = counts.AssessmentsCreated + 1 } : counts with { AssessmentsModified = counts.AssessmentsModified + 1 };
        if (held is null)
        {
            held = new Assessment(id, application, tenant.Now) { Status = status, OnDate = onDate };
            tenant.Assessments.Add(held);
        }

        (held.Status, held.OnDate, held.AssessedBy, held.Tests, held.Moment) = (status, onDate, worker, tests, tenant.Now);
        held.Comment = (string?)data.Element(Wd + "Overall_Assessment_Comment");
        return held;
    }

    private WorkdayTestResult Test(XElement data) => new(
        Refs.Resolve(data.Element(Wd + "Assessment_Test_Reference")!, tenant.Options.AssessmentTests, "Reference_ID", t => t, t => Tenant.Wid("test", t)),
        data.Element(Wd + "Assessment_Test_Score") is { } score ? decimal.Parse(score.Value, CultureInfo.InvariantCulture) : null,
        data.Element(Wd + "Assessment_Test_Status_Reference") is { } status ? Status(status) : null,
        (string?)data.Element(Wd + "Assessment_Test_Date"),
        (string?)data.Element(Wd + "Comment"),
        (string?)data.Element(Wd + "Assessment_Test_Results_URL"));

    private string Status(XElement reference) =>
        Refs.Resolve(reference, tenant.Options.AssessmentStatuses, "Assessment_Status_ID", s => s, s => Tenant.Wid("status", s));
}

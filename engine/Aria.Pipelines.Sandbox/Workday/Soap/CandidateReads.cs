using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday.Records;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary><c>Get_Candidates</c>. There is no filter by the time of a change.</summary>
internal sealed class CandidateReads(Tenant tenant)
{
    public XElement Handle(XElement request, bool descriptors)
    {
        ResponseWindow window = ResponseWindow.Of(request, tenant.Now);
        IEnumerable<Candidate> found = tenant.Candidates.Where(c => c.CreatedAt <= window.AsOf);
        if (request.Element(Wd + "Request_References") is { } references)
        {
            Candidate[] named = [.. Named(references)];
            found = found.Where(named.Contains);
        }
        else if (request.Element(Wd + "Request_Criteria") is { } criteria)
        {
            found = Matching(criteria, found, window.AsOf);
        }

        bool files = (bool?)request.Element(Wd + "Response_Group")?.Element(Wd + "Exclude_All_Attachments") != true;
        return new XElement(Wd + "Get_Candidates_Response", window.Answer([.. found], c => Write(c, window.AsOf, files, descriptors)));
    }

    /// <summary>An application of a candidate.</summary>
    public static JobApplication Application(Tenant tenant, XElement reference) =>
        Refs.Resolve(reference, tenant.Applications, "Job_Application_ID", a => a.Id, a => a.Wid);

    public static Candidate Of(Tenant tenant, XElement reference) => Refs.Resolve(reference, tenant.Candidates, "Candidate_ID", c => c.Id, c => c.Wid);

    public static WorkdayRequisition Requisition(Tenant tenant, XElement reference) =>
        Refs.Resolve(reference, tenant.Options.Requisitions, "Job_Requisition_ID", r => r.Id, r => Tenant.Wid("requisition", r.Id));

    private IEnumerable<Candidate> Named(XElement references)
    {
        bool skip = (bool?)references.Attribute(Wd + "Skip_Non_Existing_Instances") == true;
        foreach (XElement reference in references.Elements(Wd + "Candidate_Reference"))
        {
            string? id = (string?)reference.Element(Wd + "ID");
            if (!skip || tenant.Candidates.Exists(c => c.Id == id || c.Wid == id))
            {
                yield return Of(tenant, reference);
            }
        }
    }

    private IEnumerable<Candidate> Matching(XElement criteria, IEnumerable<Candidate> all, DateTimeOffset asOf)
    {
        string? Text(string name) => (string?)criteria.Element(Wd + name);
        if (Text("First_Name") is not null && Text("Last_Name") is null)
        {
            throw SoapFaultException.Validation("Last Name is required if First Name is entered.", criteria.Element(Wd + "First_Name")!);
        }

        (DateTimeOffset? from, DateTimeOffset? through) = Range(criteria, "Applied_From", "Applied_Through");
        tenant.Counts = from is null ? tenant.Counts : tenant.Counts with { ApplicationWindows = tenant.Counts.ApplicationWindows + 1 };
        (DateTimeOffset? created, DateTimeOffset? until) = Range(criteria, "Created_From", "Created_Through");
        string[] requisitions = [.. criteria.Elements(Wd + "Job_Requisition_Reference").Select(r => Requisition(tenant, r).Id)];
        string[] stages = [.. criteria.Elements(Wd + "Recruiting_Stage_Reference").Select(Stage)];
        bool applied = from is not null || through is not null || requisitions.Length > 0 || stages.Length > 0;
        return all.Where(c =>
            Same(Text("First_Name"), c.Person.FirstName) && Same(Text("Last_Name"), c.Person.LastName) && Same(Text("Candidate_Email_Address"), c.Person.Email)
            && (created is null || c.CreatedAt >= created) && (until is null || c.CreatedAt <= until)
            && (!applied || tenant.Applications.Exists(a => a.Candidate == c && a.At(asOf) is { } visit
                && (from is null || a.AppliedAt >= from) && (through is null || a.AppliedAt <= through)
                && (requisitions.Length == 0 || requisitions.Contains(a.Requisition.Id)) && (stages.Length == 0 || stages.Contains(visit.Step.Stage)))));
    }

    private string Stage(XElement reference) => Refs.Resolve(
        reference, tenant.Options.Requisitions.SelectMany(r => r.Steps).Select(s => s.Stage).Distinct(), "Recruiting_Stage_ID", s => s, s => Tenant.Wid("stage", s));

    private static (DateTimeOffset? From, DateTimeOffset? Through) Range(XElement criteria, string from, string through)
    {
        (DateTimeOffset? first, DateTimeOffset? last) = (ResponseWindow.Moment(criteria.Element(Wd + from)), ResponseWindow.Moment(criteria.Element(Wd + through)));
        // The words are the vendor's; what they mean is that the range may not end before it begins.
        return first > last ? throw SoapFaultException.Validation("Applied From date must be greater or equal to Applied Through date.", criteria) : (first, last);
    }

    private static bool Same(string? wanted, string? held) => wanted is null || string.Equals(wanted, held, StringComparison.OrdinalIgnoreCase);

    private XElement Write(Candidate candidate, DateTimeOffset asOf, bool files, bool descriptors) => new(
        Wd + "Candidate",
        Refs.Write("Candidate_Reference", candidate.Wid, "Candidate_ID", candidate.Id, descriptors ? $"{candidate.Name} ({candidate.Id})" : null),
        new XElement(
            Wd + "Candidate_Data",
            new XElement(Wd + "Candidate_ID", candidate.Id),
            new XElement(Wd + "Name_Data", Text("First_Name", candidate.Person.FirstName), Text("Last_Name", candidate.Person.LastName)),
            new XElement(Wd + "Contact_Data", Text("Phone_Number", candidate.Person.Phone), Text("Email_Address", candidate.Person.Email)),
            new XElement(Wd + "Status_Data", new XElement(Wd + "Do_Not_Hire", "0"), new XElement(Wd + "Withdrawn", "0")),
            tenant.Applications.Where(a => a.Candidate == candidate && a.At(asOf) is not null).Select(a => Write(a, a.At(asOf)!, files, descriptors))));

    private static XElement Write(JobApplication application, StepVisit visit, bool files, bool descriptors)
    {
        string? Named(string name) => descriptors ? name : null;
        WorkdayRequisition requisition = application.Requisition;
        // What it was then, whatever became of it since.
        WorkdayStep? disposition = WorkdaySeeds.Dispositions.FirstOrDefault(d => d == visit.Step);
        WorkdayStep step = disposition is null ? visit.Step : application.Visits.TakeWhile(v => v != visit).Last(v => v.Step != disposition).Step;
        return new XElement(
            Wd + "Job_Application_Data",
            new XElement(
                Wd + "Job_Applied_To_Data",
                Refs.Write("Job_Application_Reference", application.Wid, "Job_Application_ID", application.Id, Named($"{application.Candidate.Name} - {requisition.Id} {requisition.Title}")),
                Refs.Write("Job_Requisition_Reference", Tenant.Wid("requisition", requisition.Id), "Job_Requisition_ID", requisition.Id, Named($"{requisition.Id} {requisition.Title}")),
                new XElement(Wd + "Job_Application_Date", ResponseWindow.Write(application.AppliedAt)),
                Refs.Write("Stage_Reference", Tenant.Wid("stage", step.Stage), "Recruiting_Stage_ID", step.Stage, Named(step.Stage)),
                disposition is null ? Refs.Write("Workflow_Step_Reference", Tenant.Wid("step", step.Id), "Workflow_Step_ID", step.Id, Named(step.Name)) : null,
                disposition is null ? null : Refs.Write("Disposition_Reference", Tenant.Wid("step", disposition.Id), "Recruiting_Disposition_ID", disposition.Id, Named(disposition.Name)),
                new XElement(Wd + "Status_Timestamp", ResponseWindow.Write(visit.At))),
            files && application.Candidate.Person.ResumeFilename is { } filename
                ? new XElement(Wd + "Resume_Attachment_Data", new XElement(Wd + "Filename", filename), new XElement(Wd + "File_Content", Convert.ToBase64String("%PDF-1.4\n%%EOF\n"u8)))
                : null);
    }

    private static XElement? Text(string name, string? value) => string.IsNullOrEmpty(value) ? null : new XElement(Wd + name, value);
}

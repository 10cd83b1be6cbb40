using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Workday.Records;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary><c>Put_Candidate_Attachment</c> and <c>Get_Candidate_Attachments</c>.</summary>
internal sealed class AttachmentStore(Tenant tenant)
{
    private const int LongestFilename = 255;

    public XElement Put(XElement request)
    {
        Candidate candidate = CandidateReads.Of(tenant, request.Element(Wd + "Candidate_Reference") ?? throw SoapFaultException.Validation("A candidate is required.", request));
        bool addOnly = (bool?)request.Attribute(Wd + "Add_Only") == true;
        var files = new List<Attachment>();
        if (request.Element(Wd + "Candidate_Attachment_Data") is { } data)
        {
            string category = Refs.Resolve(data.Element(Wd + "Document_Category_Reference")!, tenant.Options.DocumentCategories, "Document_Category_ID", c => c, c => Tenant.Wid("category", c));
            files.Add(Read(data.Element(Wd + "Attachment_Data"), data, candidate, null, category));
        }

        foreach (XElement one in request.Elements(Wd + "Job_Application_Attachment_Data"))
        {
            JobApplication application = CandidateReads.Application(tenant, one.Element(Wd + "Job_Application_Reference")
                ?? throw SoapFaultException.Validation("A Job Application or Job Requisition Reference is required to add an Job Application Attachment.", one));
            Attachment file = Read(one.Element(Wd + "Attachment_Data"), one, candidate, application, "");
            if (tenant.Attachments.Exists(a => a.Application == application && a.Filename == file.Filename))
            {
                throw SoapFaultException.Validation("Attachment with that filename already exists on the Job Application.", one);
            }

            files.Add(file);
        }

        if (addOnly && files.Exists(f => tenant.Attachments.Exists(a => a.Id == f.Id)))
        {
            throw SoapFaultException.Validation("The Web Service is set to Add Only; but the Candidate Attachment already exists.", request);
        }

        tenant.Attachments.RemoveAll(a => files.Exists(f => f.Id == a.Id));
        tenant.Attachments.AddRange(files);
        tenant.Counts = tenant.Counts with { Attachments = tenant.Counts.Attachments + files.Count };
        return new XElement(
            Wd + "Put_Candidate_Attachment_Response",
            Refs.Write("Candidate_Reference", candidate.Wid, "Candidate_ID", candidate.Id, null),
            files.Where(f => f.Application is null).Select(f => Refs.Write("Attachment_Reference", f.Wid, "File_ID", f.Id, null)));
    }

    public XElement Get(XElement request)
    {
        ResponseWindow window = ResponseWindow.Of(request, tenant.Now);
        IEnumerable<Attachment> found = tenant.Attachments.Where(a => a.Application is null);
        if (request.Element(Wd + "Request_References") is { } references)
        {
            bool skip = (bool?)references.Attribute(Wd + "Skip_Non_Existing_Instances") == true;
            Attachment?[] named = [.. references.Elements().Select(r => skip && !found.Any(a => a.Id == (string?)r.Element(Wd + "ID")) ? null : Refs.Resolve(r, found, "File_ID", a => a.Id, a => a.Wid))];
            found = found.Where(named.Contains);
        }
        else if (request.Element(Wd + "Request_Criteria") is { } criteria)
        {
            Candidate[] candidates = [.. criteria.Elements(Wd + "Candidate_Reference").Select(c => CandidateReads.Of(tenant, c))];
            found = found.Where(a => candidates.Contains(a.Candidate));
        }

        return new XElement(Wd + "Get_Candidate_Attachments_Response", window.Answer([.. found], Write));
    }

    private static XElement Write(Attachment file) => new(
        Wd + "Candidate_Attachment",
        Refs.Write("Candidate_Reference", file.Candidate.Wid, "Candidate_ID", file.Candidate.Id, null),
        new XElement(
            Wd + "Candidate_Attachment_Data",
            Refs.Write("Candidate_Attachment_Reference", file.Wid, "File_ID", file.Id, null),
            new XElement(
                Wd + "Attachment_Data",
                new XElement(Wd + "ID", file.Id),
                new XElement(Wd + "Filename", file.Filename),
                new XElement(Wd + "File_Content", Convert.ToBase64String(file.Content)),
                file.Comment is null ? null : new XElement(Wd + "Comment", file.Comment)),
            Refs.Write("Document_Category_Reference", Tenant.Wid("category", file.Category), "Document_Category_ID", file.Category, null)));

    private static Attachment Read(XElement? data, XElement owner, Candidate candidate, JobApplication? application, string category)
    {
        string filename = (string?)data?.Element(Wd + "Filename") ?? "";
        byte[] content = data is null ? [] : Convert.FromBase64String((string)data.Element(Wd + "File_Content")!);
        if (filename.Length is 0 or > LongestFilename || content.Length == 0)
        {
            throw SoapFaultException.Validation("Enter the Filename and File Content for the document you want to attach.", data ?? owner);
        }

        string id = (string?)data!.Element(Wd + "ID") ?? Guid.NewGuid().ToString("N");
        return new Attachment(id, candidate, application, filename, content, (string?)data.Element(Wd + "Comment"), category);
    }
}

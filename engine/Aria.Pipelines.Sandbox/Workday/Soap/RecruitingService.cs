using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Workday.Access;
using Aria.Pipelines.Sandbox.Workday.Records;
using Aria.Pipelines.Sandbox.Workday.Schema;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary>
/// <c>POST /ccx/service/{tenant}/Recruiting/{version}</c>: envelope, login, schema, then the operation. Every message that comes in is held
/// against the schema of the URL's version. Used under the tenant's lock.
/// </summary>
internal sealed class RecruitingService(Tenant tenant, Login login)
{
    private readonly CandidateReads _candidates = new(tenant);
    private readonly AssessmentReads _assessments = new(tenant);
    private readonly CandidateWrites _writes = new(tenant);
    private readonly AttachmentStore _attachments = new(tenant);
    private readonly FixedWindow? _window = tenant.Options.RequestsPerSecond is { } limit ? new FixedWindow(tenant.Options.Time, limit, TimeSpan.FromSeconds(1)) : null;

    public Answer Handle(SandboxRequest request, string version)
    {
        if (_window?.Take() is { Allowed: false } refused)
        {
            return refused.Stamp(SoapFaultException.Processing("Too many requests.").ToAnswer(429));
        }

        try
        {
            RecruitingSchema schema = For(version) ?? throw SoapFaultException.Client($"There is no version '{version}' of Recruiting here.");
            if (request.Method != "POST" || request.MediaType != "text/xml")
            {
                throw SoapFaultException.Client("A SOAP 1.1 request is a POST of text/xml.");
            }

            SoapEnvelope envelope = SoapEnvelope.Read(request.Body);
            if (!login.Admits(request, envelope))
            {
                throw SoapFaultException.Authentication();
            }

            Check(schema, envelope.Message);
            XElement answer = Perform(envelope.Message, schema.Version, envelope.Descriptors);
            answer.SetAttributeValue(Wd + "version", schema.Version);
            return SoapEnvelope.Wrap(200, answer);
        }
        catch (SoapFaultException fault)
        {
            return fault.ToAnswer(tenant.Options.FaultStatus);
        }
    }

    private static void Check(RecruitingSchema schema, XElement message)
    {
        if (schema.Violations(message) is { Count: > 0 } violations)
        {
            throw SoapFaultException.Validation(violations);
        }

        if ((string?)message.Attribute(Wd + "version") is { } named && named != schema.Version)
        {
            throw SoapFaultException.Validation($"The message is of version {named}, the address of {schema.Version}.", message);
        }
    }

    private XElement Perform(XElement message, string version, bool descriptors) => message.Name.LocalName switch
    {
        "Get_Candidates_Request" => _candidates.Handle(message, descriptors),
        "Get_Assess_Candidate_Request" => _assessments.Handle(message, version, descriptors),
        "Assess_Candidate_Request" => _writes.Assess(message),
        "Move_Candidate_Request" => _writes.Move(message),
        "Put_Candidate_Attachment_Request" => _attachments.Put(message),
        "Get_Candidate_Attachments_Request" => _attachments.Get(message),
        "Server_Timestamp_Get" => new XElement(Wd + "Server_Timestamp", new XElement(Wd + "Server_Timestamp_Data", ResponseWindow.Write(tenant.Now))),
        _ => throw SoapFaultException.Client($"{message.Name.LocalName} is not a request."),
    };
}

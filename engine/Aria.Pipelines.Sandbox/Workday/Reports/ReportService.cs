using System.Text.Json.Nodes;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Workday.Access;
using Aria.Pipelines.Sandbox.Workday.Records;
using Aria.Pipelines.Sandbox.Workday.Soap;

namespace Aria.Pipelines.Sandbox.Workday.Reports;

/// <summary>
/// <c>GET /ccx/service/customreport2/{tenant}/{owner}/{report}</c> with one report, <see cref="Name"/>: every step that an application entered
/// between two prompts. Its columns and prompts are its author's, as in any report. Used under the tenant's lock.
/// </summary>
internal sealed class ReportService(Tenant tenant, Login login)
{
    public const string Name = "ARIA_Stage_Changes";
    private static readonly string[] Prompts = ["Changed_From", "Changed_Through"];
    private static readonly XNamespace Own = $"urn:com.workday.report/{Name}";

    public Answer Handle(SandboxRequest request, string owner, string report)
    {
        if (!login.Admits(request))
        {
            return Answer.Message(401, "The user is not known.").With("WWW-Authenticate", "Basic");
        }

        if (request.Method != "GET" || owner != tenant.Options.User || report != Name)
        {
            return Answer.Message(404, "There is no such report.");
        }

        if (request.Query.Keys.Except([.. Prompts, "format"]).FirstOrDefault() is { } unknown)
        {
            return Answer.Message(400, $"The report has no prompt '{unknown}'.");
        }

        if (!TryMoment(request, Prompts[0], DateTimeOffset.MinValue, out DateTimeOffset from) || !TryMoment(request, Prompts[1], DateTimeOffset.MaxValue, out DateTimeOffset through))
        {
            return Answer.Message(400, "A prompt is no moment.");
        }

        IReadOnlyList<(string, string)[]> rows = [.. tenant.Applications
            .SelectMany(a => a.Visits.Select(v => (Application: a, Visit: v)))
            .Where(e => e.Visit.At >= from && e.Visit.At <= through)
            .OrderBy(e => e.Visit.At)
            .Select(e => Row(e.Application, e.Visit))];
        return request.Query["format"].ToString() switch
        {
            "json" => Answer.Json(200, new JsonObject { ["Report_Entry"] = new JsonArray([.. rows.Select(r => new JsonObject(r.Select(c => KeyValuePair.Create(c.Item1, (JsonNode?)c.Item2))))]) }),
            "" or "xml" => new Answer(200, SoapEnvelope.Bytes(ToXml(rows)), "text/xml; charset=utf-8"),
            string format => Answer.Message(400, $"There is no format '{format}' here."),
        };
    }

    private static XElement ToXml(IEnumerable<(string Name, string Value)[]> rows) => new(
        Own + "Report_Data",
        new XAttribute(XNamespace.Xmlns + "wd", Own),
        rows.Select(r => new XElement(Own + "Report_Entry", r.Select(c => new XElement(Own + c.Name, c.Value)))));

    private static (string, string)[] Row(JobApplication application, StepVisit visit) =>
    [
        ("Candidate_ID", application.Candidate.Id),
        ("Job_Application_ID", application.Id),
        ("Job_Requisition_ID", application.Requisition.Id),
        ("Workflow_Step_ID", visit.Step.Id),
        ("Changed_At", ResponseWindow.Write(visit.At)),
    ];

    private static bool TryMoment(SandboxRequest request, string prompt, DateTimeOffset otherwise, out DateTimeOffset moment)
    {
        DateTimeOffset? read = request.Query.TryGetValue(prompt, out var given) ? SandboxJson.TryReadTime(given.ToString()) : otherwise;
        moment = read ?? otherwise;
        return read is not null;
    }
}

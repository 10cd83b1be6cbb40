using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary><c>/staffing/v2/job-applications</c>. Nothing found is 204, whatever the reason. Used under the sandbox's lock.</summary>
internal sealed class StaffingApi(AdpOptions options, List<Application> applications, Action<string> dayRead)
{
    public const string Path = "/staffing/v2/job-applications";

    public Answer Get(SandboxRequest request, string? id)
    {
        if (!options.Permission)
        {
            throw Refuse(request, 403, "Forbidden - WFN-REC-MarketPlace-API User doesn't have access to get applications");
        }

        string accept = request.Headers.Accept.ToString();
        if (!accept.StartsWith("application/json", StringComparison.Ordinal))
        {
            throw Refuse(request, 406, "Not Acceptable");
        }

        bool masked = !accept.Contains("masked=false", StringComparison.Ordinal);
        return id is null ? List(request, masked) : Found(applications.Where(a => a.Id == id), masked);
    }

    private Answer List(SandboxRequest request, bool masked)
    {
        if (request.Query.Keys.FirstOrDefault(k => k is not ("$top" or "$skip" or "$filter")) is { } unknown)
        {
            throw Refuse(request, 400, $"Bad Request - invalid query parameter {unknown}");
        }

        int top = Math.Min(Whole(request, "$top") ?? options.PageSize, options.PageSize);
        string filter = request.Query["$filter"].ToString();
        Application[] found = [.. Filtered(request, filter).Skip(Whole(request, "$skip") ?? 0)];
        if (found.Length < top && Value(filter, "applicationSource/submittedDate") is { } day)
        {
            dayRead(day);
        }

        return Found(found.Take(top), masked);
    }

    private IEnumerable<Application> Filtered(SandboxRequest request, string filter)
    {
        if (filter.Length == 0)
        {
            return applications;
        }

        if (Value(filter, "jobRequisitionReference/clientRequisitionID") is { } requisition)
        {
            // A quoted value, which OData would demand, is the vendor's own fault.
            return requisition.Contains('\'', StringComparison.Ordinal) ? throw Refuse(request, 500, "Internal Server Error") : applications.Where(a => a.Requisition.ClientRequisitionId == requisition);
        }

        if (Value(filter, "jobRequisitionReference/requisitionTitle") is { } title)
        {
            return applications.Where(a => a.Requisition.Title.Equals(title, StringComparison.OrdinalIgnoreCase));
        }

        if (Value(filter, "applicationSource/submittedDate") is { } date)
        {
            return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? applications.Where(a => a.SubmittedDate == date) : throw Refuse(request, 400, "Bad Request - Invalid date");
        }

        if (Value(filter, "applicationStatusCode/codeValue") is { } status)
        {
            return applications.Where(a => a.Status == status);
        }

        return Value(filter, "applicant/internalApplicantIndicator") switch
        {
            "false" => applications,
            "true" => [],
            _ => throw Refuse(request, 400, "Bad Request - Invalid filter"),
        };
    }

    private static string? Value(string filter, string field) => filter.StartsWith($"{field} eq ", StringComparison.Ordinal) ? filter[(field.Length + 4)..] : null;

    private int? Whole(SandboxRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } given
        ? int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Refuse(request, 400, $"Bad Request - invalid {name}") : null;

    private static Answer Found(IEnumerable<Application> found, bool masked)
    {
        JsonArray shown = [.. found.Select(a => (JsonNode)a.Shown(masked))];
        return shown.Count == 0 ? Answer.Empty(204) : Answer.Json(200, new JsonObject { ["jobApplications"] = shown });
    }

    private RefusedException Refuse(SandboxRequest request, int status, string text) => ConfirmMessage.Refuse(request, options.Time, status, text);
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>
/// Writes, which are events: a status of an assessment, and packages that are published. Fields and refusals are the vendor's; how the fields are
/// nested is not published, so the nesting here is one that follows its conventions. Used under the sandbox's lock.
/// </summary>
internal sealed class ScreeningEvents(AdpOptions options, List<Application> applications, List<string> packages)
{
    public const string Prefix = "/events/staffing/v1/";
    private const string StatusChange = "job-applicant.external-assessment.status.change";
    private const string PackagesModify = "job-applicant.external-screening.packages.modify";

    public Answer Post(SandboxRequest request, string name)
    {
        if (request.MediaType != "application/json" || SandboxJson.TryReadObject(request.Body) is not { } body)
        {
            throw Refuse(request, "Bad Request - the body is no JSON");
        }

        Only(request, body, "events");
        if (body["events"] is not JsonArray { Count: > 0 } events)
        {
            throw Refuse(request, "Bad Request - no events");
        }

        List<Action> changes = [];
        foreach (JsonNode? item in events)
        {
            JsonObject one = Object(request, item, "event");
            Only(request, one, "serviceCategoryCode", "eventNameCode", "originator", "actor", "data");
            JsonObject data = Object(request, one["data"], "data");
            Only(request, data, "eventContext", "transform");
            JsonObject transform = Object(request, data["transform"], "transform");
            if (Code(one["eventNameCode"]) is { } named && named != name)
            {
                throw Refuse(request, $"Bad Request - the event {named} does not belong here");
            }

            changes.AddRange(name switch
            {
                StatusChange => Assess(request, transform),
                PackagesModify => Publish(request, transform),
                _ => throw ConfirmMessage.Refuse(request, options.Time, 404, "Not Found"),
            });
        }

        changes.ForEach(change => change());
        JsonObject echo = (JsonObject)body.DeepClone();
        foreach (JsonNode? item in echo["events"]!.AsArray())
        {
            item!["eventStatusCode"] = new JsonObject { ["codeValue"] = "complete" };
        }

        return Answer.Json(200, echo);
    }

    private IEnumerable<Action> Assess(SandboxRequest request, JsonObject transform)
    {
        Only(request, transform, "externalAssessment");
        JsonObject assessment = Object(request, transform["externalAssessment"], "externalAssessment");
        Only(request, assessment, "agencyCode", "jobApplications");
        Agency(request, assessment);
        if (assessment["jobApplications"] is not JsonArray { Count: > 0 } listed)
        {
            throw Refuse(request, "Bad Request - Invalid AppOid - []");
        }

        foreach (JsonObject one in listed.Select(l => Object(request, l, "jobApplication")))
        {
            Only(request, one, "applicationID", "assessmentPackageID", "assessmentStatusCode", "resultsLink");
            string? id = SandboxJson.Text(one["applicationID"]);
            Application application = applications.Find(a => a.Id == id) ?? throw Refuse(request, $"Bad Request - Invalid AppOid - [{id}]");
            string package = SandboxJson.Text(one["assessmentPackageID"]) is { } given && packages.Contains(given)
                ? given : throw Refuse(request, $"Bad Request - Invalid assessmentPackageID - [{SandboxJson.Text(one["assessmentPackageID"])}]");
            string status = Code(one["assessmentStatusCode"]) is { Length: > 0 } code
                ? code : throw Refuse(request, $"Bad Request - [Status should not be blank against Application Id - {id}]");
            Only(request, (JsonObject)one["assessmentStatusCode"]!, "codeValue", "shortName", "longName");
            if (one["resultsLink"] is JsonObject link)
            {
                Only(request, link, "href", "title", "rel", "mediaType");
            }

            var view = new AdpAssessmentView(package, status, SandboxJson.Text(one["assessmentStatusCode"]!["shortName"]), SandboxJson.Text((one["resultsLink"] as JsonObject)?["href"]));
            yield return () => application.Assessments.Add(view);
        }
    }

    private IEnumerable<Action> Publish(SandboxRequest request, JsonObject transform)
    {
        Only(request, transform, "externalScreening");
        JsonObject screening = Object(request, transform["externalScreening"], "externalScreening");
        Only(request, screening, "agencyCode", "screeningTypeCode", "screeningPackages");
        string agency = Agency(request, screening);
        if (Code(screening["screeningTypeCode"]) != "ASSESSMENT")
        {
            throw Refuse(request, "Bad Request - screeningTypeCode should not be blank or should be ASSESSMENT");
        }

        foreach (JsonObject one in (screening["screeningPackages"] as JsonArray ?? []).Select(p => Object(request, p, "screeningPackage")))
        {
            Only(request, one, "screeningPackageID", "packageName", "packageStatusCode", "packageAmount");
            string id = SandboxJson.Text(one["screeningPackageID"]) is { Length: > 0 } given ? given : throw Refuse(request, $"Bad Request - [screeningPackageID should not be blank against agency_code: {agency}]");
            if (string.IsNullOrEmpty(SandboxJson.Text(one["packageName"])))
            {
                throw Refuse(request, $"Bad Request - [packageName should not be blank against screeningPackageID: {id}]");
            }

            if (string.IsNullOrEmpty(Code(one["packageStatusCode"])))
            {
                throw Refuse(request, $"Bad Request - [packageStatusCode should not be blank against screeningPackageID: {id}]");
            }

            yield return () =>
            {
                if (!packages.Contains(id))
                {
                    packages.Add(id);
                }
            };
        }
    }

    private string Agency(SandboxRequest request, JsonObject owner) => Code(owner["agencyCode"]) switch
    {
        null or "" => throw Refuse(request, "Bad Request - agencyCode should not be blank"),
        { } code when code == options.AgencyCode => code,
        { } code => throw Refuse(request, $"Bad Request - unknown agencyCode {code}"),
    };

    private static string? Code(JsonNode? code) => SandboxJson.Text((code as JsonObject)?["codeValue"]);

    private JsonObject Object(SandboxRequest request, JsonNode? node, string name) => node as JsonObject ?? throw Refuse(request, $"Bad Request - {name} should not be blank");

    private void Only(SandboxRequest request, JsonObject owner, params ReadOnlySpan<string> known)
    {
        foreach ((string name, _) in owner)
        {
            if (!known.Contains(name))
            {
                throw Refuse(request, $"Bad Request - unknown field {name}");
            }
        }
    }

    private RefusedException Refuse(SandboxRequest request, string text) => ConfirmMessage.Refuse(request, options.Time, 400, text);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary>
/// <c>GET /{profileType}/{id}?fields=a,b</c>. A field that is empty, hidden or not there is left out without a word. Names of the fields of people and jobs are
/// those that public clients read; <c>createddate</c> and <c>updateddate</c> are named after the search filters.
/// </summary>
internal sealed class ProfileReads(ICimsOptions options, Account account, Func<Uri> baseUrl)
{
    private static readonly string[] WorkflowDefaults = ["associatedprofile", "baseprofile", "status", "source"];

    public Answer Get(string type, string id, string? fields)
    {
        long number = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1;
        (JsonObject profile, string[] defaults) = type switch
        {
            "applicantworkflows" => (Workflow(account.Workflows.GetValueOrDefault(number) ?? throw ICimsError.NotFound("Applicant Workflow")), WorkflowDefaults),
            "people" => (Person(account.People.GetValueOrDefault(number) ?? throw ICimsError.NotFound("Person")), ["firstname", "lastname", "email", "phones"]),
            "jobs" => (Job(account.Jobs.GetValueOrDefault(number) ?? throw ICimsError.NotFound("Job")), ["jobtitle"]),
            _ => throw ICimsError.NotFound("Profile type"),
        };
        string[] wanted = string.IsNullOrEmpty(fields) ? defaults : fields.Split(',');
        var shown = new JsonObject();
        foreach (string name in wanted.Where(w => !options.HiddenFields.Contains(w)))
        {
            if (profile[name] is { } value && value is not JsonArray { Count: 0 } && SandboxJson.Text(value) != "")
            {
                shown[name] = value.DeepClone();
            }
        }

        shown["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["title"] = "The current profile being viewed.", ["url"] = UrlOf(type, number) });
        return Answer.Json(200, shown);
    }

    private JsonObject Workflow(Workflow w)
    {
        var profile = new JsonObject
        {
            ["associatedprofile"] = Link("people", w.Person.Id, w.Person.Name),
            ["baseprofile"] = Link("jobs", w.Job.Id, w.Job.Title),
            ["status"] = new JsonObject { ["id"] = w.Status.Id, ["value"] = w.Status.Value },
            ["source"] = w.Source,
            ["createddate"] = ICimsDate.Write(w.CreatedAt),
            ["updateddate"] = ICimsDate.Write(w.UpdatedAt),
            [Account.Assessments] = w.Assessments.ToJson(),
        };
        foreach ((string name, JsonNode value) in w.Fields)
        {
            profile[name] = value.DeepClone();
        }

        return profile;
    }

    private static JsonObject Person(Person person) => new()
    {
        ["firstname"] = person.Data.FirstName,
        ["lastname"] = person.Data.LastName,
        ["email"] = person.Data.Email,
        ["phones"] = person.Data.Phone is { } phone
            ? new JsonArray(new JsonObject { ["entry"] = 1, ["phonetype"] = new JsonObject { ["id"] = "D83004", ["value"] = "Mobile" }, ["phonenumber"] = phone })
            : [],
    };

    private static JsonObject Job(Job job) => new() { ["jobtitle"] = job.Title };

    private JsonObject Link(string type, long id, string value) => new() { ["profile"] = UrlOf(type, id), ["id"] = id, ["value"] = value };

    private string UrlOf(string type, long id) => new Uri(baseUrl(), $"/customers/{options.CustomerId}/{type}/{id}").ToString();
}

using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary>
/// <c>/applicantworkflows/{id}/fields/assessmentresults</c>: POST makes a group, GET, PATCH and DELETE of <c>…/{groupId}</c>.
/// A group that is there already is not made again: the answer is a success and nothing changes.
/// </summary>
internal sealed class CollectionApi(Account account, ICimsOptions options, Func<Uri> baseUrl)
{
    public Answer Handle(Workflow workflow, string[] entry, SandboxRequest request) => (request.Method, entry) switch
    {
        ("POST", []) => Create(workflow, request),
        ("GET", []) => Answer.Json(200, workflow.Assessments.ToJson()),
        ("GET", [string id]) => Answer.Json(200, Collection.Shown(Number(id), Find(workflow, id))),
        ("PATCH", [string id]) => Patch(workflow, id, request),
        ("DELETE", [string id]) => Delete(workflow, id),
        _ => throw ICimsError.NotFound("Resource"),
    };

    private Answer Create(Workflow workflow, SandboxRequest request)
    {
        JsonObject values = workflow.Assessments.Accept(CustomerApi.Body(request));
        if (values["assessmentname"] is null)
        {
            throw ICimsError.Field("assessmentname", "The field assessmentname is required.", 1);
        }

        long id;
        if (workflow.Assessments.Find(values) is { } known)
        {
            account.EntriesIgnored++;
            id = known;
        }
        else
        {
            id = account.NextEntry();
            account.EntriesCreated++;
            workflow.Assessments.Put(id, values);
            workflow.UpdatedAt = account.Now;
        }

        return Answer.Empty(201).With(
            "Location", new Uri(baseUrl(), $"/customers/{options.CustomerId}/applicantworkflows/{workflow.Id}/fields/{Account.Assessments}/{id}").ToString());
    }

    private Answer Patch(Workflow workflow, string id, SandboxRequest request)
    {
        Find(workflow, id);
        workflow.Assessments.Put(Number(id), workflow.Assessments.Accept(CustomerApi.Body(request)));
        workflow.UpdatedAt = account.Now;
        return Answer.Empty(options.PatchStatus);
    }

    private Answer Delete(Workflow workflow, string id)
    {
        Find(workflow, id);
        workflow.Assessments.Remove(Number(id));
        workflow.UpdatedAt = account.Now;
        return Answer.Empty(204);
    }

    private static JsonObject Find(Workflow workflow, string id) =>
        workflow.Assessments.Entries.GetValueOrDefault(Number(id)) ?? throw ICimsError.NotFound("Collection entry");

    private static long Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;
}

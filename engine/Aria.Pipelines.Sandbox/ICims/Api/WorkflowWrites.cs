using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary><c>POST /applicantworkflows</c> and <c>PATCH /applicantworkflows/{id}</c>. A change of status is announced.</summary>
internal sealed class WorkflowWrites(ICimsOptions options, Account account, EventFeed events, Func<Uri> baseUrl)
{
    public Answer Create(SandboxRequest request)
    {
        JsonObject body = CustomerApi.Body(request);
        Only(body, ["baseprofile", "associatedprofile", "status", "source"]);
        Job job = account.Jobs.GetValueOrDefault(Id(body, "baseprofile")) ?? throw ICimsError.NotFound("Job");
        Person person = account.People.GetValueOrDefault(Id(body, "associatedprofile")) ?? throw ICimsError.NotFound("Person");
        ICimsListItem status = body["status"] is { } given ? StatusOf(given) : options.Statuses[0];
        Workflow workflow = account.AddWorkflow(person, job, status, SandboxJson.Text(body["source"]) ?? "")
            ?? throw ICimsError.Of(400, "A workflow of this person for this job exists.");
        return Answer.Empty(201).With("Location", new Uri(baseUrl(), $"/customers/{options.CustomerId}/applicantworkflows/{workflow.Id}").ToString());
    }

    public Answer Patch(Workflow workflow, SandboxRequest request)
    {
        JsonObject body = CustomerApi.Body(request);
        Only(body, ["status", .. account.Fields.Select(f => f.Id)]);
        ICimsListItem? status = body.TryGetPropertyValue("status", out JsonNode? given)
            ? StatusOf(given ?? throw ICimsError.Field("status", "The field status is required.", 1)) : null;
        // Everything is looked at before anything is changed: a refused PATCH changes nothing.
        (string Id, JsonNode? Value)[] values = [.. account.Fields.Where(f => body.ContainsKey(f.Id)).Select(f => (f.Id, f.Accept(body[f.Id])))];
        foreach ((string id, JsonNode? value) in values)
        {
            if (value is null)
            {
                workflow.Fields.Remove(id);
            }
            else
            {
                workflow.Fields[id] = value;
            }
        }

        account.Patches++;
        workflow.UpdatedAt = account.Now;
        ICimsListItem before = workflow.Status;
        if (status is not null && account.Move(workflow, status, overHttp: true))
        {
            events.Moved(workflow, before, ICimsSeeds.ApiUserId);
        }

        return Answer.Empty(options.PatchStatus);
    }

    private ICimsListItem StatusOf(JsonNode given)
    {
        string id = (string)account.Status.Accept(given)!["id"]!;
        return options.Statuses.First(s => s.Id == id);
    }

    private static long Id(JsonObject body, string name) =>
        body[name] is not { } node ? throw ICimsError.Field(name, $"The field {name} is required.", 1)
        : SandboxJson.Whole(node) ?? throw ICimsError.Field(name, $"The field {name} must be an integer.");

    private static void Only(JsonObject body, string[] known)
    {
        if (body.FirstOrDefault(m => !known.Contains(m.Key)).Key is { } unknown)
        {
            throw ICimsError.Field(unknown, $"The field {unknown} is not valid.");
        }
    }
}

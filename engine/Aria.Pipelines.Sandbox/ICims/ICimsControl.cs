using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>
/// The iCIMS part of <c>/_sandbox/…</c>; the common part is on <see cref="ControlApi"/>.
/// <list type="bullet">
/// <item><c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?}</c> → 201 <c>{"application_id","candidate_id"}</c>; the last word of the name is the last name</item>
/// <item><c>POST applications/{id}/move</c> <c>{"stage"}</c> → 200 the application; the stage is the value of a status</item>
/// <item><c>POST webhooks</c> <c>{"url","events"?:[…]}</c> → 201 <c>{"id","url","events","enabled"}</c></item>
/// <item><c>GET state</c> → <c>{"applications","moves","counts"}</c></item>
/// </list>
/// </summary>
internal sealed class ICimsControl(ICimsSandbox sandbox)
{
    public IEnumerable<ControlRoute> Routes =>
    [
        ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
        ControlRoute.Of("POST", "applications/*/move", (id, body) => Move(id, ControlBody.Text(body, "stage"))),
        ControlRoute.Of("POST", "webhooks", (_, body) => AddReceiver(body)),
        ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, State(sandbox.State))),
    ];

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        var person = new ICimsPerson(space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..], ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone"));
        long id = sandbox.Apply(person, ControlBody.OptionalWhole(body, "job_id") ?? ICimsSeeds.EngineerJobId);
        return Answer.Json(201, new JsonObject { ["application_id"] = id, ["candidate_id"] = sandbox.State.Workflow(id).PersonId });
    }

    private Answer Move(string id, string stage)
    {
        long number = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : throw new KeyNotFoundException($"There is no workflow '{id}'.");
        sandbox.Move(number, stage);
        return Answer.Json(200, ToJson(sandbox.State.Workflow(number)));
    }

    private Answer AddReceiver(JsonObject body)
    {
        ControlBody.Only(body, "url", "events");
        return Answer.Json(201, sandbox.AddReceiver(ControlBody.LoopbackUrl(body, "url"), ControlBody.Texts(body, "events")).ToJson());
    }

    private static JsonObject State(ICimsSnapshot state) => new()
    {
        ["applications"] = new JsonArray([.. state.Workflows.Select(ToJson)]),
        ["moves"] = new JsonArray([.. state.Moves.Select(m => new JsonObject
        {
            ["application_id"] = m.WorkflowId,
            ["from"] = m.From,
            ["to"] = m.To,
            ["over_http"] = m.OverHttp,
        })]),
        ["counts"] = new JsonObject
        {
            ["calls"] = state.Counts.Calls,
            ["patches"] = state.Counts.Patches,
            ["entries_created"] = state.Counts.EntriesCreated,
            ["entries_ignored"] = state.Counts.EntriesIgnored,
            ["tokens_issued"] = state.Counts.TokensIssued,
        },
    };

    private static JsonObject ToJson(ICimsWorkflowView workflow) => new()
    {
        ["id"] = workflow.Id,
        ["candidate_id"] = workflow.PersonId,
        ["job_id"] = workflow.JobId,
        ["stage"] = workflow.Status,
        ["status_id"] = workflow.StatusId,
        ["fields"] = new JsonObject(workflow.Fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
        ["assessmentresults"] = new JsonArray([.. workflow.Assessments.Select(a => new JsonObject
        {
            ["entry"] = a.Entry,
            ["name"] = a.Name,
            ["status"] = a.Status,
            ["score"] = a.Score,
            ["result"] = a.Result,
            ["notes"] = a.Notes,
            ["date"] = a.Date,
            ["url"] = a.Url,
        })]),
    };
}

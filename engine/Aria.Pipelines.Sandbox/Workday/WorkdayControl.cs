using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Workday;

/// <summary>
/// The Workday part of <c>/_sandbox/…</c>; the common part is on <see cref="ControlApi"/>.
/// <list type="bullet">
/// <item><c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?}</c> → 201 <c>{"application_id","candidate_id"}</c>; the last word of the name is the last name</item>
/// <item><c>POST applications/{id}/move</c> <c>{"step"}</c>, <c>POST applications/{id}/reject</c> → 200 the application</item>
/// <item><c>GET state</c> → <c>{"applications","attachments","moves","counts"}</c></item>
/// </list>
/// </summary>
internal sealed class WorkdayControl(WorkdaySandbox sandbox)
{
    public IEnumerable<ControlRoute> Routes =>
    [
        ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
        ControlRoute.Of("POST", "applications/*/move", (id, body) => Change(id, () => sandbox.MoveTo(id, ControlBody.Text(body, "step")))),
        ControlRoute.Of("POST", "applications/*/reject", (id, _) => Change(id, () => sandbox.Dispose(id))),
        ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, State(sandbox.State))),
    ];

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        string id = sandbox.Apply(
            new WorkdayPerson(space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..], ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone")),
            ControlBody.OptionalText(body, "job_id") ?? WorkdaySeeds.EngineerRequisition);
        return Answer.Json(201, new JsonObject { ["application_id"] = id, ["candidate_id"] = sandbox.State.Application(id).CandidateId });
    }

    private Answer Change(string id, Action work)
    {
        work();
        return Answer.Json(200, ToJson(sandbox.State.Application(id)));
    }

    private static JsonObject State(WorkdaySnapshot state) => new()
    {
        ["applications"] = new JsonArray([.. state.Applications.Select(ToJson)]),
        ["attachments"] = new JsonArray([.. state.Attachments.Select(a => new JsonObject
        {
            ["id"] = a.Id, ["candidate_id"] = a.CandidateId, ["application_id"] = a.ApplicationId, ["filename"] = a.Filename, ["content"] = a.Content, ["comment"] = a.Comment,
        })]),
        ["moves"] = new JsonArray([.. state.Moves.Select(m => new JsonObject { ["application_id"] = m.ApplicationId, ["from"] = m.From, ["to"] = m.To, ["over_http"] = m.OverHttp })]),
        ["counts"] = new JsonObject
        {
            ["assessments_created"] = state.Counts.AssessmentsCreated,
            ["assessments_modified"] = state.Counts.AssessmentsModified,
            ["moves"] = state.Counts.Moves,
            ["attachments"] = state.Counts.Attachments,
            ["tokens"] = state.Counts.Tokens,
            ["application_windows"] = state.Counts.ApplicationWindows,
            ["assessment_windows"] = state.Counts.AssessmentWindows,
        },
    };

    private static JsonObject ToJson(WorkdayApplicationView application) => new()
    {
        ["id"] = application.Id,
        ["candidate_id"] = application.CandidateId,
        ["job_id"] = application.RequisitionId,
        ["step"] = application.StepId,
        ["in_progress"] = application.InProgress,
        ["assessments"] = new JsonArray([.. application.Assessments.Select(a => new JsonObject
        {
            ["id"] = a.Id,
            ["started"] = a.Started,
            ["status"] = a.Status,
            ["comment"] = a.Comment,
            ["tests"] = new JsonArray([.. a.Tests.Select(t => new JsonObject
            {
                ["test"] = t.Test, ["score"] = t.Score, ["status"] = t.Status, ["date"] = t.Date, ["comment"] = t.Comment, ["results_url"] = t.ResultsUrl,
            })]),
        })]),
    };
}

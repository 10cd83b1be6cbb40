using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>
/// The Greenhouse part of <c>/_sandbox/…</c>; the common part is on <see cref="ControlApi"/>.
/// <list type="bullet">
/// <item><c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?,"resume_filename"?}</c> → 201 <c>{"application_id","candidate_id"}</c>; the last word of the name is the last name</item>
/// <item><c>POST applications/{id}/move</c> <c>{"stage"}</c>, <c>POST applications/{id}/hire</c>, <c>POST applications/{id}/reject</c> → 200 the application</item>
/// <item><c>POST webhooks</c> <c>{"url","secret","actions"?:[…],"ping"?:true}</c> → 201 <c>{"id","url","events","enabled"}</c></item>
/// <item><c>GET state</c> → <c>{"applications","notes","moves","counts"}</c></item>
/// </list>
/// </summary>
internal sealed class GreenhouseControl(GreenhouseSandbox sandbox)
{
    public IEnumerable<ControlRoute> Routes =>
    [
        ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
        ControlRoute.Of("POST", "applications/*/move", (id, body) => Change(id, i => sandbox.MoveStage(i, ControlBody.Text(body, "stage")))),
        ControlRoute.Of("POST", "applications/*/hire", (id, _) => Change(id, sandbox.Hire)),
        ControlRoute.Of("POST", "applications/*/reject", (id, _) => Change(id, sandbox.Reject)),
        ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, State(sandbox.State))),
        new("POST", "webhooks", (_, body, cancel) => AddWebhookAsync(body, cancel)),
    ];

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id", "resume_filename");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        long id = sandbox.Apply(
            new GreenhouseCandidate(
                space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..],
                ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone"))
            { ResumeFilename = ControlBody.OptionalText(body, "resume_filename") },
            ControlBody.OptionalWhole(body, "job_id") ?? GreenhouseSeeds.EngineerJobId);
        return Answer.Json(201, new JsonObject { ["application_id"] = id, ["candidate_id"] = sandbox.State.Application(id).CandidateId });
    }

    private Answer Change(string id, Action<long> work)
    {
        long number = long.TryParse(id, CultureInfo.InvariantCulture, out long parsed)
            ? parsed : throw new KeyNotFoundException($"There is no application '{id}'.");
        work(number);
        return Answer.Json(200, ToJson(sandbox.State.Application(number)));
    }

    private async Task<Answer> AddWebhookAsync(JsonObject body, CancellationToken cancel)
    {
        ControlBody.Only(body, "url", "secret", "actions", "ping");
        WebhookTarget target = await sandbox.AddWebhookAsync(
            ControlBody.LoopbackUrl(body, "url"), ControlBody.Text(body, "secret"), ControlBody.Texts(body, "actions"),
            ControlBody.OptionalBool(body, "ping", true), cancel);
        return Answer.Json(201, target.ToJson());
    }

    private static JsonObject State(GreenhouseSnapshot state) => new()
    {
        ["applications"] = new JsonArray([.. state.Applications.Select(ToJson)]),
        ["notes"] = new JsonArray([.. state.Notes.Select(n => new JsonObject
        {
            ["id"] = n.Id,
            ["candidate_id"] = n.CandidateId,
            ["application_id"] = n.ApplicationId,
            ["user_id"] = n.UserId,
            ["body"] = n.Body,
            ["visibility"] = n.Visibility,
            ["type"] = n.Type,
        })]),
        ["moves"] = new JsonArray([.. state.Moves.Select(m => new JsonObject
        {
            ["application_id"] = m.ApplicationId,
            ["from"] = m.FromStage,
            ["to"] = m.ToStage,
            ["over_http"] = m.OverHttp,
        })]),
        ["counts"] = new JsonObject
        {
            ["application_patches"] = state.Counts.ApplicationPatches,
            ["candidate_patches"] = state.Counts.CandidatePatches,
            ["notes_created"] = state.Counts.NotesCreated,
            ["moves"] = state.Counts.Moves,
            ["tokens_issued"] = state.Counts.TokensIssued,
        },
    };

    private static JsonObject ToJson(GreenhouseApplicationView application)
    {
        var fields = new JsonObject();
        foreach ((string name, object? value) in application.CustomFields)
        {
            fields[name] = value switch
            {
                null => null,
                decimal number => JsonValue.Create(number),
                bool flag => JsonValue.Create(flag),
                _ => JsonValue.Create(value.ToString()),
            };
        }

        return new JsonObject
        {
            ["id"] = application.Id,
            ["candidate_id"] = application.CandidateId,
            ["job_id"] = application.JobId,
            ["status"] = application.Status,
            ["stage"] = application.StageName,
            ["application_stage_id"] = application.ApplicationStageId,
            ["job_stage_id"] = application.JobStageId,
            ["custom_fields"] = fields,
        };
    }
}

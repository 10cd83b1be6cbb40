using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>
/// The SmartRecruiters part of <c>/_sandbox/…</c>; the common part is on <see cref="ControlApi"/>.
/// <list type="bullet">
/// <item><c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?}</c> → 201 <c>{"candidate_id","job_id"}</c>; the last word of the name is the last name</item>
/// <item><c>POST status</c> <c>{"candidate_id","job_id"?,"status","sub_status"?}</c> → 204</item>
/// <item><c>POST webhooks</c> <c>{"url","key"?,"events"?:[…]}</c> → 201 <c>{"active"}</c>, after the handshake</item>
/// <item><c>GET state</c> → <c>{"applications","messages","counts"}</c></item>
/// </list>
/// </summary>
internal sealed class SmartRecruitersControl(SmartRecruitersSandbox sandbox)
{
    public IEnumerable<ControlRoute> Routes =>
    [
        ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
        ControlRoute.Of("POST", "status", (_, body) => SetStatus(body)),
        ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, State(sandbox.State))),
        new("POST", "webhooks", (_, body, cancel) => SubscribeAsync(body, cancel)),
    ];

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        SmartRecruitersApplicationKey key = sandbox.Apply(
            new SmartRecruitersCandidate(
                space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..],
                ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone")),
            ControlBody.OptionalText(body, "job_id") ?? SmartRecruitersSeeds.EngineerJobId);
        return Answer.Json(201, new JsonObject { ["candidate_id"] = key.CandidateId, ["job_id"] = key.JobId });
    }

    private Answer SetStatus(JsonObject body)
    {
        ControlBody.Only(body, "candidate_id", "job_id", "status", "sub_status");
        sandbox.SetStatus(
            new SmartRecruitersApplicationKey(ControlBody.Text(body, "candidate_id"), ControlBody.OptionalText(body, "job_id") ?? SmartRecruitersSeeds.EngineerJobId),
            ControlBody.Text(body, "status"), ControlBody.OptionalText(body, "sub_status"));
        return Answer.Empty(204);
    }

    private async Task<Answer> SubscribeAsync(JsonObject body, CancellationToken cancel)
    {
        ControlBody.Only(body, "url", "key", "events");
        IReadOnlyList<string> events = ControlBody.Texts(body, "events");
        bool active = await sandbox.SubscribeAsync(
            ControlBody.LoopbackUrl(body, "url"), ControlBody.OptionalText(body, "key"), events.Count == 0 ? null : events, cancel);
        return Answer.Json(201, new JsonObject { ["active"] = active });
    }

    private static JsonObject State(SmartRecruitersSnapshot state) => new()
    {
        ["applications"] = new JsonArray([.. state.Applications.Select(ToJson)]),
        ["messages"] = new JsonArray([.. state.Messages.Select(m => new JsonObject
        {
            ["id"] = m.Id,
            ["content"] = m.Content,
            ["visibility"] = m.Visibility,
            ["applications"] = new JsonArray([.. m.Applications.Select(a => new JsonObject { ["candidate_id"] = a.CandidateId, ["job_id"] = a.JobId })]),
        })]),
        ["counts"] = new JsonObject
        {
            ["status_writes"] = state.Counts.StatusWrites,
            ["property_writes"] = state.Counts.PropertyWrites,
            ["messages_shared"] = state.Counts.MessagesShared,
            ["tag_writes"] = state.Counts.TagWrites,
            ["tokens_issued"] = state.Counts.TokensIssued,
        },
    };

    private static JsonObject ToJson(SmartRecruitersApplicationView application)
    {
        var properties = new JsonObject();
        foreach ((string name, object? value) in application.Properties)
        {
            properties[name] = value is null ? null : JsonValue.Create(value);
        }

        return new JsonObject
        {
            ["application_id"] = application.ApplicationId,
            ["candidate_id"] = application.CandidateId,
            ["job_id"] = application.JobId,
            ["status"] = application.Status,
            ["sub_status"] = application.SubStatus,
            ["properties"] = properties,
            ["tags"] = new JsonArray([.. application.Tags.Select(t => JsonValue.Create(t))]),
        };
    }
}

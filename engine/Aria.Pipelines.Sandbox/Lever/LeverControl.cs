using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Lever;

/// <summary>
/// The Lever part of <c>/_sandbox/…</c>; the common part is on <see cref="ControlApi"/>.
/// <list type="bullet">
/// <item><c>POST opportunities</c> <c>{"name","email"?,"phone"?,"posting_id"?}</c> → 201 <c>{"opportunity_id"}</c></item>
/// <item><c>POST opportunities/{id}/move</c> <c>{"stage"}</c>, <c>POST opportunities/{id}/archive</c> <c>{"reason"?}</c> → 200 the opportunity</item>
/// <item><c>POST webhooks</c> <c>{"url","signature_token","events"?:[…]}</c> → 201 <c>{"id","url","events","enabled"}</c></item>
/// <item><c>GET state</c> → <c>{"opportunities","moves","tokens_issued"}</c></item>
/// </list>
/// </summary>
internal sealed class LeverControl(LeverSandbox sandbox)
{
    public IEnumerable<ControlRoute> Routes =>
    [
        ControlRoute.Of("POST", "opportunities", (_, body) => Apply(body)),
        ControlRoute.Of("POST", "opportunities/*/move", (id, body) => Change(id, () => sandbox.MoveStage(id, ControlBody.Text(body, "stage")))),
        ControlRoute.Of("POST", "opportunities/*/archive", (id, body) => Change(id, () => sandbox.Archive(id, ControlBody.OptionalText(body, "reason")))),
        ControlRoute.Of("POST", "webhooks", (_, body) => AddWebhook(body)),
        ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, State(sandbox.State))),
    ];

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "posting_id");
        string id = sandbox.Apply(
            new LeverCandidate(ControlBody.Text(body, "name"), ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone")),
            ControlBody.OptionalText(body, "posting_id") ?? LeverSeeds.EngineerPostingId);
        return Answer.Json(201, new JsonObject { ["opportunity_id"] = id });
    }

    private Answer AddWebhook(JsonObject body)
    {
        ControlBody.Only(body, "url", "signature_token", "events");
        string[] events = [.. ControlBody.Texts(body, "events")];
        return Answer.Json(201, sandbox.AddWebhook(ControlBody.LoopbackUrl(body, "url"), ControlBody.Text(body, "signature_token"), events).ToJson());
    }

    private Answer Change(string id, Action work)
    {
        work();
        return Answer.Json(200, ToJson(sandbox.State.Opportunity(id)));
    }

    private static JsonObject State(LeverSnapshot state) => new()
    {
        ["opportunities"] = new JsonArray([.. state.Opportunities.Select(o => (JsonNode)ToJson(o))]),
        ["moves"] = new JsonArray([.. state.Moves.Select(m => (JsonNode)new JsonObject
        {
            ["opportunity_id"] = m.OpportunityId,
            ["from"] = m.FromStageId,
            ["to"] = m.ToStageId,
            ["over_http"] = m.OverHttp,
        })]),
        ["tokens_issued"] = state.TokensIssued,
    };

    private static JsonObject ToJson(LeverOpportunityView view) => new()
    {
        ["id"] = view.Id,
        ["application_id"] = view.ApplicationId,
        ["contact_id"] = view.ContactId,
        ["posting_id"] = view.PostingId,
        ["stage"] = view.Stage,
        ["archive_reason"] = view.ArchiveReason,
        ["tags"] = Texts(view.Tags),
        ["links"] = Texts(view.Links),
        ["notes"] = Texts(view.Notes.Select(n => n.Value)),
        ["feedback"] = new JsonArray([.. view.Feedback.Select(f => (JsonNode)new JsonObject
        {
            ["id"] = f.Id,
            ["draft"] = f.IsDraft,
            ["values"] = new JsonObject(f.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}

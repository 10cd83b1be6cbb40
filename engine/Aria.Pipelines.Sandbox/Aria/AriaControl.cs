using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>
/// The ARIA part of <c>/_sandbox/…</c>; the common part is on <see cref="ControlApi"/>.
/// <list type="bullet">
/// <item><c>GET interviews</c> → array of all interviews, with the candidate</item>
/// <item><c>POST interviews/{id}/start</c>, <c>POST interviews/{id}/no-show</c> <c>{"copies"?:1}</c> → 200 the interview</item>
/// <item><c>POST interviews/{id}/complete</c> <c>{"score":8.5,"recommendation":"advance","insights"?:{"communication_score","technical_score","cultural_fit_score"},"copies"?:1,"started_afterwards"?:false}</c> → 200; <c>copies</c> 0 sends no webhook</item>
/// <item><c>POST webhooks</c> <c>{"url","secret","events"?:[…]}</c> → 201</item>
/// <item><c>DELETE tokens</c> → 204; every token ends</item>
/// <item><c>GET state</c> → <c>{"interviews","invitations_created","invitations_repeated","tokens_issued"}</c></item>
/// </list>
/// 409 when the interview is not in a state that allows the change.
/// </summary>
internal sealed class AriaControl(AriaSandbox sandbox)
{
    public IEnumerable<ControlRoute> Routes =>
    [
        ControlRoute.Of("GET", "interviews", (_, _) => Answer.Json(200, All())),
        ControlRoute.Of("POST", "interviews/*/start", (id, body) => Answer.Json(200, ToJson(sandbox.Start(id, Announcement(body, "copies"))))),
        ControlRoute.Of("POST", "interviews/*/no-show", (id, body) => Answer.Json(200, ToJson(sandbox.NoShow(id, Announcement(body, "copies"))))),
        ControlRoute.Of("POST", "interviews/*/complete", (id, body) => Answer.Json(200, ToJson(Complete(id, body)))),
        ControlRoute.Of("POST", "webhooks", (_, body) => AddWebhook(body)),
        ControlRoute.Of("DELETE", "tokens", (_, _) => Revoke()),
        ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, new JsonObject
        {
            ["interviews"] = All(),
            ["invitations_created"] = sandbox.InvitationsCreated,
            ["invitations_repeated"] = sandbox.InvitationsRepeated,
            ["tokens_issued"] = sandbox.TokensIssued,
        })),
    ];

    private AriaInterview Complete(string id, JsonObject body)
    {
        AriaAnnouncement announcement = Announcement(body, "score", "recommendation", "insights", "copies", "started_afterwards");
        AriaInsights? insights = body["insights"] is JsonObject given
            ? new AriaInsights(Score(given, "communication_score"), Score(given, "technical_score"), Score(given, "cultural_fit_score")) : null;
        return sandbox.Complete(id, new AriaResult(Score(body, "score"), ControlBody.Text(body, "recommendation"), insights), announcement);
    }

    private static AriaAnnouncement Announcement(JsonObject body, params string[] known)
    {
        ControlBody.Only(body, known);
        return new AriaAnnouncement
        {
            Copies = (int)(ControlBody.OptionalWhole(body, "copies") ?? 1),
            StartedAfterwards = ControlBody.OptionalBool(body, "started_afterwards", false),
        };
    }

    private static decimal Score(JsonObject body, string name) =>
        ControlBody.OptionalNumber(body, name) ?? throw ControlBody.Refuse($"'{name}' is missing. It must be a number from 1 to 10.");

    private Answer AddWebhook(JsonObject body)
    {
        ControlBody.Only(body, "url", "secret", "events");
        return Answer.Json(201, sandbox.AddWebhook(
            ControlBody.LoopbackUrl(body, "url"), ControlBody.Text(body, "secret"), ControlBody.Texts(body, "events")).ToJson());
    }

    private Answer Revoke()
    {
        sandbox.RevokeTokens();
        return Answer.Empty(204);
    }

    private JsonArray All() => new([.. sandbox.Interviews.Select(ToJson)]);

    private static JsonObject ToJson(AriaInterview interview)
    {
        JsonObject json = InterviewJson.Full(interview);
        json["candidate"] = new JsonObject { ["email"] = interview.Email, ["name"] = interview.Name, ["phone"] = interview.Phone };
        return json;
    }
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>Turns changes of the account into webhooks. Called under the account's lock, so a body shows the state right after its change.</summary>
internal sealed class HookFeed(Account account, WebhookSender sender)
{
    /// <summary>Exactly 200 is success; waits are +1, +15, +60, +120, +240 and +480 minutes (7 attempts).</summary>
    public static WebhookRules Rules(bool newIdOnRetry) => new()
    {
        Waits = [.. ((int[])[1, 15, 60, 120, 240, 480]).Select(m => TimeSpan.FromMinutes(m))],
        Succeeds = status => status == 200,
        Headers = (secret, body, id) => [("Greenhouse-Event-ID", id), ("Signature", "sha256 " + HmacHex.Sha256(secret, body))],
        NewIdOnRetry = newIdOnRetry,
    };

    public void Applied(Application application) => Send(WebhookPayload.NewApplication(application, Files(application)));

    public void Moved(Application application) => Send(WebhookPayload.StageChange(application, Files(application)));

    public void Updated(Application application) => Send(WebhookPayload.ApplicationUpdated(application, Files(application)));

    public void Updated(Candidate candidate) => Send(WebhookPayload.CandidateUpdated(candidate));

    public void Hired(Application application) => Send(WebhookPayload.Hired(application, Files(application), account.Now));

    public void Rejected(Application application) => Send(WebhookPayload.Rejected(application, Files(application)));

    private IEnumerable<Attachment> Files(Application application) =>
        account.Attachments.Rows.Where(f => f.Application.Candidate.Id == application.Candidate.Id);

    private void Send(JsonObject body) => sender.Send((string)body["action"]!, SandboxJson.EscapedBytes(body));
}

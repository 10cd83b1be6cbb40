using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>
/// Turns changes into push events: compressed JSON that holds ids only and is not signed. Ids are strings and the relations of <c>links</c> are
/// <c>applicantWorkflow</c>, <c>job</c>, <c>person</c> and <c>user</c>, as a public client reads them. Called under the account's lock.
/// </summary>
internal sealed class EventFeed(ICimsOptions options, WebhookSender sender, Func<Uri> baseUrl)
{
    public const string StatusChange = "WorkFlowStatusChangeEvent";
    public const string Assessment = "AssessmentEvent";

    /// <summary>200 is success, and 303 with a link for the candidate.</summary>
    public static WebhookRules Rules(ICimsOptions options) => new()
    {
        Waits = options.EventWaits,
        Succeeds = status => status is 200 or 303,
        Headers = (_, _, _) => [],
        Gzip = true,
    };

    public void Applied(Workflow w) => Send(new JsonObject
    {
        ["eventType"] = Assessment,
        ["customerId"] = options.CustomerId,
        ["systemId"] = Text(w.Id),
        ["userId"] = Text(w.Person.Id),
        ["returnUrl"] = new Uri(baseUrl(), $"/return/{w.Id}").ToString(),
        ["links"] = Links(w, w.Person.Id),
    });

    public void Moved(Workflow w, ICimsListItem before, long userId) => Send(new JsonObject
    {
        ["eventType"] = StatusChange,
        ["customerId"] = options.CustomerId,
        ["systemId"] = Text(w.Id),
        ["personId"] = Text(w.Person.Id),
        ["jobId"] = Text(w.Job.Id),
        ["userId"] = Text(userId),
        ["oldStatus"] = before.Id,
        ["newStatus"] = w.Status.Id,
        ["links"] = Links(w, userId),
    });

    private JsonArray Links(Workflow w, long userId) => new(
        Link("applicantWorkflow", "Applicant Workflow", "applicantworkflows", w.Id),
        Link("job", "Job", "jobs", w.Job.Id),
        Link("person", "Person", "people", w.Person.Id),
        Link("user", "User", "people", userId));

    private JsonObject Link(string rel, string title, string type, long id) =>
        new() { ["rel"] = rel, ["title"] = title, ["url"] = new Uri(baseUrl(), $"/customers/{options.CustomerId}/{type}/{id}").ToString() };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private void Send(JsonObject body) => sender.Send((string)body["eventType"]!, SandboxJson.Bytes(body));
}

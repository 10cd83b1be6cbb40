using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Api;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>Turns changes of the account into notifications, which hold ids only. Called under the account's lock.</summary>
internal sealed class HookFeed(SmartRecruitersOptions options, Func<Uri> baseUrl)
{
    /// <summary>The version that notifications carry.</summary>
    public const string EventVersion = "v201910";

    /// <summary>Set once, because the sender's rules need this feed.</summary>
    public WebhookSender Sender { private get; set; } = null!;

    /// <summary>
    /// Exactly 202 within 5 s is success. Ten more attempts: the documentation gives waits of 1, 3, 10, 45 and 120 minutes "up to" 1440; those
    /// between are a choice.
    /// </summary>
    public WebhookRules Rules(Func<string, Subscription?> subscriptionOf) => new()
    {
        Waits = [.. ((int[])[1, 3, 10, 45, 120, 240, 480, 720, 1440, 1440]).Select(m => TimeSpan.FromMinutes(m))],
        Succeeds = status => status == 202,
        Timeout = TimeSpan.FromSeconds(5),
        Headers = (_, _, _) => [],
        MoreHeaders = delivery => subscriptionOf(delivery.Target.Id) is { } subscription ? Headers(delivery, subscription) : [],
    };

    /// <summary>
    /// <c>v1=</c> and hex HMAC-SHA256 over <c>timestamp.body.event-id.event-name.event-version.link</c>; a header that is not there counts as an empty string.
    /// </summary>
    public static string Sign(string key, string timestamp, string body, string eventId, string eventName, string link) =>
        "v1=" + HmacHex.Sha256(key, Encoding.UTF8.GetBytes(string.Join('.', timestamp, body, eventId, eventName, EventVersion, link)));

    public void Applied(Application application) => Send("application.created", Body(application), Forms.Path(application));

    public void StatusUpdated(Application application) => Send("application.status.updated", Body(application), Forms.Path(application));

    public void FieldsUpdated(Application application) => Send("application.fields.updated", Body(application), Forms.Path(application));

    public void Created(Candidate candidate) => Send("candidate.created", new JsonObject { ["id"] = candidate.Id }, $"/candidates/{candidate.Id}");

    public void Updated(Candidate candidate) => Send("candidate.updated", new JsonObject { ["id"] = candidate.Id }, $"/candidates/{candidate.Id}");

    public void Deleted(Candidate candidate) => Send("candidate.deleted", new JsonObject { ["id"] = candidate.Id }, null);

    private JsonObject Body(Application application)
    {
        var body = new JsonObject { ["job_id"] = application.Job.Id, ["candidate_id"] = application.Candidate.Id };
        if (!options.OmitApplicationId)
        {
            body["application_id"] = application.Id;
        }

        return body;
    }

    private void Send(string name, JsonObject body, string? path) =>
        Sender.Send(name, SandboxJson.Bytes(body), link: path is null ? null : new Uri(baseUrl(), path));

    private List<(string Name, string Value)> Headers(OutgoingDelivery delivery, Subscription subscription)
    {
        string link = delivery.Link is { } url ? $"<{url}>; rel=self" : "";
        List<(string, string)> headers = [("event-name", delivery.Event), ("event-version", EventVersion), ("event-id", delivery.Id), .. subscription.Authentication];
        if (link.Length > 0)
        {
            headers.Add(("link", link));
        }

        DateTimeOffset now = options.Time.GetUtcNow();
        IReadOnlyList<SecretKey> keys = subscription.Keys(now);
        if (keys.Count > 0)
        {
            string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            string body = Encoding.UTF8.GetString(delivery.Body);
            headers.Add(("smartrecruiters-timestamp", timestamp));
            headers.Add(("smartrecruiters-signature", string.Join(';', keys.Select(k => Sign(k.Value, timestamp, body, delivery.Id, delivery.Event, link)))));
        }

        return headers;
    }
}

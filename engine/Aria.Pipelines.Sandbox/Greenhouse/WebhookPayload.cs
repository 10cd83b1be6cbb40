using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>
/// Webhook bodies in the documented shape, which kept the v1 names: nested candidate, <c>jobs[]</c>, status <c>active</c>,
/// and <c>current_stage.id</c> = the job's stage. The shapes of <c>ping</c> and <c>update_candidate</c> are not published:
/// those two are constructed.
/// </summary>
internal static class WebhookPayload
{
    public static JsonObject NewApplication(Application application, IEnumerable<Attachment> files)
    {
        JsonObject json = Common(application, files);
        json["prospect_detail"] = new JsonObject { ["prospect_pool"] = null, ["prospect_stage"] = null, ["prospect_owner"] = null };
        return Envelope("new_candidate_application", "application", json);
    }

    public static JsonObject ApplicationUpdated(Application application, IEnumerable<Attachment> files) =>
        Envelope("application_updated", "application", Common(application, files));

    public static JsonObject StageChange(Application application, IEnumerable<Attachment> files) =>
        Envelope("candidate_stage_change", "application", Common(application, files));

    public static JsonObject Rejected(Application application, IEnumerable<Attachment> files)
    {
        JsonObject json = Common(application, files);
        json["rejection_reason"] = new JsonObject
        {
            ["id"] = 14,
            ["name"] = "Too Junior",
            ["type"] = new JsonObject { ["id"] = 3, ["name"] = "Wrong skill set" },
        };
        json["rejection_details"] = new JsonObject { ["custom_fields"] = new JsonObject() };
        return Envelope("reject_candidate", "application", json);
    }

    /// <summary>The hire has neither status nor stage, and an opening, a job and an offer instead.</summary>
    public static JsonObject Hired(Application application, IEnumerable<Attachment> files, DateTimeOffset at)
    {
        JsonObject job = JobOf(application.Job);
        var brief = new JsonObject();
        foreach (string name in (string[])["id", "name", "requisition_id", "departments", "offices", "custom_fields"])
        {
            brief[name] = job[name]?.DeepClone();
        }

        brief["open_date"] = SandboxJson.Seconds(application.Job.CreatedAt);
        brief["close_date"] = SandboxJson.Seconds(at);
        return Envelope("hire_candidate", "application", new JsonObject
        {
            ["id"] = application.Id,
            ["opening"] = new JsonObject { ["opening_id"] = $"{application.Job.Id}-1", ["custom_fields"] = new JsonArray() },
            ["credited_to"] = null,
            ["source"] = null,
            ["url"] = UrlOf(application),
            ["candidate"] = CandidateOf(application.Candidate, files),
            ["job"] = brief,
            ["jobs"] = new JsonArray(job),
            ["custom_fields"] = application.Fields.ToJson(),
            ["offer"] = new JsonObject
            {
                ["id"] = application.Id + 1_000_000,
                ["version"] = 1,
                ["created_at"] = SandboxJson.Seconds(at),
                ["sent_at"] = null,
                ["resolved_at"] = SandboxJson.Seconds(at),
                ["starts_at"] = null,
                ["custom_fields"] = new JsonObject(),
            },
        });
    }

    /// <summary>Constructed.</summary>
    public static JsonObject CandidateUpdated(Candidate candidate) =>
        Envelope("update_candidate", "candidate", CandidateOf(candidate, []));

    /// <summary>Constructed: "a payload containing some configuration settings" is all the documentation says.</summary>
    public static JsonObject Ping(Uri url) => Envelope("ping", "webhook", new JsonObject { ["url"] = url.ToString(), ["active"] = true });

    private static JsonObject Envelope(string action, string subject, JsonObject body) =>
        new() { ["action"] = action, ["payload"] = new JsonObject { [subject] = body } };

    private static JsonObject Common(Application application, IEnumerable<Attachment> files) => new()
    {
        ["id"] = application.Id,
        ["rejected_at"] = application.RejectedAt is { } at ? SandboxJson.Seconds(at) : null,
        ["prospect"] = false,
        ["status"] = application.Status == "in_process" ? "active" : application.Status,
        ["applied_at"] = SandboxJson.Seconds(application.CreatedAt),
        ["last_activity_at"] = SandboxJson.Seconds(application.UpdatedAt),
        ["url"] = UrlOf(application),
        ["source"] = null,
        ["credited_to"] = null,
        ["rejection_reason"] = null,
        ["rejection_details"] = null,
        ["current_stage"] = new JsonObject
        {
            ["id"] = application.LastStage.Id,
            ["name"] = application.LastStage.Name,
            ["interviews"] = new JsonArray(),
        },
        ["custom_fields"] = application.Fields.ToJson(),
        ["candidate"] = CandidateOf(application.Candidate, files),
        ["jobs"] = new JsonArray(JobOf(application.Job)),
    };

    private static string UrlOf(Application application) =>
        $"https://app.greenhouse.io/people/{application.Candidate.Id}?application_id={application.Id}";

    private static JsonObject CandidateOf(Candidate candidate, IEnumerable<Attachment> files) => new()
    {
        ["id"] = candidate.Id,
        ["first_name"] = candidate.Person.FirstName,
        ["last_name"] = candidate.Person.LastName,
        ["title"] = null,
        ["company"] = null,
        ["created_at"] = SandboxJson.Seconds(candidate.CreatedAt),
        ["external_id"] = null,
        ["photo_url"] = null,
        ["url"] = $"https://app.greenhouse.io/people/{candidate.Id}",
        ["is_private"] = false,
        ["can_email"] = true,
        ["phone_numbers"] = candidate.PhoneNumbers(),
        ["email_addresses"] = candidate.EmailAddresses(),
        ["addresses"] = new JsonArray(),
        ["website_addresses"] = new JsonArray(),
        ["social_media_addresses"] = new JsonArray(),
        ["educations"] = new JsonArray(),
        ["employments"] = new JsonArray(),
        ["recruiter"] = null,
        ["coordinator"] = null,
        ["attachments"] = new JsonArray([.. files.Select(f => new JsonObject { ["filename"] = f.Filename, ["url"] = f.Url, ["type"] = "resume" })]),
        ["tags"] = new JsonArray([.. candidate.Tags.Select(t => JsonValue.Create(t))]),
        ["custom_fields"] = candidate.Fields.ToJson(),
    };

    private static JsonObject JobOf(Job job) => new()
    {
        ["id"] = job.Id,
        ["name"] = job.Name,
        ["requisition_id"] = null,
        ["notes"] = null,
        ["confidential"] = false,
        ["job_post_id"] = null,
        ["status"] = "open",
        ["created_by_id"] = GreenhouseSeeds.SiteAdminId,
        ["created_at"] = SandboxJson.Seconds(job.CreatedAt),
        ["opened_at"] = SandboxJson.Seconds(job.CreatedAt),
        ["closed_at"] = null,
        ["departments"] = new JsonArray(),
        ["offices"] = new JsonArray(),
        ["custom_fields"] = new JsonObject(),
    };
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>An interview in the forms of the API and of the webhooks.</summary>
internal static class InterviewJson
{
    public static string Status(AriaStatus status) => status == AriaStatus.NoShow ? "no_show" : status.ToString().ToLowerInvariant();

    /// <summary>The answer of a creation: the guide's four members.</summary>
    public static JsonObject Invitation(AriaInterview interview) => new()
    {
        ["interview_id"] = interview.Id,
        ["invitation_link"] = interview.InvitationLink,
        ["status"] = "invited",
        ["expires_at"] = SandboxJson.Seconds(interview.ExpiresAt),
    };

    /// <summary>The answer of a read; result members are absent before completion.</summary>
    public static JsonObject Full(AriaInterview interview)
    {
        JsonObject json = Invitation(interview);
        json["status"] = Status(interview.Status);
        json["job_id"] = interview.JobId;
        json["interview_kit_id"] = interview.KitId;
        json["external_id"] = interview.ExternalId;
        json["metadata"] = interview.Metadata is null ? null : JsonNode.Parse(interview.Metadata);
        json["created_at"] = SandboxJson.Time(interview.CreatedAt);
        json["updated_at"] = SandboxJson.Time(interview.UpdatedAt);
        if (interview.Result is { } result)
        {
            AddResult(json, interview, result);
            json["completed_at"] = SandboxJson.Seconds(interview.CompletedAt!.Value);
            if (result.Insights is { } insights)
            {
                json["insights"] = new JsonObject
                {
                    ["communication_score"] = insights.Communication,
                    ["technical_score"] = insights.Technical,
                    ["cultural_fit_score"] = insights.CulturalFit,
                };
            }
        }

        return json;
    }

    /// <summary>A webhook body: <c>event</c>, <c>interview_id</c>, <c>timestamp</c> of the event, <c>data</c>.</summary>
    public static JsonObject Webhook(string name, AriaInterview interview, DateTimeOffset at)
    {
        var data = new JsonObject();
        if (name == AriaEvents.Completed)
        {
            AddResult(data, interview, interview.Result!);
        }
        else if (name == AriaEvents.Invited)
        {
            data["invitation_link"] = interview.InvitationLink;
            data["expires_at"] = SandboxJson.Seconds(interview.ExpiresAt);
        }

        return new JsonObject { ["event"] = name, ["interview_id"] = interview.Id, ["timestamp"] = SandboxJson.Seconds(at), ["data"] = data };
    }

    private static void AddResult(JsonObject json, AriaInterview interview, AriaResult result)
    {
        json["score"] = result.Score;
        json["recommendation"] = result.Recommendation;
        json["transcript_url"] = interview.TranscriptUrl;
        json["recording_url"] = interview.RecordingUrl;
    }
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary>Changes of one opportunity: stage, tags, links, archive, notes, feedback.</summary>
internal sealed class OpportunityWrites(Account account, LeverHooks hooks)
{
    public Answer Stage(Opportunity opportunity, SandboxRequest request)
    {
        string to = LeverBody.Text(LeverBody.Read(request, "stage"), "stage");
        if (LeverSeeds.Stages.All(s => s.Id != to))
        {
            throw LeverAnswer.NotFound("stages", to);
        }

        hooks.Move(opportunity, to, overHttp: true);
        return Changed(opportunity);
    }

    public Answer Archive(Opportunity opportunity, SandboxRequest request)
    {
        JsonObject body = LeverBody.Read(request, "reason", "cleanInterviews", "requisitionId");
        string? reason = body.ContainsKey("reason") && body["reason"] is null ? null : LeverBody.Text(body, "reason");
        if (reason is not (null or LeverSeeds.HiredReasonId or LeverSeeds.UnderqualifiedReasonId))
        {
            throw LeverAnswer.NotFound("archive_reasons", reason);
        }

        hooks.Archive(opportunity, reason);
        return Changed(opportunity);
    }

    public Answer AddTags(Opportunity opportunity, SandboxRequest request)
    {
        foreach (string tag in LeverBody.Texts(LeverBody.Read(request, "tags"), "tags"))
        {
            account.Tags.Add(tag);
            if (account.Options.RepeatsTags || !opportunity.Tags.Contains(tag))
            {
                opportunity.Tags.Add(tag);
            }
        }

        return Changed(opportunity);
    }

    public Answer RemoveTags(Opportunity opportunity, SandboxRequest request)
    {
        IReadOnlyList<string> tags = LeverBody.Texts(LeverBody.Read(request, "tags"), "tags");
        opportunity.Tags.RemoveAll(tags.Contains);
        return Changed(opportunity);
    }

    public Answer AddLinks(Opportunity opportunity, SandboxRequest request)
    {
        IReadOnlyList<string> links = LeverBody.Texts(LeverBody.Read(request, "links"), "links");
        if (links.FirstOrDefault(l => !Uri.TryCreate(l, UriKind.Absolute, out _)) is { } wrong)
        {
            throw LeverAnswer.BadRequest($"Invalid parameter: links: '{wrong}' is not a URL");
        }

        opportunity.Contact.Links.AddRange(links.Except(opportunity.Contact.Links));
        return Changed(opportunity);
    }

    public Answer RemoveLinks(Opportunity opportunity, SandboxRequest request)
    {
        IReadOnlyList<string> links = LeverBody.Texts(LeverBody.Read(request, "links"), "links");
        opportunity.Contact.Links.RemoveAll(links.Contains);
        return Changed(opportunity);
    }

    public Answer AddNote(Opportunity opportunity, string user, SandboxRequest request)
    {
        Note note = ReadNote(account.NextId(), user, request);
        opportunity.Notes.Add(note);
        return Noted(201, opportunity, note);
    }

    public Answer ReplaceNote(Opportunity opportunity, string id, string user, SandboxRequest request)
    {
        int at = IndexOf(opportunity, id);
        opportunity.Notes[at] = ReadNote(id, user, request);
        return Noted(200, opportunity, opportunity.Notes[at]);
    }

    public Answer DeleteNote(Opportunity opportunity, string id)
    {
        opportunity.Notes.RemoveAt(IndexOf(opportunity, id));
        opportunity.UpdatedAt = account.Now;
        return Answer.Empty(204);
    }

    public Answer AddFeedback(Opportunity opportunity, string user, SandboxRequest request)
    {
        JsonObject body = LeverBody.Read(request, "baseTemplateId", "panel", "interview", "fieldValues", "createdAt", "completedAt");
        string template = LeverBody.Text(body, "baseTemplateId");
        if (template != LeverSeeds.TemplateId)
        {
            throw LeverAnswer.NotFound("feedback_templates", template);
        }

        if (body["panel"] is null != body["interview"] is null)
        {
            throw LeverAnswer.BadRequest("panel and interview must be given together");
        }

        var values = new List<KeyValuePair<string, string?>>();
        foreach (JsonNode? item in body["fieldValues"] as JsonArray ?? throw LeverAnswer.BadRequest("Missing required parameter: fieldValues"))
        {
            values.Add(ReadValue(item as JsonObject ?? throw LeverAnswer.BadRequest("Invalid parameter: fieldValues must hold objects")));
        }

        var feedback = new Feedback(account.NextId(), user, values, LeverBody.Whole(body, "createdAt") ?? account.Now, LeverBody.Whole(body, "completedAt"));
        opportunity.Feedback.Add(feedback);
        opportunity.UpdatedAt = account.Now;
        JsonObject written = OpportunityReads.ToJson(feedback);
        return account.Options.BareFeedback ? Answer.Json(201, written) : LeverAnswer.Data(201, written);
    }

    private static KeyValuePair<string, string?> ReadValue(JsonObject item)
    {
        string field = LeverBody.Text(item, "id");
        string? value = item["value"] is null ? null : LeverBody.Text(item, "value");
        if (field is not (LeverSeeds.RatingFieldId or LeverSeeds.SummaryFieldId))
        {
            throw LeverAnswer.BadRequest($"Unknown field: {field}");
        }

        if (field == LeverSeeds.RatingFieldId && value is not null && !LeverSeeds.Scores.Contains(value))
        {
            throw LeverAnswer.BadRequest($"Invalid value for field {field}: '{value}' is not one of its options");
        }

        return new(field, value);
    }

    private Note ReadNote(string id, string user, SandboxRequest request)
    {
        JsonObject body = LeverBody.Read(request, "value", "secret", "score", "notifyFollowers", "createdAt");
        _ = LeverBody.Flag(body, "notifyFollowers");
        long? score = LeverBody.Whole(body, "score");
        return score is null or (>= 1 and <= 4)
            ? new Note(id, user, LeverBody.Text(body, "value"), LeverBody.Flag(body, "secret"), (int?)score, LeverBody.Whole(body, "createdAt") ?? account.Now)
            : throw LeverAnswer.BadRequest("Invalid parameter: score must be between 1 and 4");
    }

    private static int IndexOf(Opportunity opportunity, string id) =>
        opportunity.Notes.FindIndex(n => n.Id == id) is >= 0 and var at ? at : throw LeverAnswer.NotFound("notes", id);

    // A note that is written bumps updatedAt, so a poll sees its own writes.
    private Answer Noted(int status, Opportunity opportunity, Note note)
    {
        opportunity.UpdatedAt = account.Now;
        return LeverAnswer.Data(status, new JsonObject { ["noteId"] = note.Id });
    }

    private Answer Changed(Opportunity opportunity)
    {
        opportunity.UpdatedAt = account.Now;
        return LeverAnswer.Data(200, opportunity.ToJson([]));
    }
}

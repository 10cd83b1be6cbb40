using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>
/// <c>POST /v3/notes</c>. The written visibility (<c>admin_only|private|public</c>) reads back in another form
/// (<c>admin_only_visible|privately_visible|publicly_visible</c>). Notes can be neither changed nor deleted through v3.
/// </summary>
internal sealed class NoteCreation(Account account)
{
    public const string Types = "NOTE|ACTIVITY|INTERVIEW|EMAIL|FOLLOW_UP|TAKE_HOME_TEST|LINKEDIN_NOTE|LINKEDIN_INMAIL|AVAILABILITY_REQUEST|MIGRATION_ERROR|TOUCHPOINT|FORM|FEEDBACK";

    public Answer Handle(SandboxRequest request)
    {
        JsonObject body = WriteBody.Read(request, "candidate_id", "application_id", "user_id", "body", "visibility", "note_type");
        long candidateId = WriteBody.Id(body, "candidate_id");
        long userId = WriteBody.Id(body, "user_id");
        string text = WriteBody.Text(body, "body");
        string visibility = WriteBody.Text(body, "visibility") switch
        {
            "admin_only" => "admin_only_visible",
            "private" => "privately_visible",
            "public" => "publicly_visible",
            _ => throw ListFilters.Refuse("visibility must be one of: admin_only, private, public."),
        };
        string type = body["note_type"] is null ? "NOTE" : WriteBody.Text(body, "note_type");
        long? applicationId = WriteBody.OptionalId(body, "application_id");
        Check(candidateId, applicationId, userId, type);

        Note note = account.Notes.Add(new Note(account.Notes.NextId, account.Now)
        {
            CandidateId = candidateId,
            ApplicationId = applicationId,
            UserId = userId,
            Body = text,
            Type = type,
            Visibility = visibility,
        });
        account.NotesCreated++;
        return Answer.Json(201, note.Row);
    }

    private void Check(long candidateId, long? applicationId, long userId, string type)
    {
        if (account.Candidates.Find(candidateId) is null)
        {
            throw ListFilters.Refuse($"candidate_id: there is no candidate {candidateId}.");
        }

        if (applicationId is { } id && account.Applications.Find(id)?.Candidate.Id != candidateId)
        {
            throw ListFilters.Refuse($"application_id: candidate {candidateId} has no application {id}.");
        }

        if (account.Users.Find(userId) is null)
        {
            throw ListFilters.Refuse($"user_id: there is no user {userId}.");
        }

        if (!Types.Split('|').Contains(type))
        {
            throw ListFilters.Refuse($"note_type must be one of: {Types.Replace("|", ", ", StringComparison.Ordinal)}.");
        }
    }
}

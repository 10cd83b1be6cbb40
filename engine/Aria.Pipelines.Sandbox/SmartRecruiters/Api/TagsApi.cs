using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary><c>/candidates/{id}/tags</c>: POST adds, PUT replaces all, DELETE removes all. At most 100 tags of at most 50 characters.</summary>
internal sealed class TagsApi(Account account)
{
    public static Answer Get(Candidate candidate, int status = 200) =>
        Answer.Json(status, new JsonObject { ["tags"] = new JsonArray([.. candidate.Tags.Select(t => JsonValue.Create(t))]) });

    public Answer Write(Candidate candidate, SandboxRequest request, bool replace)
    {
        JsonObject body = Form.Object(request, "tags");
        IReadOnlyList<string> given = body.ContainsKey("tags") ? Form.Texts(body, "tags") : throw ApiError.Invalid("'tags' is missing.");
        List<string> tags = [.. (replace ? [] : candidate.Tags).Concat(given).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (tags.Count > 100 || given.Any(t => t.Length > 50))
        {
            throw ApiError.Invalid("A candidate has at most 100 tags of at most 50 characters.");
        }

        Set(candidate, tags);
        return Get(candidate, 201);
    }

    public Answer Clear(Candidate candidate)
    {
        Set(candidate, []);
        return Answer.Empty(204);
    }

    private void Set(Candidate candidate, List<string> tags)
    {
        candidate.Tags.Clear();
        candidate.Tags.AddRange(tags);
        candidate.UpdatedOn = account.Now;
        account.TagWrites++;
    }
}

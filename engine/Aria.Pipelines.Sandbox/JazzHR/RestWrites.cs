using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>The three things that clients write: notes, categories, and the categories of applicants. Nobody has seen a change of a step, a field or a note.</summary>
internal sealed class RestWrites(Account account)
{
    public Answer Handle(string resource, JsonObject body) => resource switch
    {
        "notes" => AddNote(body),
        "categories" => AddCategory(body),
        "categories2applicants" => Tag(body),
        _ => Answer.Empty(404),
    };

    private Answer AddNote(JsonObject body)
    {
        Only(body, "applicant_id", "user_id", "contents", "security");
        Applicant applicant = Find(body);
        string? user = SandboxJson.Text(body["user_id"]);
        string security = body["security"] is null ? "1" : Text(body, "security");
        if ((user is null && account.Options.NoteNeedsUser) || (user is not null && user != JazzHRSeeds.UserId) || security != "1")
        {
            return Answer.Empty(400);
        }

        var note = new Note(account.NextNumber().ToString(CultureInfo.InvariantCulture), user, Text(body, "contents"), security, account.Now);
        applicant.Notes.Add(note);
        return Answer.Json(200, new JsonObject { ["comment_id"] = note.Id });
    }

    private Answer AddCategory(JsonObject body)
    {
        Only(body, "name", "status");
        if (Text(body, "status") != "1")
        {
            return Answer.Empty(400);
        }

        var category = new Category(account.NextId("cat"), Text(body, "name"));
        account.Categories.Add(category);
        JsonNode id = account.Options.CategoryIdIsObject ? new JsonObject { ["id"] = category.Id, ["aid"] = account.NextNumber() } : category.Id;
        return Answer.Json(200, new JsonObject { ["category_id"] = id });
    }

    private Answer Tag(JsonObject body)
    {
        Only(body, "applicant_id", "category_id");
        Applicant applicant = Find(body);
        string id = Text(body, "category_id");
        Category category = account.Categories.FirstOrDefault(c => c.Id == id) ?? throw new RefusedException(Answer.Empty(400));
        if (account.Options.RepeatsCategories || !applicant.Categories.Contains(category))
        {
            applicant.Categories.Add(category);
        }

        return Answer.Json(200, new JsonObject { ["pro2cat_id"] = account.NextNumber() });
    }

    private Applicant Find(JsonObject body)
    {
        string id = Text(body, "applicant_id");
        return account.Applicants.FirstOrDefault(a => a.Id == id) ?? throw new RefusedException(Answer.Empty(400));
    }

    private static string Text(JsonObject body, string name) => SandboxJson.Text(body[name]) is { Length: > 0 } text ? text : throw new RefusedException(Answer.Empty(400));

    private static void Only(JsonObject body, params string[] names)
    {
        if (body.Any(member => member.Key != "apikey" && !names.Contains(member.Key)))
        {
            throw new RefusedException(Answer.Empty(400));
        }
    }
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>The rows of one resource, and the filters that it knows.</summary>
/// <param name="All">All rows, in the order of the list.</param>
/// <param name="Equal">Filters that compare a member of the row.</param>
/// <param name="Own">Filters of another kind, by name.</param>
internal sealed record Rows(IEnumerable<JsonObject> All, IReadOnlyList<string> Equal, IReadOnlyDictionary<string, Func<JsonObject, string, bool>> Own)
{
    private static readonly Dictionary<string, Func<JsonObject, string, bool>> None = [];

    private static readonly Dictionary<string, Func<JsonObject, string, bool>> OfApplicants = new()
    {
        ["name"] = (row, value) => $"{Text(row, "first_name")} {Text(row, "last_name")}".Contains(value, StringComparison.OrdinalIgnoreCase),
        ["from_apply_date"] = (row, value) => string.CompareOrdinal(Text(row, "apply_date"), value) >= 0,
        ["to_apply_date"] = (row, value) => string.CompareOrdinal(Text(row, "apply_date"), value) <= 0,
    };

    private static readonly Dictionary<string, Func<JsonObject, string, bool>> ByTitle = new()
    {
        ["title"] = (row, value) => Text(row, "title").Contains(value, StringComparison.OrdinalIgnoreCase),
    };

    // Whether whole names are compared is not confirmed: a client has to look at what comes.
    private static readonly Dictionary<string, Func<JsonObject, string, bool>> ByName = new()
    {
        ["name"] = (row, value) => Text(row, "name").Contains(value, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>The rows of a resource; null when there is none of that name.</summary>
    public static Rows? Of(Account account, string resource) => resource switch
    {
        "applicants" => new Rows(account.Applicants.Select(account.Row), ["job_id", "job_title", "apply_date"], OfApplicants),
        "applicants2jobs" => new Rows(account.Applications.Select(account.Row), ["applicant_id", "job_id", "rating", "workflow_step_id"], None),
        "jobs" => new Rows(account.Options.Jobs.Select(account.Row), ["board_code", "department", "hiring_lead", "team_id", "state", "city", "status"], ByTitle),
        "categories" => new Rows(account.Categories.Select(Account.Row), ["status"], ByName),
        "users" => new Rows([Account.User()], ["email", "type"], None),
        _ => null,
    };

    /// <summary>The rows that a filter leaves; one that is not known is refused.</summary>
    public IEnumerable<JsonObject> Where(IEnumerable<JsonObject> rows, string name, string value)
    {
        if (value.Length > 0 && Own.TryGetValue(name, out Func<JsonObject, string, bool>? own))
        {
            return rows.Where(r => own(r, value));
        }

        return value.Length > 0 && Equal.Contains(name) ? rows.Where(r => Text(r, name) == value) : throw new RefusedException(Answer.Empty(404));
    }

    private static string Text(JsonObject row, string name) => SandboxJson.Text(row[name]) ?? "";
}

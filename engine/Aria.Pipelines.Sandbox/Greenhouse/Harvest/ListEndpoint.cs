using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>
/// The conventions of every v3 list: the cursor alone, <c>per_page</c> 1 to 500, at most 50 <c>ids</c>, documented filters only,
/// descending ids, a bare array, and a <c>Link</c> header with an absolute URL while there is a next page.
/// </summary>
internal sealed class ListEndpoint(ListResources resources, Func<Uri> baseUrl)
{
    private const int DefaultPerPage = 100;
    private const int MostPerPage = 500;

    public ListResource? Find(string name) => resources.ByName.GetValueOrDefault(name);

    public Answer Handle(ListResource resource, IQueryCollection query)
    {
        Dictionary<string, string> parameters = Flatten(query);
        long before = long.MaxValue;
        if (parameters.TryGetValue("cursor", out string? cursor))
        {
            if (parameters.Count > 1)
            {
                throw ListFilters.Refuse("When passing a cursor, do not include other query params.");
            }

            (parameters, before) = ReadCursor(resource, cursor);
        }

        int perPage = PerPage(parameters);
        HashSet<string>? fields = Fields(resource, parameters);
        List<Entity> page = Select(resource, parameters, before).Take(perPage + 1).ToList();
        Answer answer = Answer.Json(200, new JsonArray([.. page.Take(perPage).Select(e => Project(e.Row, fields))]));
        return page.Count > perPage ? answer.With("Link", $"<{Next(resource, parameters, page[perPage - 1].Id)}>; rel=\"next\"") : answer;
    }

    private static Dictionary<string, string> Flatten(IQueryCollection query)
    {
        if (query.FirstOrDefault(q => q.Value.Count > 1).Key is { } repeated)
        {
            throw ListFilters.Refuse($"{repeated} is given more than once.");
        }

        return query.ToDictionary(q => q.Key, q => q.Value.ToString());
    }

    private static IEnumerable<Entity> Select(ListResource resource, Dictionary<string, string> parameters, long before)
    {
        var conditions = resource.Unless.Where(u => !parameters.ContainsKey(u.Key)).Select(u => u.Value).ToList();
        IEnumerable<Entity> rows = Descending(resource.Rows());
        foreach ((string name, string value) in parameters)
        {
            if (name == "ids")
            {
                rows = ListFilters.ReadIds(name, value).OrderDescending().Select(resource.Find).OfType<Entity>();
            }
            else if (name is not ("per_page" or "fields"))
            {
                conditions.Add(resource.Filters.TryGetValue(name, out ListFilter? filter)
                    ? filter(name, value) : throw ListFilters.Refuse($"{name} is not a permitted parameter."));
            }
        }

        return rows.Where(row => row.Id < before && conditions.All(c => c(row)));
    }

    private static IEnumerable<Entity> Descending(IReadOnlyList<Entity> rows)
    {
        for (int i = rows.Count - 1; i >= 0; i--)
        {
            yield return rows[i];
        }
    }

    private static int PerPage(Dictionary<string, string> parameters)
    {
        if (!parameters.TryGetValue("per_page", out string? text))
        {
            return DefaultPerPage;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostPerPage
            ? count : throw ListFilters.Refuse($"per_page must be between 1 and {MostPerPage}.");
    }

    private static HashSet<string>? Fields(ListResource resource, Dictionary<string, string> parameters)
    {
        if (!parameters.TryGetValue("fields", out string? text))
        {
            return null;
        }

        string[] names = text.Split(',');
        if (names.Length > ListFilters.MostIds)
        {
            throw ListFilters.Refuse($"fields accepts at most {ListFilters.MostIds} names.");
        }

        return names.FirstOrDefault(n => !resource.Fields.Contains(n)) is { } unknown
            ? throw ListFilters.Refuse($"fields: '{unknown}' is not a field of {resource.Name}.") : [.. names];
    }

    private static JsonObject Project(JsonObject row, HashSet<string>? fields)
    {
        var copy = (JsonObject)row.DeepClone();
        foreach (string name in fields is null ? [] : row.Select(m => m.Key).Where(n => !fields.Contains(n)))
        {
            copy.Remove(name);
        }

        return copy;
    }

    private Uri Next(ListResource resource, Dictionary<string, string> parameters, long last)
    {
        string state = $"{resource.Name}\n{last.ToString(CultureInfo.InvariantCulture)}\n{new QueryBuilder(parameters)}";
        return new Uri(baseUrl(), $"/v3/{resource.Name}?cursor={WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(state))}");
    }

    private static (Dictionary<string, string> Parameters, long Before) ReadCursor(ListResource resource, string cursor)
    {
        try
        {
            string[] state = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor)).Split('\n', 3);
            if (state.Length == 3 && state[0] == resource.Name && long.TryParse(state[1], CultureInfo.InvariantCulture, out long before))
            {
                return (QueryHelpers.ParseQuery(state[2]).ToDictionary(q => q.Key, q => q.Value.ToString()), before);
            }
        }
        catch (FormatException)
        {
            throw ListFilters.Refuse("The cursor is not valid.");
        }

        throw ListFilters.Refuse("The cursor is not valid.");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>The kinds of parameters the v3 lists document.</summary>
internal static class ListFilters
{
    public const int MostIds = 50;

    /// <summary>Up to 50 ids in a comma list, compared with one id or an array of ids.</summary>
    public static ListFilter Ids(string column) => (name, value) =>
    {
        HashSet<long> ids = ReadIds(name, value);
        return entity => entity.Row[column] switch
        {
            JsonArray many => many.Any(id => ids.Contains((long)id!)),
            JsonNode one => ids.Contains((long)one),
            null => false,
        };
    };

    public static ListFilter Bool(string column) => (name, value) =>
    {
        bool wanted = ReadBool(name, value);
        return entity => (bool?)entity.Row[column] == wanted;
    };

    public static ListFilter Text(string column, StringComparison comparison = StringComparison.Ordinal) =>
        (_, value) => entity => string.Equals((string?)entity.Row[column], value, comparison);

    /// <summary>An enumeration; <paramref name="stored"/> maps a query value to the row's where the two differ.</summary>
    public static ListFilter Choice(string column, string choices, Func<string, string>? stored = null) => (name, value) =>
    {
        if (!choices.Split('|').Contains(value))
        {
            throw Refuse($"{name} must be one of: {choices.Replace("|", ", ", StringComparison.Ordinal)}.");
        }

        string wanted = stored is null ? value : stored(value);
        return entity => (string?)entity.Row[column] == wanted;
    };

    /// <summary>Pipe-delimited pairs in one parameter: <c>gte|2024-01-01T00:00:00Z|lte|2024-01-02T00:00:00Z</c>.</summary>
    public static ListFilter Date(string column) => (name, value) =>
    {
        string[] parts = value.Split('|');
        if (parts.Length % 2 != 0)
        {
            throw Refuse($"{name} must be pairs of operator and timestamp, delimited by pipes.");
        }

        var conditions = new List<Func<DateTimeOffset, bool>>();
        for (int i = 0; i < parts.Length; i += 2)
        {
            DateTimeOffset bound = SandboxJson.TryReadTime(parts[i + 1]) ?? throw Refuse($"{name}: '{parts[i + 1]}' is not an ISO 8601 timestamp.");
            conditions.Add(parts[i] switch
            {
                "gte" => at => at >= bound,
                "gt" => at => at > bound,
                "lte" => at => at <= bound,
                "lt" => at => at < bound,
                _ => throw Refuse($"{name}: '{parts[i]}' is not one of gte, lte, gt, lt."),
            });
        }

        return entity => (string?)entity.Row[column] is { } text && SandboxJson.TryReadTime(text) is { } at && conditions.All(c => c(at));
    };

    /// <summary>One id, compared by a rule of the resource.</summary>
    public static ListFilter One(Func<Entity, long, bool> holds) => (name, value) =>
    {
        long id = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : throw Refuse($"{name} must be an integer.");
        return entity => holds(entity, id);
    };

    public static HashSet<long> ReadIds(string name, string value)
    {
        string[] parts = value.Split(',');
        if (parts.Length > MostIds)
        {
            throw Refuse($"{name} accepts at most {MostIds} ids.");
        }

        return [.. parts.Select(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            ? id : throw Refuse($"{name} must be a comma-delimited list of integers."))];
    }

    public static bool ReadBool(string name, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Refuse($"{name} must be true or false."),
    };

    public static RefusedException Refuse(string error) => new(Answer.Errors(422, error));
}

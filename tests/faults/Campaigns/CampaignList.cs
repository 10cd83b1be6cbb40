using System.Globalization;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>All campaigns of the program, by number.</summary>
internal static class CampaignList
{
    public static IReadOnlyList<Campaign> All { get; } =
    [
        .. typeof(Campaign).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Campaign)) && !t.IsAbstract)
            .Select(t => (Campaign)Activator.CreateInstance(t)!)
            .OrderBy(c => int.Parse(c.Id.AsSpan(1), CultureInfo.InvariantCulture)),
    ];

    /// <summary>The campaigns a person asked for: <c>all</c>, <c>ci</c>, or numbers separated by commas.</summary>
    /// <exception cref="ArgumentException">There is no such campaign.</exception>
    public static IReadOnlyList<Campaign> Find(string asked) => asked switch
    {
        "all" => All,
        "ci" => [.. All.Where(c => c.CiCount > 0)],
        _ => [.. asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(FindOne)],
    };

    private static Campaign FindOne(string id) =>
        All.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no campaign '{id}'. There are: {string.Join(", ", All.Select(c => c.Id))}.", nameof(id));
}

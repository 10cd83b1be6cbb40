using System.Globalization;
using Aria.Pipelines.Faults.Campaigns.WriteBack;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>All campaigns of the program, by number.</summary>
internal static class CampaignList
{
    public static IReadOnlyList<Campaign> All { get; } =
    [
        .. typeof(Campaign).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Campaign)) && t.GetConstructor([]) is not null)
            .Select(t => (Campaign)Activator.CreateInstance(t)!)
            .Concat(DemoSystems.Names.Select(ats => new WriteBackCuts(ats)))
            .OrderBy(c => int.Parse(c.Id.AsSpan(1), CultureInfo.InvariantCulture)),
    ];

    /// <summary>The campaigns a person asked for: <c>all</c>, <c>ci</c>, or numbers separated by commas.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="ats">The ATS whose own campaign of that number is meant, or null.</param>
    /// <exception cref="ArgumentException">There is no such campaign.</exception>
    public static IReadOnlyList<Campaign> Find(string asked, string? ats) => asked switch
    {
        _ when ats is not null => [All.FirstOrDefault(c => c.Id == asked && c.Choice == new WriteBackCuts(ats).Choice) ?? throw new ArgumentException($"'{asked}' has no campaign for the ATS '{ats}'. F8 has one for each of: {string.Join(", ", DemoSystems.Names)}.", nameof(asked))],
        "all" => All,
        "ci" => [.. All.Where(c => c.CiCount > 0)],
        _ => [.. asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(FindOne)],
    };

    private static Campaign FindOne(string id) =>
        All.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no campaign '{id}'. There are: {string.Join(", ", All.Select(c => c.Id))}.", nameof(id));
}

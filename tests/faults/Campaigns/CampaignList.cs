using System.Globalization;
using Aria.Pipelines.Faults.Campaigns.WriteBack;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Store;

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
            .Append(new KillCampaign(StoreKinds.LiteDb))
            .OrderBy(c => int.Parse(c.Id.AsSpan(1), CultureInfo.InvariantCulture)),
    ];

    /// <summary>The campaigns a person asked for: <c>all</c>, <c>ci</c>, or numbers separated by commas.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="choice">The option that chooses among campaigns of one number; empty for the one that needs none.</param>
    /// <exception cref="ArgumentException">There is no such campaign.</exception>
    public static IReadOnlyList<Campaign> Find(string asked, string choice) => asked switch
    {
        _ when choice.Length > 0 => [All.FirstOrDefault(c => c.Id == asked && c.Choice == choice) ?? throw new ArgumentException($"There is no campaign '{asked}{choice}'. With such an option there are: {string.Join(", ", All.Where(c => c.Choice.Length > 0).Select(c => c.Id + c.Choice))}.", nameof(asked))],
        "all" => All,
        "ci" => [.. All.Where(c => c.CiCount > 0)],
        _ => [.. asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(FindOne)],
    };

    private static Campaign FindOne(string id) =>
        All.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no campaign '{id}'. There are: {string.Join(", ", All.Select(c => c.Id))}.", nameof(id));
}

using System.Globalization;
using System.Text;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>Results as a Markdown table, and every violation with the command that repeats it.</summary>
internal static class ResultTable
{
    private const int ShownViolations = 20;

    public static string Of(IReadOnlyList<CampaignResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine("| campaign | what | trials (of) | faults | acknowledged | lost | duplicates | unsafe resends | violations | seed | seconds | result |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (CampaignResult r in results)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {r.Id} | {r.Title} | {r.Trials} ({r.Whole}) | {r.Faults} | {r.Acknowledged} | {r.Lost} | {Duplicates(r)} | {r.UnsafeResends} | {r.Violations.Count} | {r.Seed} | {r.Duration.TotalSeconds:0} | {Verdict(r)} |");
        }
        foreach (CampaignResult r in results.Where(r => r.Notes.Count > 0))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{r.Id}: {string.Join("; ", r.Notes)}");
        }
        foreach (CampaignResult r in results.Where(r => r.Violations.Count > 0))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{r.Id} broke its rule {r.Violations.Count} times:");
            foreach (Violation violation in r.Violations.Take(ShownViolations))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"- {violation.Text}").AppendLine(CultureInfo.InvariantCulture, $"  again: {Again(r, violation)}");
            }
        }
        return text.ToString();
    }

    /// <summary>The command that repeats a violation: the trial alone, or the whole campaign when its trials are one history.</summary>
    public static string Again(CampaignResult result, Violation violation) => violation.Seed == result.Seed
        ? $"dotnet run --project tests/faults -- --campaign {result.Id}{result.Choice} --seed {violation.Seed} --count {result.Trials}"
        : $"dotnet run --project tests/faults -- --campaign {result.Id}{result.Choice} --seed {violation.Seed} --count 1";

    private static string Duplicates(CampaignResult result) =>
        result.Duplicates.Values.Sum() == 0 ? "0" : string.Join(", ", result.Duplicates.Select(d => $"{d.Key} {d.Value}"));

    private static string Verdict(CampaignResult result) => result.Skipped is { } why ? $"skipped: {why}" : result.Passed ? "passed" : "FAILED";
}

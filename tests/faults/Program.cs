using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Aria.Pipelines.Faults.Campaigns;
using Aria.Pipelines.Faults.Rig;

var campaign = new Option<string>("--campaign") { Description = "F1[,F2…], all, or ci", Required = true };
var seed = new Option<long?>("--seed") { Description = "Everything random follows from it; drawn and printed when absent" };
var scale = new Option<string>("--scale") { Description = "ci or full", DefaultValueFactory = _ => "ci" };
scale.AcceptOnlyFromAmong("ci", "full");
var count = new Option<int?>("--count") { Description = "Number of trials, instead of the scale's" };
var ats = new Option<string?>("--ats") { Description = "With F8: the ATS to which results are written while the network is cut" };
var store = new Option<string?>("--store") { Description = "With F1: the kind of store, 'litedb' instead of SQLite" };
var host = new Option<FileInfo>("--host") { Description = "Another build of the host: 'aria.dll' of a published one; for F3 one with -p:FaultPoints=true" };
host.AcceptExistingOnly();
var json = new Option<bool>("--json") { Description = "Results as JSON" };
var root = new RootCommand("Fault campaigns: what the engine promises, held under faults") { campaign, seed, scale, count, ats, store, host, json };
root.SetAction((parsed, cancellationToken) =>
{
    HostStart.Given = parsed.GetValue(host)?.FullName;
    return RunAsync(
        CampaignList.Find(parsed.GetRequiredValue(campaign), parsed.GetValue(ats) is { } system ? $" --ats {system}" : parsed.GetValue(store) is { } kind ? $" --store {kind}" : ""),
        parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
        c => parsed.GetValue(count) ?? (parsed.GetValue(scale) == "full" ? c.FullCount : c.CiCount > 0 ? c.CiCount : c.FullCount),
        parsed.GetValue(json),
        cancellationToken);
});
return await root.Parse(args).InvokeAsync();

static async Task<int> RunAsync(IReadOnlyList<Campaign> campaigns, long seed, Func<Campaign, int> counts, bool json, CancellationToken cancellationToken)
{
    void Say(string text) => Console.Error.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {text}");

    List<CampaignResult> results = [];
    foreach (Campaign campaign in campaigns)
    {
        int count = counts(campaign);
        Say($"== {campaign.Id} {campaign.Title}: {count} trials, seed {seed}");
        var tally = new Tally();
        long started = Stopwatch.GetTimestamp();
        try
        {
            await campaign.RunAsync(new CampaignSettings(seed, count, text => Say($"   {campaign.Id}: {text}")), tally, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            tally.Violation(seed, $"The campaign itself broke: {e}");
        }
        CampaignResult result = tally.Result(campaign, seed, Stopwatch.GetElapsedTime(started));
        results.Add(result);
        Say($"   {campaign.Id}: {(result.Skipped ?? (result.Passed ? "passed" : $"FAILED, {result.Violations.Count} violations"))} in {result.Duration.TotalSeconds:0} s");
    }
    Console.WriteLine(json ? JsonSerializer.Serialize(results, JsonSerializerOptions.Web) : ResultTable.Of(results));
    return results.TrueForAll(r => r.Passed || r.Skipped is not null) ? 0 : 1;
}

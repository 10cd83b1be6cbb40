using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.BambooHR;
using Aria.Pipelines.Sandbox.Faults;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>BambooHR. Nothing is said in its documentation of applications that are deleted, so none is.</summary>
internal sealed class BambooHRFeedAccount(BambooHRSandbox sandbox, bool created) : PolledAccount
{
    private static readonly BambooHRStatus[] Statuses = [.. BambooHRSeeds.Statuses.Where(s => s.Enabled)];

    public override JsonObject Settings => new() { ["companyDomain"] = "acme", ["baseUrl"] = sandbox.ApiUrl.ToString(), ["apiKey"] = "${secret:key}" };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["key"] = new BambooHROptions().ApiKey };

    public override FaultList Faults => sandbox.Faults;

    public static Func<TimeProvider, CancellationToken, Task<PolledAccount>> Of(int pageSize, bool created) => async (time, stop) =>
        new BambooHRFeedAccount(await BambooHRSandbox.StartAsync(new BambooHROptions { Time = time, PageSize = pageSize }, stop), created);

    public override FeedChange Apply(int number) =>
        new(Text(sandbox.Apply(new BambooHRApplicant("Zoë", Text(number), $"{Text(number)}@example.com"))), created ? "created" : Text(Statuses[0].Id));

    public override FeedChange Change(string application, Dice dice)
    {
        BambooHRStatus status = dice.Of(Statuses);
        sandbox.Move(long.Parse(application, CultureInfo.InvariantCulture), status.Name);
        return new FeedChange(application, created ? null : Text(status.Id));
    }

    public override (string Application, string Mark) Read(JsonElement payload) =>
        (payload.GetProperty("id").GetRawText(), created ? "created" : payload.GetProperty("status").GetProperty("id").GetRawText());

    public override ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

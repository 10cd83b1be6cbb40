using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Bullhorn;
using Aria.Pipelines.Sandbox.Faults;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>Bullhorn: one queue with the events of submissions that come, which have reached their first status, and that are moved.</summary>
/// <param name="sandbox">The stand-in.</param>
/// <param name="mark">Which of them the pipeline is started by: <c>created</c> or <c>status</c>.</param>
internal sealed class BullhornFeedAccount(BullhornSandbox sandbox, string mark) : PolledAccount
{
    private static readonly BullhornOptions Defaults = new();

    public override JsonObject Settings => new()
    {
        ["clientId"] = "${secret:client}", ["clientSecret"] = "${secret:secret}", ["username"] = "${secret:user}", ["password"] = "${secret:password}",
        ["baseUrl"] = sandbox.RestUrl.ToString(), ["domain"] = sandbox.BaseUrl.Host, ["userId"] = BullhornSeeds.ApiUserId,
    };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["client"] = Defaults.ClientId, ["secret"] = Defaults.ClientSecret, ["user"] = Defaults.Username, ["password"] = Defaults.Password,
    };

    public override FaultList Faults => sandbox.Faults;

    public static Func<TimeProvider, CancellationToken, Task<PolledAccount>> Of(string mark) => async (time, stop) =>
        new BullhornFeedAccount(await BullhornSandbox.StartAsync(new BullhornOptions { Time = time, RequestsPerMinute = null }, stop), mark);

    public override FeedChange Apply(int number) =>
        new(Text(sandbox.Apply(new BullhornCandidate("Zoë", Text(number), $"{Text(number)}@example.com"))), mark);

    public override FeedChange Change(string application, Dice dice)
    {
        long id = long.Parse(application, CultureInfo.InvariantCulture);
        string status = dice.Of(BullhornSeeds.Statuses);
        bool moves = sandbox.State.Submission(id).Status != status;
        if (moves)
        {
            sandbox.Move(id, status);
        }
        return new FeedChange(application, moves && mark == "status" ? mark : null);
    }

    public override (string Application, string Mark) Read(JsonElement payload) => (Text(payload.GetProperty("entityId").GetInt64()), payload.GetProperty("change").GetString()!);

    public override ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

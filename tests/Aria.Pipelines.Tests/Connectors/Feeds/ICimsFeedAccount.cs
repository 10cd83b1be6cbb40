using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.ICims;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>iCIMS without push events: only statuses that are watched are seen.</summary>
internal sealed class ICimsFeedAccount(ICimsSandbox sandbox, bool created) : PolledAccount
{
    private const string Unwatched = "C38353";

    public override JsonObject Settings => new()
    {
        ["customerId"] = "7609",
        ["baseUrl"] = sandbox.BaseUrl.ToString().TrimEnd('/'),
        ["user"] = "${secret:user}",
        ["password"] = "${secret:password}",
        ["hookToken"] = "${secret:hook}",
        ["events"] = "search",
        ["pollStatuses"] = string.Join(',', ICimsSeeds.Statuses.Select(s => s.Id).Where(s => s != Unwatched)),
    };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["user"] = new ICimsOptions().User, ["password"] = new ICimsOptions().Password, ["hook"] = "0123456789abcdef0123456789",
    };

    public override FaultList Faults => sandbox.Faults;

    public static Func<TimeProvider, CancellationToken, Task<PolledAccount>> Of(bool created) => async (time, stop) =>
        new ICimsFeedAccount(await ICimsSandbox.StartAsync(new ICimsOptions { Time = time, DailyLimit = 1_000_000 }, stop), created);

    public override FeedChange Apply(int number) =>
        Seen(sandbox.Apply(new ICimsPerson("Zoë", Text(number), $"{Text(number)}@example.com")), created ? "created" : ICimsSeeds.Statuses[0].Id);

    public override FeedChange Change(string application, Dice dice)
    {
        ICimsListItem status = dice.Of(ICimsSeeds.Statuses);
        sandbox.Move(long.Parse(application, CultureInfo.InvariantCulture), status.Value);
        return new FeedChange(application, created || status.Id == Unwatched ? null : status.Id) { IsHidden = status.Id == Unwatched };
    }

    public override (string Application, string Mark) Read(JsonElement payload) =>
        (payload.GetProperty("systemId").GetString()!, created ? "created" : payload.GetProperty("newStatus").GetString()!);

    public override ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static FeedChange Seen(long application, string mark) => new(Text(application), mark);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

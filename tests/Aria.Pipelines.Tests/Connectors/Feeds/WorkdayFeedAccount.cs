using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Workday;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>Workday: applications go from step to step, and end without a hire. Two steps of one application are never entered in one moment.</summary>
/// <param name="sandbox">The stand-in.</param>
/// <param name="time">Its clock.</param>
/// <param name="applied">What a feed says of an application that came; null when it says nothing.</param>
/// <param name="moved">The same of a step that was entered.</param>
/// <param name="seen">The same of an event.</param>
internal sealed class WorkdayFeedAccount(WorkdaySandbox sandbox, TimeProvider time, string? applied, Func<string, string?> moved, Func<JsonElement, string> seen) : PolledAccount
{
    private const string Ended = "NOT_SELECTED";
    private static readonly string[] Steps = [.. WorkdaySeeds.Steps.Select(s => s.Id), Ended];
    private readonly Dictionary<string, DateTimeOffset> _moved = [];

    public override JsonObject Settings => new()
    {
        ["baseUrl"] = sandbox.BaseUrl.ToString().TrimEnd('/'), ["tenant"] = "acme_preview", ["user"] = "ISU_ARIA", ["password"] = "${secret:password}", ["pageSize"] = 3,
    };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["password"] = new WorkdayOptions().Password };

    public override FaultList Faults => sandbox.Faults;

    public static Func<TimeProvider, CancellationToken, Task<PolledAccount>> Of(string? applied, Func<string, string?> moved, Func<JsonElement, string> seen) => async (time, stop) =>
        new WorkdayFeedAccount(await WorkdaySandbox.StartAsync(new WorkdayOptions { Time = time }, stop), time, applied, moved, seen);

    public override FeedChange Apply(int number)
    {
        string name = number.ToString(CultureInfo.InvariantCulture);
        string id = sandbox.Apply(new WorkdayPerson("Zoë", name, $"{name}@example.com", null));
        string application = $"{sandbox.State.Application(id).CandidateId}:{id}";
        _moved[application] = time.GetUtcNow();
        return new FeedChange(application, applied);
    }

    public override FeedChange Change(string application, Dice dice)
    {
        if (_moved[application] == time.GetUtcNow())
        {
            return new FeedChange(application, null);
        }
        _moved[application] = time.GetUtcNow();
        string id = application.Split(':')[1];
        string step = dice.Of(Steps);
        if (step == Ended)
        {
            sandbox.Dispose(id);
        }
        else
        {
            sandbox.MoveTo(id, step);
        }
        return new FeedChange(application, moved(step));
    }

    public override (string Application, string Mark) Read(JsonElement payload) => (payload.GetProperty("application_id").GetString()!, seen(payload));

    public override ValueTask DisposeAsync() => sandbox.DisposeAsync();
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.JazzHR;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>JazzHR without Candidate Export: rows of applicants and jobs, which are compared.</summary>
internal sealed class JazzHRFeedAccount(JazzHRSandbox sandbox, bool created) : PolledAccount
{
    public override JsonObject Settings => new()
    {
        ["apiKey"] = "${secret:key}", ["webhookSecret"] = "${secret:hook}", ["baseUrl"] = sandbox.ApiUrl.ToString(), ["userId"] = JazzHRSeeds.UserId, ["events"] = "poll",
    };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["key"] = new JazzHROptions().ApiKey, ["hook"] = "0123456789abcdef" };

    public override FaultList Faults => sandbox.Faults;

    public static Func<TimeProvider, CancellationToken, Task<PolledAccount>> Of(bool created) => async (time, stop) =>
        new JazzHRFeedAccount(await JazzHRSandbox.StartAsync(new JazzHROptions { Time = time, RequestsPerMinute = 1_000_000 }, stop), created);

    public override FeedChange Apply(int number)
    {
        string name = number.ToString(CultureInfo.InvariantCulture);
        return new FeedChange(sandbox.Apply(new JazzHRApplicant("Zoë", name, $"{name}@example.com")), created ? "created" : JazzHRSeeds.Steps[0].Id);
    }

    public override FeedChange Change(string application, Dice dice)
    {
        JazzHRStep step = dice.Of(JazzHRSeeds.Steps);
        sandbox.Move(application, step.Name);
        return new FeedChange(application, created ? null : step.Id);
    }

    public override (string Application, string Mark) Read(JsonElement payload) => (
        $"{payload.GetProperty("applicant_id").GetString()}~{payload.GetProperty("job_id").GetString()}",
        created ? "created" : payload.GetProperty("workflow_step_id").GetString()!);

    public override ValueTask DisposeAsync() => sandbox.DisposeAsync();
}

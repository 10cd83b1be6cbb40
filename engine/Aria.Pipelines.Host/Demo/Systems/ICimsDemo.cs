using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>iCIMS: results stand as entries of the group <c>assessmentresults</c> of the recruiting workflow, and so do notes, without a status.</summary>
internal sealed class ICimsDemo : DemoSystem
{
    public const string Connector = "icims";
    private const string HookToken = "icims-demo-hook-token-0001";
    private const string Transcript = "Transcript: ";
    private readonly ICimsSandbox _sandbox;

    private ICimsDemo(ICimsSandbox sandbox)
    {
        _sandbox = sandbox;
    }

    public override string Name => Connector;

    public override string Title => "iCIMS";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => new() { ["baseUrl"] = _sandbox.BaseUrl.GetLeftPart(UriPartial.Authority) };

    public override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["icims-user"] = "icims-sandbox-user",
        ["icims-password"] = "icims-sandbox-password",
        ["icims-hook-token"] = HookToken,
    };

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = "assessmentresults: assessmentstatus",
        ["score"] = "assessmentresults: assessmentscore",
        ["recommendation"] = "assessmentresults: assessmentresult",
        ["transcript"] = "assessmentresults: assessmentnotes",
        ["recording"] = "assessmentresults: assessmentnotes",
        ["needs attention"] = "assessmentresults: an entry with assessmentnotes alone",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    public override int Duplicates => _sandbox.State.Workflows.Sum(w => w.Assessments.GroupBy(a => a with { Entry = 0 }).Sum(g => g.Count() - 1));

    public override string NextStage => "C38355";

    public override int MovesOf(string applicationId) => _sandbox.State.Moves.Count(m => m.OverHttp && m.WorkflowId == Number(applicationId) && m.To == "Face to Face");

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) =>
        new ICimsDemo(await ICimsSandbox.StartAsync(new ICimsOptions { Time = clock, Jobs = [.. DemoScenario.Jobs.Select(j => new ICimsJobSeed(j.Id, j.Name))] }, cancellationToken));

    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        _sandbox.AddReceiver(new Uri($"{hook}/{HookToken}"));
        return Task.CompletedTask;
    }

    public override string Apply(DemoApplication application, string? earlier)
    {
        ICimsWorkflowView? known = earlier is null ? null : _sandbox.State.Workflow(Number(earlier));
        // One workflow for each pair: who applies for the same job again does so with another record of the person.
        long id = known is not null && !_sandbox.State.Workflows.Any(w => w.PersonId == known.PersonId && w.JobId == application.JobId)
            ? _sandbox.ApplyAgain(known.Id, application.JobId)
            : _sandbox.Apply(new ICimsPerson(application.First, application.Last, application.Email, application.Phone), application.JobId);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override void Move(string applicationId, string stage) => _sandbox.Move(Number(applicationId), stage);

    public override Task WhenQuietAsync(CancellationToken cancellationToken) => _sandbox.WhenQuietAsync(cancellationToken);

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(ICimsSnapshot state) => [.. state.Workflows.Select(Held)];

    private static DemoHolding Held(ICimsWorkflowView workflow)
    {
        ICimsAssessmentView? latest = workflow.Assessments.LastOrDefault(a => a.Status is not null);
        string? transcript = latest?.Notes?.Split('\n').FirstOrDefault(n => n.StartsWith(Transcript, StringComparison.Ordinal));
        return new DemoHolding(
            workflow.Id.ToString(CultureInfo.InvariantCulture),
            latest?.Status switch { "Sent" => "pending", "Complete" => "completed", "Incomplete" => "no_show", var other => other },
            latest?.Score,
            latest?.Result?.ToLowerInvariant(),
            transcript?[Transcript.Length..],
            workflow.Assessments.Count(a => a.Status is null));
    }

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}

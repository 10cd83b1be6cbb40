using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>The host is killed with SIGKILL at the worst moments and started again on the same data.</summary>
public abstract class KillContract(string store) : IAsyncLifetime
{
    private readonly DemoClock _clock = new();
    private readonly int _port = HostProcess.FreePort();
    private readonly Dictionary<string, string> _secrets = new()
    {
        ["master-key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        ["greenhouse-client-id"] = "greenhouse-sandbox-client",
        ["greenhouse-client-secret"] = "greenhouse-sandbox-secret",
        ["greenhouse-webhook"] = GreenhouseDemo.HookSecret,
        ["aria-api-key"] = "aria-sandbox-key",
        ["aria-webhook"] = DemoWorkspace.AriaHookSecret,
    };

    private GreenhouseSandbox _greenhouse = null!;
    private AriaSandbox _aria = null!;
    private LoopWorkspace _workspace = null!;
    private HostProcess _host = null!;

    public async ValueTask InitializeAsync()
    {
        _greenhouse = await GreenhouseSandbox.StartAsync(new GreenhouseOptions { Time = _clock, Jobs = DemoScenario.Jobs, RateLimit = 100_000 });
        _aria = await AriaSandbox.StartAsync(new AriaOptions { Time = _clock });
        _workspace = new LoopWorkspace(_greenhouse.ApiUrl, _greenhouse.TokenUrl, _aria.ApiUrl) { Store = store };
        await StartAsync();
        await _greenhouse.AddWebhookAsync(new Uri(_host.Address, "/hooks/greenhouse"), GreenhouseDemo.HookSecret, ["candidate_stage_change"]);
        _aria.AddWebhook(new Uri(_host.Address, "/hooks/aria"), DemoWorkspace.AriaHookSecret, ["interview.completed", "interview.no_show"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _greenhouse.DisposeAsync();
        await _aria.DisposeAsync();
        _workspace.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Kill_AfterAccept_TheLoopCompletes()
    {
        long application = ReachPhoneScreen();
        await _greenhouse.WhenQuietAsync(Token);

        await RestartAsync();

        await CompleteAsync(application);
        await EndsWellAsync(application);
    }

    [Fact]
    public async Task Kill_AfterTheInvitationWasSent_ThereIsNoSecondOne()
    {
        _aria.Faults.Add(new Fault { Kind = FaultKind.HoldAfter, Method = "POST", PathPrefix = "/v1/interviews" });
        long application = ReachPhoneScreen();
        await _aria.WhenAsync(interviews => interviews.Count == 1, Token);

        await RestartAsync();

        await CompleteAsync(application);
        await EndsWellAsync(application);
        _aria.Requests.Entries.Count(r => r.Method == "POST").ShouldBe(1);
    }

    [Fact]
    public async Task Kill_WhileParked_TheCompletionIsTakenAfterwardsByTheOldDefinition()
    {
        long application = ReachPhoneScreen();
        await StatusAsync(application, "Pending");
        await HostProcess.RunsAsync(_workspace.Data, runs => runs.Any(r => r!["state"]!.GetValue<string>() == "waiting"), "a parked run");

        await _host.KillAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_workspace.Folder, "invite-by-stage/result.js"), "return { application_id: event.application.id, status: 'no_show' };", Token);
        _aria.Complete(_aria.Interviews[0].Id, new AriaResult(8m, "advance"));
        await _aria.WhenQuietAsync(Token);
        await StartAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));

        await EndsWellAsync(application);
    }

    [Fact]
    public async Task Kill_AfterTheWriteBackWasSent_TheSameStateStands()
    {
        long application = ReachPhoneScreen();
        await StatusAsync(application, "Pending");
        _greenhouse.Faults.Add(new Fault { Kind = FaultKind.HoldAfter, Method = "PATCH" });
        _aria.Complete(_aria.Interviews[0].Id, new AriaResult(8m, "advance"));
        await StatusAsync(application, "Completed");

        await RestartAsync();

        await EndsWellAsync(application);
    }

    [Fact]
    public async Task Kill_AfterTheNoteWasSent_ThereIsNoSecondOne()
    {
        _greenhouse.Faults.Add(new Fault { Kind = FaultKind.HoldAfter, Method = "POST", PathPrefix = "/v3/notes" });
        long application = ReachPhoneScreen("not-an-address");
        await _greenhouse.WhenAsync(state => state.Notes.Count == 1, Token);

        await RestartAsync();

        await HostProcess.RunsAsync(_workspace.Data, runs => runs.Any(r => r!["state"]!.GetValue<string>() == "dead"), "a dead run");
        _greenhouse.State.Notes.ShouldHaveSingleItem().ApplicationId.ShouldBe(application);
        _aria.InvitationsCreated.ShouldBe(0);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long ReachPhoneScreen(string email = "jane.doe@example.com")
    {
        long application = _greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", email));
        _greenhouse.MoveStage(application, "Phone Screen");
        return application;
    }

    private async Task CompleteAsync(long application)
    {
        await StatusAsync(application, "Pending");
        _aria.Complete(_aria.Interviews[0].Id, new AriaResult(8m, "advance"));
    }

    private async Task EndsWellAsync(long application)
    {
        await StatusAsync(application, "Completed");
        JsonArray runs = await HostProcess.RunsAsync(_workspace.Data, all => all.All(r => r!["state"]!.GetValue<string>() == "succeeded"), "every run succeeded");
        runs.Count.ShouldBe(1);
        GreenhouseApplicationView view = _greenhouse.State.Application(application);
        view.CustomFields["aria_interview_score"].ShouldBe(8m);
        view.CustomFields["aria_recommendation"].ShouldBe("Advance");
        _aria.InvitationsCreated.ShouldBe(1);
        _greenhouse.State.Notes.ShouldBeEmpty();
    }

    private Task<GreenhouseSnapshot> StatusAsync(long application, string status) =>
        _greenhouse.WhenAsync(state => Equals(state.Application(application).CustomFields["aria_interview_status"], status), Token);

    private async Task RestartAsync()
    {
        await _host.KillAsync();
        await StartAsync();
    }

    private async Task StartAsync() => _host = await HostProcess.StartAsync(_workspace, _secrets, _port);
}

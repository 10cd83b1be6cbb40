using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Host.Demo;

/// <summary>Twenty applications through the shipped pipelines, over real HTTP between three servers on this machine.</summary>
/// <param name="asked">Workspace, plugins and kind of store.</param>
/// <param name="ats">Name of the ATS, one of <see cref="DemoSystems.Names"/>.</param>
/// <param name="say">Takes what is going on.</param>
internal sealed class DemoRun(EngineOptions asked, string ats, Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly DemoClock _clock = new();

    /// <summary>Runs the demo.</summary>
    /// <returns>The report, or the findings that prevented a start.</returns>
    public async Task<(DemoReport? Report, IReadOnlyList<Diagnostic> Findings)> RunAsync(CancellationToken cancellationToken)
    {
        await using DemoSystem system = await DemoSystems.StartAsync(ats, _clock, cancellationToken);
        await using AriaSandbox aria = await AriaSandbox.StartAsync(new AriaOptions { Time = _clock }, cancellationToken);
        say($"{system.Title} sandbox on {system.BaseUrl}, ARIA sandbox on {aria.BaseUrl}");
        using var reads = new DemoReads(system.Name);
        using var files = new DemoWorkspace(asked.Workspace, system.Name, system.Overlay, aria.ApiUrl);
        var options = asked with { Workspace = files.Workspace, Data = files.Data, Environment = DemoWorkspace.Environment };
        (AriaEngine? engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(options, DemoWorkspace.Secrets(system.Secrets), MasterKey.Ephemeral(), _clock, cancellationToken);
        if (engine is null)
        {
            return (null, findings);
        }
        await using (engine)
        {
            // Some runs die on purpose, and are counted at the end.
            await using WebApplication host = HostServer.Build(engine, "http://127.0.0.1:0", ControlApi.SocketPath(files.Data), LogLevel.Error);
            await host.StartAsync(cancellationToken);
            var address = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith("http://127", StringComparison.Ordinal)));
            say($"Host on {address}, store in {files.Data}");
            await system.ConnectAsync(new Uri(address, $"/hooks/{system.Name}"), cancellationToken);
            aria.AddWebhook(new Uri(address, "/hooks/aria"), DemoWorkspace.AriaHookSecret);
            using var client = new ControlClient(files.Data);
            DemoReport report = await LoopAsync(system, aria, client, engine.Store, cancellationToken);
            await host.StopAsync(CancellationToken.None);
            say($"{system.Title}: {reads}");
            return (report, findings);
        }
    }

    private async Task<DemoReport> LoopAsync(
        DemoSystem system, AriaSandbox aria, ControlClient client, IStore store, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var ids = new Dictionary<string, DemoApplication>();
        try
        {
            await ApplyAsync(system, client, ids, patience.Token);
            int invited = ids.Values.Count(a => a.IsInvited);
            await aria.WhenAsync(interviews => interviews.Count >= invited, patience.Token);
            say($"{invited} invitations at ARIA; one of these persons applies to the same job again");
            foreach (string again in ids.Where(a => a.Value.Ending == DemoEnding.NotInvitedTwice).Select(a => a.Key))
            {
                system.Move(again, "Phone Screen");
            }
            await system.WhenQuietAsync(patience.Token);
            say("The candidates take their interviews");
            TakeInterviews(aria, ids);
            int reported = ids.Values.Count(a => a.IsInvited && a.Ending != DemoEnding.CompletesUnreported);
            await system.WhenAsync(held => Finished(held, ids) >= reported, patience.Token);
            say($"{reported} results in {system.Title}; 15 days pass for the one whose report never came");
            // A run that has not reached its wait when the time jumps would begin to wait after it.
            await UntilNoneAsync(store, ["ready", "leased"], patience.Token);
            _clock.Advance(TimeSpan.FromDays(15));
            await system.WhenAsync(held => Finished(held, ids) >= invited, patience.Token);
            await UntilNoneAsync(store, ["ready", "leased", "waiting"], patience.Token);
            say("Every run has ended; asking both sandboxes");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            say($"Not everything arrived within {Patience.TotalSeconds:0} s; the table shows what is missing");
        }
        IReadOnlyList<RunSummary> runs = await store.ListRunsAsync(new RunQuery(null, null, 1000), cancellationToken);
        foreach (RunSummary open in runs.Where(r => r.State is RunState.Ready or RunState.Leased or RunState.NeedsReview))
        {
            say($"Run {open.Id} of {open.Pipeline} is {open.State}: {open.Code ?? "no reason"}, due {open.DueUtc:O}");
        }
        return DemoReport.Compare(ids, system, aria.Interviews, runs);
    }

    private async Task ApplyAsync(DemoSystem system, ControlClient client, Dictionary<string, DemoApplication> ids, CancellationToken cancellationToken)
    {
        foreach (DemoApplication application in DemoScenario.Applications)
        {
            // The same person applies again with the candidate record that the ATS already has.
            string? earlier = ids.Where(known => known.Value.Email == application.Email).Select(known => known.Key).FirstOrDefault();
            string id = system.Apply(application, earlier);
            ids.Add(id, application);
        }
        say($"{ids.Count} applications in {system.Title}");
        foreach ((string id, DemoApplication application) in ids)
        {
            if (application.Trigger == DemoTrigger.Stage && application.Ending != DemoEnding.NotInvitedTwice)
            {
                system.Move(id, "Phone Screen");
            }
            else if (application.Trigger == DemoTrigger.Manual)
            {
                (bool good, System.Text.Json.Nodes.JsonNode answer) = await client.AskAsync(HttpMethod.Post, $"send/invite-by-stage?subject={Uri.EscapeDataString(id)}", cancellationToken);
                say(good ? $"Application {id} sent by hand" : $"The manual trigger failed: {answer.ToJsonString()}");
            }
        }
        await system.WhenQuietAsync(cancellationToken);
        say($"Recruiters move them to Phone Screen; the host knows of every change in {system.Title}");
    }

    private static void TakeInterviews(AriaSandbox aria, Dictionary<string, DemoApplication> ids)
    {
        foreach (AriaInterview interview in aria.Interviews)
        {
            if (DemoReport.ApplicationOf(interview) is not { } id || !ids.TryGetValue(id, out DemoApplication? application))
            {
                continue;
            }
            var result = new AriaResult(application.Score, application.Recommendation);
            switch (application.Ending)
            {
                case DemoEnding.NoShow:
                    aria.NoShow(interview.Id);
                    break;
                case DemoEnding.CompletesUnreported:
                    aria.Complete(interview.Id, result, AriaAnnouncement.None);
                    break;
                case DemoEnding.CompletesOutOfOrder:
                    aria.Complete(interview.Id, result, new AriaAnnouncement { Copies = 2, StartedAfterwards = true });
                    break;
                default:
                    aria.Start(interview.Id);
                    aria.Complete(interview.Id, result);
                    break;
            }
        }
    }

    /// <summary>How many applications of the scenario have the end of their interview in the ATS.</summary>
    private static int Finished(IReadOnlyList<DemoHolding> held, Dictionary<string, DemoApplication> expected) =>
        held.Count(h => h.IsFinal && expected.ContainsKey(h.ApplicationId));

    private async Task UntilNoneAsync(IStore store, string[] states, CancellationToken cancellationToken)
    {
        while ((await store.CountAsync(cancellationToken)).Runs.Any(r => states.Contains(r.Key) && r.Value > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancellationToken);
        }
    }
}

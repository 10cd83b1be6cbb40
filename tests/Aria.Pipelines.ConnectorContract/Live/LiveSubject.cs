using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A connector, its stand, and a workspace in which a host works with both.</summary>
internal sealed class LiveSubject : IDisposable
{
    private readonly InstalledConnectors _installed;
    private readonly MasterKey _key = MasterKey.Ephemeral();
    private int _people;

    private LiveSubject(InstalledConnectors installed, InstalledConnector connector, IConnectorStand stand, string folder)
    {
        (_installed, Connector, Stand, Requests) = (installed, connector.Connector, stand, new PassingRequests(stand.Time));
        ProxyTls? tls = stand.Certificates is { } held ? new ProxyTls(held.Authority, held.Server, held.Client) : null;
        Proxy = CanBreak ? FaultProxy.Start(stand.BaseUrl, line => Requests.Next(line), tls) : null;
        Workspace = new StandWorkspace(folder, Connector, stand, Proxy?.Address ?? stand.BaseUrl);
    }

    public Connector Connector { get; }

    public IConnectorStand Stand { get; }

    public StandWorkspace Workspace { get; }

    /// <summary>The requests that pass, and what is done to them.</summary>
    public PassingRequests Requests { get; }

    /// <summary>Whether requests can be broken: not where they are encrypted for somebody else.</summary>
    public bool CanBreak => Stand.BaseUrl.Scheme == Uri.UriSchemeHttp || Stand.Certificates is not null;

    /// <summary>Whether results can be written to the system at all.</summary>
    public bool CanWrite => Stand.Work.Steps is not null || (Connector.Operations.ContainsKey("application.get") && Connector.Operations.ContainsKey("interview.write"));

    private FaultProxy? Proxy { get; }

    public static LiveSubject Open(string folder, IConnectorStand stand)
    {
        InstalledConnectors installed = ConnectorBehaviour.Load(folder, out InstalledConnector found);
        return new LiveSubject(installed, found, stand, Path.GetFullPath(folder));
    }

    /// <summary>Another person applies.</summary>
    public string Apply()
    {
        _people++;
        return Stand.Apply("Jane", FormattableString.Invariant($"Doe{_people}"), FormattableString.Invariant($"jane.doe{_people}@example.com"));
    }

    /// <summary>The engine without scheduler and hooks, on the workspace's own data.</summary>
    public Task<LocalEngine> OpenEngineAsync(Action<IServiceCollection>? replace = null) =>
        LocalEngine.OpenAsync(Workspace.Options, Secrets(), _key, Stand.Time, replace);

    /// <summary>A whole host, which listens for hooks and asks what is to be asked.</summary>
    /// <param name="port">Where it listens; 0 for any free port.</param>
    /// <param name="off">How far its clock is from the system's.</param>
    public Task<ListeningHost> StartHostAsync(int port = 0, TimeSpan off = default) =>
        ListeningHost.StartAsync(Workspace.Options, Secrets(), _key, off == default ? Stand.Time : new SkewedTime(Stand.Time, off), port);

    /// <summary>Writes a result for an application, until the run is at rest.</summary>
    public async Task<RunDetail> WriteAsync(LocalEngine engine, string applicationId, CancellationToken cancellationToken)
    {
        string runId = await BeginAsync(engine, applicationId, cancellationToken);
        await engine.DrainAsync(Stand.Advance, 200, cancellationToken);
        return (await engine.Store.FindRunAsync(runId, cancellationToken))!;
    }

    /// <summary>Begins to write a result: by hand, or because the system tells of the application.</summary>
    /// <returns>The run, which is ready.</returns>
    public async Task<string> BeginAsync(LocalEngine engine, string applicationId, CancellationToken cancellationToken)
    {
        if (Stand.Announcement(applicationId) is not { } body)
        {
            return (await engine.SendAsync(StandWorkspace.WriteBack, applicationId)).RunIds[0];
        }
        Connection connection = engine.Services.GetRequiredService<PipelineCatalog>().Current.Connections[StandWorkspace.System];
        var headers = new Dictionary<string, IReadOnlyList<string>>();
        var delivery = new Delivery("POST", headers, headers, body, Stand.Time.GetUtcNow());
        IReadOnlyList<DecodedEvent> events = engine.Services.GetRequiredService<IWebhookReceiver>().Decode(connection, delivery).Events;
        AcceptedEvent accepted = (await engine.Services.GetRequiredService<EventIntake>().AcceptAsync(connection, delivery, events, cancellationToken)).Single();
        return (await engine.Store.ListRunsAsync(new RunQuery(StandWorkspace.WriteBack, null, 1000), cancellationToken)).Single(r => r.EventId == accepted.Id).Id;
    }

    /// <summary>Moves an application to a stage, until the run is at rest.</summary>
    public async Task<RunDetail> MoveAsync(LocalEngine engine, string applicationId, CancellationToken cancellationToken)
    {
        AcceptedEvent accepted = await engine.SendAsync(StandWorkspace.Relocate, applicationId);
        await engine.DrainAsync(Stand.Advance, 200, cancellationToken);
        return (await engine.Store.FindRunAsync(accepted.RunIds[0], cancellationToken))!;
    }

    /// <summary>What is wrong with what an application holds after a run; null when it is what was written.</summary>
    /// <param name="run">The run, at rest.</param>
    /// <param name="applicationId">The application.</param>
    /// <param name="duplicates">What the system had twice before.</param>
    public string? Wrong(RunDetail run, string applicationId, int duplicates)
    {
        StandHolding held = Stand.Held(applicationId);
        if (Stand.Duplicates > duplicates || held.Notes > 1)
        {
            return $"something was made twice: {held}";
        }
        if (Stand.Work.Steps is not null && run.Run.State == RunState.Succeeded && held.Notes == 1)
        {
            return null;
        }
        if (run.Run.State == RunState.NeedsReview && run.Effects.Last(e => e.State is not (EffectState.Confirmed or EffectState.Rejected)) is { Class: EffectClass.Unsafe })
        {
            return null;
        }
        return Stand.Work.Steps is null && run.Run.State == RunState.Succeeded && held is { Status: "completed", Recommendation: "advance", Score: not null, Notes: <= 1 } && held.TranscriptUrl == StandWorkspace.TranscriptOf(applicationId)
            ? null
            : $"the run ended {run.Run.State} {run.Run.Code} {(run.Diagnostic is { } why ? Encoding.UTF8.GetString(why) : "")}, and the system holds {held}";
    }

    public void Dispose()
    {
        Proxy?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Workspace.Dispose();
        _installed.Dispose();
    }

    private MemorySecretSource Secrets() => new(new Dictionary<string, string>(Stand.Secrets));
}

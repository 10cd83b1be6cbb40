using System.Globalization;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Faults.InProcess;

/// <summary>
/// The engine without its web server and scheduler: the real store, intake, executor, ledger and HTTP path, taken one lease at a time, on a
/// clock that is moved to whatever is due next instead of being waited for.
/// </summary>
internal sealed class LocalEngine : IAsyncDisposable
{
    private const string Owner = "campaign";
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);
    private readonly AriaEngine _engine;
    private readonly ServiceProvider _services;

    private LocalEngine(AriaEngine engine, ServiceProvider services)
    {
        _engine = engine;
        _services = services;
    }

    public IStore Store => _services.GetRequiredService<IStore>();

    public RunExecutor Executor => _services.GetRequiredService<RunExecutor>();

    /// <summary>The engine's own parts.</summary>
    public IServiceProvider Services => _services;

    /// <param name="options">What it works with.</param>
    /// <param name="secrets">What its connections name.</param>
    /// <param name="key">The master key; the same one each time the same data is opened.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="replace">Puts other parts in the place of the engine's own.</param>
    public static async Task<LocalEngine> OpenAsync(EngineOptions options, ISecretSource secrets, MasterKey key, TimeProvider time, Action<IServiceCollection>? replace = null)
    {
        (AriaEngine? engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(options, secrets, key, time, default);
        if (engine is null)
        {
            throw new InvalidOperationException($"The workspace is wrong: {string.Join("; ", findings)}");
        }
        IServiceCollection services = new ServiceCollection().AddLogging().AddAriaPipelines(engine);
        replace?.Invoke(services);
        return new LocalEngine(engine, services.BuildServiceProvider());
    }

    /// <summary>Starts a pipeline by hand.</summary>
    /// <param name="pipeline">Its id.</param>
    /// <param name="subject">For whom.</param>
    public Task<AcceptedEvent> SendAsync(string pipeline, string subject)
    {
        Pipeline started = _services.GetRequiredService<PipelineCatalog>().Current.Pipelines[pipeline];
        return _services.GetRequiredService<EventIntake>().SendAsync(started, started.Manual!, subject, default);
    }

    /// <summary>Executes what is due, and moves the clock to what is due next, until nothing is.</summary>
    /// <param name="advance">Moves the clock by a time.</param>
    /// <param name="mostLeases">A run that comes back more often than this never ends.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task DrainAsync(Action<TimeSpan> advance, int mostLeases, CancellationToken cancellationToken)
    {
        for (int leased = 0; ;)
        {
            DateTimeOffset now = _engine.Time.GetUtcNow();
            IReadOnlyList<RunLease> leases = await Store.LeaseRunsAsync(Owner, now, LeaseTime, 16, [], cancellationToken);
            foreach (RunLease lease in leases)
            {
                await Executor.ExecuteAsync(lease, CancellationToken.None, CancellationToken.None);
            }
            leased += leases.Count;
            if (leased > mostLeases)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{leased} leases were not enough: a run comes back for ever."));
            }
            if (leases.Count == 0)
            {
                if (await Store.NextDueAsync(cancellationToken) is not { } next)
                {
                    return;
                }
                advance(next > now ? next - now + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _engine.DisposeAsync();
    }
}

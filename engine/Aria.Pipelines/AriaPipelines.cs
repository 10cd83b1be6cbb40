using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines;

/// <summary>The table of contents: one call per room.</summary>
public static class AriaPipelines
{
    /// <summary>Adds the engine's services. The store must be open and the workspace loaded before the host starts listening.</summary>
    /// <param name="services">The host's services; must provide logging.</param>
    /// <param name="engine">An opened engine.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddAriaPipelines(this IServiceCollection services, AriaEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        services.AddSingleton(engine.Time);
        services.AddSingleton(engine.Store);
        services.AddSingleton<DueSignal>();
        services.AddSingleton(engine.Secrets);
        services.AddSingleton<IMappingCompiler>(engine.Mappings);
        return services.AddCatalog(engine).AddOutbound().AddConnectors().AddEffects().AddRuns().AddIngress(engine);
    }

    /// <summary>Maps <c>POST /hooks/{connection}</c>.</summary>
    /// <param name="routes">The host's routes.</param>
    /// <returns>The same routes.</returns>
    public static IEndpointRouteBuilder MapAriaPipelines(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        WebhookEndpoint.Map(routes, routes.ServiceProvider.GetRequiredService<WebhookEndpoint>());
        return routes;
    }

    /// <summary>What planning needs: the connectors' interpreter without network, store and secrets.</summary>
    internal static ServiceProvider Offline(TimeProvider time) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(time)
        .AddSingleton<ISecretSource>(new MemorySecretSource(new Dictionary<string, string>()))
        .AddSingleton<IHttpPath, NoNetwork>()
        .AddSingleton<IRateBudgets, NoNetwork>()
        .AddConnectors()
        .AddTransient<RunPlanner>()
        .BuildServiceProvider();

    /// <summary>What asking live accounts needs: the connectors' interpreter with network and secrets, without store and runs.</summary>
    internal static ServiceProvider Online(TimeProvider time, ISecretSource secrets) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(time)
        .AddSingleton(secrets)
        .AddSingleton<IHttpPath, HttpPath>()
        .AddSingleton<IRateBudgets, UnmeteredBudgets>()
        .AddConnectors()
        .AddTransient<ConnectionChecks>()
        .BuildServiceProvider();

    private static IServiceCollection AddCatalog(this IServiceCollection services, AriaEngine engine)
    {
        services.AddSingleton(engine.Catalog);
        return engine.Watched is { } watched ? services.AddSingleton(watched).AddHostedService<CatalogWatcher>() : services;
    }

    /// <summary>What a case needs: the engine's own parts over a store of its own, with the case's clock and targets instead of the world's.</summary>
    internal static ServiceProvider ForCase(IStore store, PipelineCatalog catalog, IMappingCompiler mappings, CaseTargets targets, CaseClock clock) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(clock)
        .AddSingleton<TimeProvider>(clock)
        .AddSingleton(store)
        .AddSingleton<DueSignal>()
        .AddSingleton<ISecretSource, PlaceholderSecrets>()
        .AddSingleton(mappings)
        .AddSingleton(catalog)
        .AddSingleton<IHttpPath>(targets)
        .AddSingleton<IReadSamples>(targets)
        .AddSingleton<CircuitBreakers>()
        .AddSingleton<IRateBudgets, RateBudgets>()
        .AddConnectors()
        .AddSingleton<ITlsPolicies, CaseHandshakes>()
        .AddSingleton<ILogins, CaseLogins>()
        .AddSingleton<IOperationClient>(s => new CaseClient(ActivatorUtilities.CreateInstance<OperationClient>(s), targets))
        .AddEffects()
        .AddSingleton<StepExecutor>()
        .AddSingleton<RunExecutor>()
        .AddSingleton<EventIntake>()
        .BuildServiceProvider();

    private static IServiceCollection AddOutbound(this IServiceCollection services) =>
        services.AddSingleton<IHttpPath, HttpPath>().AddSingleton<CircuitBreakers>().AddSingleton<IRateBudgets, RateBudgets>().AddHostedService<BreakerGauge>();

    private static IServiceCollection AddConnectors(this IServiceCollection services) => services
        .AddSingleton<ISecretAudit, NoSecretAudit>()
        .AddSingleton<ConnectionSecrets>()
        .AddSingleton<ConnectorHosts>()
        .AddSingleton<ReadCache>()
        .AddSingleton<LoopGuard>()
        .AddSingleton<ITlsPolicies, TlsPolicies>()
        .AddSingleton<LoginSessions>()
        .AddSingleton<ILogins>(s => s.GetRequiredService<LoginSessions>())
        .AddSingleton<IRotatedSecrets>(s => s.GetService<IStore>() is { } store ? new StoredSecrets(store, s.GetRequiredService<TimeProvider>()) : new NoRotatedSecrets())
        .AddSingleton<Authenticator>()
        .AddSingleton<RequestSender>()
        .AddSingleton<PageReader>()
        .AddSingleton<PollClient>()
        .AddSingleton<PrerequisiteReads>()
        .AddSingleton<IWebhookReceiver, WebhookReceiver>()
        .AddSingleton<IOperationClient, OperationClient>();

    private static IServiceCollection AddEffects(this IServiceCollection services) => services.AddSingleton<EffectLedger>().AddSingleton<EffectParts>();

    private static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<StepExecutor>()
        .AddSingleton<RunExecutor>()
        .AddSingleton<RunReplay>()
        .AddSingleton<ReplayPreview>()
        .AddSingleton<RunScheduler>()
        .AddHostedService(s => s.GetRequiredService<RunScheduler>())
        .AddHostedService<RunGauges>();

    private static IServiceCollection AddIngress(this IServiceCollection services, AriaEngine engine) => services
        .AddSingleton(engine.Limits)
        .AddSingleton<AuditTrail>()
        .AddHostedService(s => s.GetRequiredService<AuditTrail>())
        .AddHostedService<AuditAnchors>()
        .AddSingleton<ISecretAudit, SecretAudit>()
        .AddSingleton<SourceGates>()
        .AddSingleton(_ => BodyBudget.OfMemory())
        .AddSingleton<EventIntake>()
        .AddSingleton<StoredEvents>()
        .AddSingleton<RefusalLog>()
        .AddSingleton<WebhookEndpoint>()
        .AddSingleton<PollParts>()
        .AddSingleton<PollLoop>()
        .AddHostedService(s => s.GetRequiredService<PollLoop>())
        .AddHostedService<ScheduleLoop>();
}

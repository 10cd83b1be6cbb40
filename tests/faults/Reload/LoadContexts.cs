using System.Runtime.Loader;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.Hosting;

namespace Aria.Pipelines.Faults.Reload;

/// <summary>How many load contexts a watching engine holds. It runs in this process, because another one's contexts cannot be seen.</summary>
internal static class LoadContexts
{
    /// <summary>Opens an engine on the testbed's workspace, changes that a number of times, and gives the most contexts that were alive.</summary>
    public static async Task<int> MostAsync(Testbed bed, ChangingWorkspace changes, int reloads, CancellationToken cancellationToken)
    {
        await changes.MakeAsync(WorkspaceChange.Valid, cancellationToken);
        var secrets = bed.Canaries.Webhook.Index().ToDictionary(w => $"target-webhook-{w.Index}", w => w.Item);
        secrets["target-api-key"] = bed.Canaries.ApiKey;
        var options = new EngineOptions
        {
            Workspace = bed.Workspace, Plugins = Path.Combine(bed.Folder, "plugins"), Data = Path.Combine(bed.Folder, "contexts"), Environment = Testbed.Environment, Watch = true,
        };
        (AriaEngine? opened, IReadOnlyList<Abstractions.Diagnostic> findings) = await AriaEngine.OpenAsync(options, new MemorySecretSource(secrets), MasterKey.Ephemeral(), TimeProvider.System, cancellationToken);
        await using AriaEngine engine = opened ?? throw new InvalidOperationException(string.Join('\n', findings));
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAriaPipelines(engine);
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        int most = Alive();
        for (int i = 0; i < reloads; i++)
        {
            object before = engine.Catalog.Current;
            await changes.MakeAsync(WorkspaceChange.Valid, cancellationToken);
            using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            while (ReferenceEquals(before, engine.Catalog.Current))
            {
                most = Math.Max(most, Alive());
                await ticks.WaitForNextTickAsync(cancellationToken);
            }
        }
        await host.StopAsync(cancellationToken);
        return Math.Max(most, Alive());
    }

    private static int Alive() => AssemblyLoadContext.All.Count(c => c.IsCollectible);
}

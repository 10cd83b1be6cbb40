using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A whole engine that listens on this machine.</summary>
internal sealed class ListeningHost : IAsyncDisposable
{
    private readonly AriaEngine _engine;
    private readonly WebApplication _app;

    private ListeningHost(AriaEngine engine, WebApplication app) => (_engine, _app) = (engine, app);

    /// <summary>Where deliveries of the stand's connection go.</summary>
    public Uri Hook => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), $"/hooks/{StandWorkspace.System}");

    public IStore Store => _app.Services.GetRequiredService<IStore>();

    public static async Task<ListeningHost> StartAsync(EngineOptions options, ISecretSource secrets, MasterKey key, TimeProvider time, int port = 0)
    {
        (AriaEngine? engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(options, secrets, key, time, default);
        if (engine is null)
        {
            throw new InvalidOperationException($"The stand's connection does not fit the connector:\n{string.Join('\n', findings)}");
        }
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
        builder.Services.AddAriaPipelines(engine);
        WebApplication app = builder.Build();
        app.MapAriaPipelines();
        await app.StartAsync();
        return new ListeningHost(engine, app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _engine.DisposeAsync();
    }
}

using System.Reflection;
using Aria.Pipelines.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Host;

/// <summary>Says in the log what started, and that it stopped in good order: a log that ends without that line is one of a host that was killed.</summary>
internal sealed partial class HostLog
{
    public static void Attach(WebApplication app, AriaEngine engine)
    {
        ILogger log = app.Services.GetRequiredService<ILogger<HostLog>>();
        string? version = typeof(HostLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        string data = Path.GetFullPath(engine.Options.Data);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            CatalogSnapshot current = engine.Catalog.Current;
            string addresses = string.Join(", ", app.Urls);
            LogStarted(log, version, engine.Options.Environment, engine.Options.Store, data, current.Pipelines.Count, current.Connections.Count, addresses);
        });
        app.Lifetime.ApplicationStopped.Register(() => LogStopped(log));
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Aria {Version} has started: environment {Environment}, store {Store} in {Data}, {Pipelines} pipelines, {Connections} connections. Now listening on: {Addresses}")]
    private static partial void LogStarted(ILogger log, string? version, string environment, string store, string data, int pipelines, int connections, string addresses);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Aria has stopped in good order")]
    private static partial void LogStopped(ILogger log);
}

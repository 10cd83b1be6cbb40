using System.Net;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using IPNetwork = System.Net.IPNetwork;

namespace Aria.Pipelines.Host;

/// <summary>The web server around an opened engine. It is built only when the store is open and the pipelines are loaded, so no early 2xx exists.</summary>
internal static class HostServer
{
    /// <summary>Builds the server.</summary>
    /// <param name="engine">The opened engine.</param>
    /// <param name="urls">Addresses for webhooks and health, separated by semicolons.</param>
    /// <param name="controlSocket">Path of the Unix socket for the operator's verbs; null for none.</param>
    /// <param name="least">The least that is logged.</param>
    /// <param name="management">Address for metrics; null for the control socket alone.</param>
    /// <param name="proxies">Networks of the proxies before it, whose word is taken for where a delivery came from, and how; null for none.</param>
    public static WebApplication Build(AriaEngine engine, string urls, string? controlSocket, LogLevel least, string? management = null, IReadOnlyList<IPNetwork>? proxies = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "aria",
            // A development environment would show stack traces to whoever sends a delivery.
            EnvironmentName = Environments.Production,
            // Otherwise the folder the host is started in is watched with all below it, which takes seconds in a big one.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(o =>
        {
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fff'Z'";
        });
        builder.Logging.SetMinimumLevel(least);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // It would call every environment of ours production; what there is to say of start and stop, the host says itself.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, management is null ? urls : $"{urls};{management}", controlSocket));
        builder.Services.AddAriaPipelines(engine);
        HostTelemetry.Add(builder.Services);
        WebApplication app = builder.Build();
        HostLog.Attach(app, engine);
        if (proxies is { Count: > 0 })
        {
            app.UseForwardedHeaders(Forwarded(proxies));
        }
        HostTelemetry.Map(app, management is null ? null : BindingAddress.Parse(management).Port);
        if (controlSocket is not null)
        {
            ControlApi.Guard(app);
        }
        app.MapAriaPipelines();
        app.MapGet("/health/live", () => Results.Json(new Dictionary<string, string> { ["status"] = "live" }));
        app.MapGet("/health/ready", () => Health(engine));
        if (controlSocket is not null)
        {
            ControlApi.Map(app, controlSocket);
        }
        return app;
    }

    /// <summary>The chain is followed back as long as it names proxies of ours; what stands before the first stranger is a stranger's word.</summary>
    private static ForwardedHeadersOptions Forwarded(IReadOnlyList<IPNetwork> proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (IPNetwork network in proxies)
        {
            options.KnownIPNetworks.Add(network);
        }
        return options;
    }

    private static void Listen(KestrelServerOptions kestrel, string urls, string? controlSocket)
    {
        kestrel.AddServerHeader = false;
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (address.Host == "localhost")
            {
                kestrel.ListenLocalhost(address.Port);
            }
            else
            {
                kestrel.Listen(IPAddress.TryParse(address.Host, out IPAddress? ip) ? ip : IPAddress.Any, address.Port);
            }
        }
        if (controlSocket is not null)
        {
            File.Delete(controlSocket);
            kestrel.ListenUnixSocket(controlSocket);
        }
    }

    private static IResult Health(AriaEngine engine) => engine.Store.Trouble is null
        ? Results.Json(new Dictionary<string, string> { ["status"] = "ready" })
        : Results.Json(new Dictionary<string, string> { ["status"] = "store_unavailable" }, statusCode: StatusCodes.Status503ServiceUnavailable);
}

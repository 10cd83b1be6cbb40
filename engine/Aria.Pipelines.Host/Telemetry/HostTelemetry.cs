using Aria.Pipelines.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aria.Pipelines.Host.Telemetry;

/// <summary>
/// Where metrics and traces go. Prometheus reads <c>/metrics</c> on the control socket and on the management address; traces, and metrics
/// too, are sent to a collector when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one. All is off with <c>OTEL_SDK_DISABLED=true</c>.
/// </summary>
internal static class HostTelemetry
{
    private const string Path = "/metrics";

    private static bool IsOff => string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);

    private static bool HasCollector => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    public static void Add(IServiceCollection services)
    {
        if (IsOff)
        {
            return;
        }
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("aria"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(EngineMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddPrometheusExporter();
                if (HasCollector)
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (HasCollector)
        {
            telemetry.WithTracing(traces => traces.AddSource(EngineTraces.SourceName).AddOtlpExporter());
        }
    }

    /// <summary>Answers <c>/metrics</c>, to those who reach the control socket or the management address.</summary>
    /// <param name="app">The web application.</param>
    /// <param name="managementPort">Port of the management address; null for none.</param>
    public static void Map(WebApplication app, int? managementPort)
    {
        if (!IsOff)
        {
            app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Request.Path == Path && IsManagement(http.Connection, managementPort));
        }
    }

    private static bool IsManagement(ConnectionInfo connection, int? managementPort) =>
        connection.LocalIpAddress is null || connection.LocalPort == managementPort;
}

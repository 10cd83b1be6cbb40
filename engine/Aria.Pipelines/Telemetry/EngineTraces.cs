using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Telemetry;

/// <summary>
/// The spans of the engine, under the source <c>Aria.Pipelines</c>: <c>accept</c>, <c>run</c>, <c>step</c>, <c>attempt</c>. All work for an
/// event is one trace, also when it goes on weeks later or after a restart, because the trace's id is derived from the event's. Tags are ids
/// of ours, names from definitions and codes: never values of events or secrets.
/// </summary>
internal static class EngineTraces
{
    public const string SourceName = "Aria.Pipelines";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The acceptance of a delivery.</summary>
    public static Activity? Accept(string connection) => Source.StartActivity("accept")?.SetTag("aria.connection", connection);

    /// <summary>Links an acceptance to the trace of an event that came of it.</summary>
    public static void Accepted(this Activity accept, string eventId, string outcome) =>
        accept.SetTag("aria.outcome", outcome).AddLink(new ActivityLink(TraceOf(eventId)));

    /// <summary>Work on a run, from when it was read to its release.</summary>
    public static Activity? Run(string eventId, string runId, string pipeline) => Source
        .StartActivity("run", ActivityKind.Internal, Source.HasListeners() ? TraceOf(eventId) : default)
        ?.SetTag("aria.event", eventId).SetTag("aria.run", runId).SetTag("aria.pipeline", pipeline);

    public static Activity? Step(string path) => Source.StartActivity("step")?.SetTag("aria.step", path);

    /// <summary>One attempt at an effect.</summary>
    /// <param name="connection">Id of the connection.</param>
    /// <param name="operation">Name of the operation.</param>
    /// <param name="phase"><c>send</c> or <c>lookup</c>.</param>
    public static Activity? Attempt(string connection, string operation, string phase) => Source
        .StartActivity("attempt", ActivityKind.Client)
        ?.SetTag("aria.connection", connection).SetTag("aria.operation", operation).SetTag("aria.phase", phase);

    /// <summary>Says how a span ended.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="outcome">A state or outcome word.</param>
    /// <param name="code">Code of the failure; null when there was none.</param>
    public static void End(this Activity activity, string outcome, string? code)
    {
        activity.SetTag("aria.outcome", outcome);
        if (code is not null)
        {
            activity.SetTag("aria.code", code);
            activity.SetStatus(ActivityStatusCode.Error, code);
        }
    }

    private static ActivityContext TraceOf(string eventId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(eventId), hash);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded, isRemote: true);
    }
}

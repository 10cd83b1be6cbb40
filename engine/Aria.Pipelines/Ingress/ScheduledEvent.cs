using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Ingress;

/// <summary>The event of a time that has come, and how it is kept that it came.</summary>
internal static class ScheduledEvent
{
    /// <summary>Name of the cursor of a pipeline's schedule.</summary>
    public static string Cursor(Pipeline pipeline, ScheduleTrigger schedule) => $"{pipeline.Id} {schedule.Text}";

    /// <summary>Keeps the last time that came.</summary>
    public static CursorMove Move(Pipeline pipeline, ScheduleTrigger schedule, DateTimeOffset last) =>
        new(Cursor(pipeline, schedule), Encoding.UTF8.GetBytes(last.ToString("O", CultureInfo.InvariantCulture)), []);

    /// <summary>The event.</summary>
    /// <param name="pipeline">What it starts.</param>
    /// <param name="schedule">Whose time it is.</param>
    /// <param name="due">The time.</param>
    /// <param name="missed">How many times before it nobody saw.</param>
    public static DecodedEvent Of(Pipeline pipeline, ScheduleTrigger schedule, DateTimeOffset due, int missed)
    {
        JsonObject fired = ScheduleTrigger.Fired(due, missed);
        byte[] key = Encoding.UTF8.GetBytes($"schedule\n{Cursor(pipeline, schedule)}\n{fired["scheduled_at"]}");
        return new DecodedEvent(ScheduleTrigger.EventType, $"schedule:{pipeline.Id}", key, [], ConnectorJson.ToBytes(fired), null);
    }
}

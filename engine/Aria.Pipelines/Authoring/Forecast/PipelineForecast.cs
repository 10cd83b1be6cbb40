using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Runs;

namespace Aria.Pipelines.Authoring.Forecast;

/// <summary>Plans a pipeline over many recorded events: the same plan as for one, without network and secrets.</summary>
/// <param name="planner">Gives a planner; each plans one event.</param>
/// <param name="now">When the events are taken to come.</param>
internal sealed class PipelineForecast(Func<RunPlanner> planner, DateTimeOffset now)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    public IReadOnlyList<PlannedEvent> Of(Pipeline pipeline, IReadOnlyList<RecordedDelivery> deliveries) => [.. deliveries.Select(d => Of(pipeline, d))];

    private PlannedEvent Of(Pipeline pipeline, RecordedDelivery delivery)
    {
        (JsonObject plan, IReadOnlyList<Diagnostic> findings) = planner().Plan(pipeline, new Delivery("POST", Nothing, Nothing, delivery.Body, now), delivery.Polled);
        if (plan["event"] is null && findings.Any(f => f.Code == PlanCodes.NoEvent))
        {
            return new PlannedEvent(delivery.Name, EventFate.Ignored, Reason(findings, PlanCodes.NoEvent), [], findings);
        }
        if (findings.FirstOrDefault(f => f.Severity == DiagnosticSeverity.Error) is { } error)
        {
            return new PlannedEvent(delivery.Name, EventFate.Failed, error.ToString(), Requests(plan), findings);
        }
        return Reason(findings, PlanCodes.Skipped) is { } skipped
            ? new PlannedEvent(delivery.Name, EventFate.Skipped, skipped, [], findings)
            : new PlannedEvent(delivery.Name, EventFate.Caught, null, Requests(plan), findings);
    }

    private static string? Reason(IReadOnlyList<Diagnostic> findings, string code) => findings.FirstOrDefault(f => f.Code == code)?.Summary;

    /// <summary>The requests of the steps; those of a step's parts under the step's name and theirs.</summary>
    private static List<PlannedRequest> Requests(JsonObject plan) =>
    [
        .. from step in plan["steps"]!.AsArray()
           let id = step["id"]!.GetValue<string>()
           let parts = step["parts"]?.AsArray().Select(part => (Name: $"{id}/{part!["id"]!.GetValue<string>()}", Request: part["request"])) ?? []
           from sent in parts.Prepend((Name: id, Request: step["request"]))
           where sent.Request is JsonObject
           select new PlannedRequest(sent.Name, sent.Request["method"]!.GetValue<string>(), sent.Request["url"]!.GetValue<string>(), sent.Request["body"]?.DeepClone()),
    ];
}

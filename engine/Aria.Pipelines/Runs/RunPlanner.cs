using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Runs;

/// <summary>What a pipeline would do with a delivery: the same conditions, mappings and requests as a run, without network, clock, secrets or store.</summary>
internal sealed class RunPlanner(IWebhookReceiver receiver, IOperationClient client)
{
    private const string EventId = "planned";
    private readonly DiagnosticBag _bag = new();
    private readonly JsonArray _steps = [];
    private readonly JsonObject _results = [];
    private readonly HashSet<string> _sampled = [];

    /// <summary>Plans one delivery.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="delivery">The raw delivery, whose signature is not checked; or a record of a source that is asked.</param>
    /// <param name="polled">The event that the record is of; null for a delivery, or when there is only one it can be.</param>
    /// <returns><c>{"event","steps":[…],"diagnostics"}</c> without the diagnostics, which are returned beside it.</returns>
    public (JsonObject Plan, IReadOnlyList<Diagnostic> Findings) Plan(Pipeline pipeline, Delivery delivery, string? polled = null)
    {
        JsonObject plan = new() { ["event"] = null, ["steps"] = _steps };
        if (Decode(pipeline, delivery, polled) is not var (connection, decoded))
        {
            return (plan, _bag.Items);
        }
        try
        {
            JsonElement canonical = receiver.Canonical(connection, decoded.Type, EventId, decoded.Body, connection.Connector.Events[decoded.Type].Enrich?.Sample);
            plan["event"] = JsonNode.Parse(canonical.GetRawText());
            PlanSteps(pipeline, connection.Id, decoded.Type, canonical, delivery.ReceivedUtc);
        }
        catch (MappingException e)
        {
            _bag.AddRange([e.Diagnostic]);
        }
        return (plan, _bag.Items);
    }

    /// <summary>Plans the next time of a schedule.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="schedule">One of its schedules.</param>
    /// <param name="after">The time after which its next one comes.</param>
    /// <returns>As for a delivery.</returns>
    public (JsonObject Plan, IReadOnlyList<Diagnostic> Findings) Plan(Pipeline pipeline, ScheduleTrigger schedule, DateTimeOffset after)
    {
        DateTimeOffset due = schedule.Next(after) ?? after;
        JsonObject fired = ScheduleTrigger.Fired(due, 0);
        fired["type"] = ScheduleTrigger.EventType;
        fired["id"] = EventId;
        fired["raw"] = null;
        JsonObject plan = new() { ["event"] = fired, ["steps"] = _steps };
        try
        {
            PlanSteps(pipeline, ScheduleTrigger.ConnectionId, ScheduleTrigger.EventType, Element(fired), due);
        }
        catch (MappingException e)
        {
            _bag.AddRange([e.Diagnostic]);
        }
        return (plan, _bag.Items);
    }

    private void PlanSteps(Pipeline pipeline, string connection, string type, JsonElement canonical, DateTimeOffset now)
    {
        Dictionary<string, JsonElement> values = Values(pipeline, canonical, now);
        string? skipped = RunConditions.ReasonToSkip(pipeline, connection, type, values);
        if (skipped is not null)
        {
            Note(PlanCodes.Skipped, $"The run would end as skipped: {skipped}.");
        }
        foreach (Step step in pipeline.Steps)
        {
            _steps.Add(PlanStep(step, pipeline, values, skipped is not null));
        }
    }

    private (Connection Connection, DecodedEvent Event)? Decode(Pipeline pipeline, Delivery delivery, string? polled)
    {
        if (polled is null && Delivered(pipeline, delivery) is { } delivered)
        {
            return delivered;
        }
        (Connection Connection, ConnectorEvent Event)[] asked =
        [
            .. from trigger in pipeline.Triggers
               where trigger.Connection.Connector.Events.GetValueOrDefault(trigger.EventType) is { } asked && !asked.IsPushedTo(trigger.Connection) && (polled is null || trigger.EventType == polled)
               group trigger by (trigger.Connection.Id, trigger.EventType) into same
               select (same.First().Connection, same.First().Connection.Connector.Events[same.Key.EventType]),
        ];
        string why = "";
        foreach ((Connection connection, ConnectorEvent one) in asked)
        {
            PolledArrival arrival = PolledArrival.Of(connection, one, delivery.Body.ToArray(), 0);
            if (arrival.Event is { QuarantineCode: null } found)
            {
                return (connection, found);
            }
            why += $" It is no '{one.Type}': {arrival.Refusal ?? $"its {arrival.Event!.QuarantineCode}."}";
        }
        string triggers = string.Join(", ", pipeline.Triggers.Select(t => $"{t.Connection.Id}: {t.EventType}").Concat(pipeline.Schedules.Select(s => $"schedule: {s.Name}")));
        _bag.Error(PlanCodes.NoEvent, SourcePosition.None, $"The {(polled is null ? "delivery" : "record")} holds no event that starts this pipeline.{why}", $"It starts on {triggers}.");
        return null;
    }

    private (Connection Connection, DecodedEvent Event)? Delivered(Pipeline pipeline, Delivery delivery)
    {
        var connections = pipeline.Triggers.Select(t => t.Connection).Distinct().ToList();
        foreach (Connection connection in connections.Where(c => c.Connector.Webhook is not null))
        {
            DecodedEvent? decoded = receiver.Decode(connection, delivery).Events.FirstOrDefault(e => pipeline.Triggers.Any(t => t.Connection == connection && t.EventType == e.Type));
            if (decoded is not null)
            {
                return (connection, decoded);
            }
        }
        return null;
    }

    private JsonObject PlanStep(Step step, Pipeline pipeline, Dictionary<string, JsonElement> values, bool runIsSkipped)
    {
        values["steps"] = Element(_results);
        bool skipped = runIsSkipped || !RunConditions.IsTrue(step.When, values);
        var planned = new JsonObject { ["id"] = step.Id, ["kind"] = step.Kind, ["skipped"] = skipped, ["connection"] = null, ["operation"] = null, ["request"] = null };
        if (step is ActionStep named)
        {
            planned["connection"] = named.Connection.Id;
            planned["operation"] = named.Operation.Name;
        }
        if (skipped)
        {
            _results[step.Id] = Result("skipped", null);
            return planned;
        }
        switch (step)
        {
            case MapStep map:
                Uses(step, map.Map, values);
                _results[step.Id] = Result("succeeded", map.Map.Evaluate(values));
                break;
            case AwaitStep wait:
                _results[step.Id] = Result("succeeded", new JsonObject { ["outcome"] = "event", ["event"] = SampleOf(wait) });
                _sampled.Add(step.Id);
                break;
            case ActionStep action:
                PlanAction(action, pipeline, values, planned);
                break;
        }
        return planned;
    }

    private void PlanAction(ActionStep step, Pipeline pipeline, Dictionary<string, JsonElement> values, JsonObject planned)
    {
        JsonNode? input = step.With?.Evaluate(values) ?? new JsonObject();
        if (step.With is { } with)
        {
            Uses(step, with, values);
        }
        if (step.Operation.Parts.Count == 0)
        {
            planned["request"] = PlanRequest(step, step.Path, step.Operation, Element(input), pipeline);
        }
        else
        {
            (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? refused) = OperationParts.Of(step.Connection, step.Operation, Element(input));
            _bag.AddRange(refused is null ? [] : [refused]);
            planned["parts"] = new JsonArray([.. parts.Where(p => p.Input is not null).Select(p => (JsonNode)new JsonObject
            {
                ["id"] = p.Part.Id,
                ["operation"] = p.Part.Operation.Name,
                ["request"] = PlanRequest(step, p.Part.PathIn(step.Path), p.Part.Operation, p.Input!.Value, pipeline),
            })]);
        }
        _results[step.Id] = Result("succeeded", JsonNode.Parse(step.Operation.Sample.GetRawText()));
        _sampled.Add(step.Id);
    }

    private JsonObject? PlanRequest(ActionStep step, string path, ConnectorOperation operation, JsonElement input, Pipeline pipeline)
    {
        Preparation prepared = client.PrepareOffline(step.Connection, operation, input, EffectKey.Of(EventId, pipeline.Id, path, 0));
        if (prepared.Problem is { } problem)
        {
            _bag.AddRange([problem]);
            return null;
        }
        if (operation.Reads.Count > 0)
        {
            Note("plan_sample_reads", $"Step '{step.Id}' reads {string.Join(", ", operation.Reads.Select(r => $"'{r.Id}'"))} first; the plan uses the connector's samples of these answers.");
        }
        return Request(FrozenRequest.FromBytes(prepared.Frozen!));
    }

    /// <summary>Says which sample outputs a mapping depends on, by taking each away and looking whether the result changes.</summary>
    private void Uses(Step step, CompiledMapping mapping, Dictionary<string, JsonElement> values)
    {
        string? whole = mapping.Evaluate(values)?.ToJsonString();
        foreach (string id in _sampled)
        {
            JsonObject without = _results.DeepClone().AsObject();
            without[id] = Result("succeeded", null);
            var changed = new Dictionary<string, JsonElement>(values) { ["steps"] = Element(without) };
            bool depends;
            try
            {
                depends = mapping.Evaluate(changed)?.ToJsonString() != whole;
            }
            catch (MappingException)
            {
                // It cannot do without the output: that is the answer.
                depends = true;
            }
            if (depends)
            {
                Note("plan_sample_output", $"Step '{step.Id}' needs the answer of step '{id}'; the plan uses the sample output of its operation.");
            }
        }
    }

    private JsonNode? SampleOf(AwaitStep wait)
    {
        (Connection connection, string type) = wait.Events[0];
        ConnectorEvent awaited = connection.Connector.Events[type];
        if (awaited.Samples.Count == 0)
        {
            return null;
        }
        Note("plan_sample_event", $"Await '{wait.Id}' would wait; the plan goes on with the sample of '{type}' in '{awaited.Samples[0].File}'.");
        return JsonNode.Parse(receiver.Canonical(connection, type, EventId, awaited.Samples[0].Body, awaited.Enrich?.Sample).GetRawText());
    }

    private static JsonObject Request(FrozenRequest request)
    {
        var headers = new JsonObject();
        foreach (KeyValuePair<string, string> header in request.Headers)
        {
            headers[header.Key] = header.Value;
        }
        return new JsonObject
        {
            ["method"] = request.Method,
            ["url"] = request.Url,
            ["headers"] = headers,
            ["body"] = request.Body.Length == 0 ? null : Body(request.Body),
        };
    }

    private static JsonNode? Body(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // Not JSON, so it is shown as the text it is.
            return System.Text.Encoding.UTF8.GetString(body);
        }
    }

    private static Dictionary<string, JsonElement> Values(Pipeline pipeline, JsonElement canonical, DateTimeOffset now) => new()
    {
        ["event"] = canonical,
        ["lookups"] = pipeline.Lookups,
        ["now"] = RunProgress.Instant(now),
        ["steps"] = Element(new JsonObject()),
    };

    private static JsonObject Result(string status, JsonNode? output) => new() { ["status"] = status, ["output"] = output, ["error"] = null };

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node, RunJson.Default.JsonNode);

    private void Note(string code, string summary) =>
        _bag.AddRange([new Diagnostic(code, DiagnosticSeverity.Information, summary, "", null, null, null, DiagnosticFault.Author)]);
}

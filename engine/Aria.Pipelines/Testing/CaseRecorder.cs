using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Testing;

/// <summary>Makes a case of a real run: what came in, what the targets answered, how long it waited. Personal data are replaced. What it expects is written by playing it.</summary>
internal sealed class CaseRecorder
{
    private readonly Pipeline _pipeline;
    private readonly RunDetail _run;
    private readonly CaseNames _names;
    private readonly JsonArray _answers = [];

    private CaseRecorder(RunDetail run, Pipeline pipeline)
    {
        _run = run;
        _pipeline = pipeline;
        _names = new CaseNames(pipeline);
        _names.Set(run.Event.Id);
    }

    /// <summary>Records a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pipeline">The definition it ran with.</param>
    /// <returns>The case without <c>expect</c>; null when the body of its event is not JSON, or its schedule is no longer in the pipeline.</returns>
    public static JsonObject? Record(RunDetail run, Pipeline pipeline) => new CaseRecorder(run, pipeline).Record();

    private JsonObject? Record()
    {
        if (Started() is not { } started)
        {
            return null;
        }
        foreach (EffectRecord effect in _run.Effects)
        {
            Answers(effect);
        }
        var recorded = new JsonObject
        {
            ["description"] = $"Recorded from a run that ended as {JsonNamingPolicy.SnakeCaseLower.ConvertName(_run.Run.State.ToString())}{(_run.Run.Code is { } code ? $": {code}" : "")}",
            ["at"] = At(),
            ["event"] = started,
            ["answers"] = _answers,
            ["then"] = Then(),
        };
        return PersonalData.Replaced((JsonObject)_names.ToNames(recorded)!, Seen());
    }

    /// <summary>The event as the pipeline saw it; null when the run ended before.</summary>
    private JsonNode? Seen() => _run.Steps.FirstOrDefault(s => s.Path == StepExecutor.EventPath)?.Output is { } seen ? JsonNode.Parse(seen) : null;

    /// <summary>A schedule is played from its time on, however late the host saw it.</summary>
    private string At() => _run.Event.Type == ScheduleTrigger.EventType
        ? JsonNode.Parse(_run.Event.Body)!["scheduled_at"]!.GetValue<string>()
        : _run.Event.ReceivedUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private JsonObject? Started()
    {
        if (_run.Event.Type == ManualTrigger.EventType)
        {
            return new JsonObject { ["manual"] = JsonNode.Parse(_run.Event.Body)!["subject"]!.GetValue<string>() };
        }
        if (_run.Event.Type == ScheduleTrigger.EventType)
        {
            return Fired(JsonNode.Parse(_run.Event.Body)!);
        }
        StrictJson body = StrictJson.Read(_run.Event.Body);
        return body.Code is null ? Come(Alias(_run.Event.Connection), _run.Event.Type, ConnectorJson.ToNode(body.Root)) : null;
    }

    /// <summary>The schedule whose time it was; null when the pipeline does not have it any more.</summary>
    private JsonObject? Fired(JsonNode body)
    {
        DateTimeOffset due = DateTimeOffset.Parse(body["scheduled_at"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        if (_pipeline.Schedules.FirstOrDefault(s => s.Next(due.AddTicks(-1)) == due) is not { } schedule)
        {
            return null;
        }
        int missed = body["missed"]!.GetValue<int>();
        return missed > 0 ? new JsonObject { ["schedule"] = schedule.Name, ["missed"] = missed } : new JsonObject { ["schedule"] = schedule.Name };
    }

    private JsonObject Come(string alias, string type, JsonNode? body)
    {
        var come = new JsonObject { ["from"] = alias };
        if (_pipeline.Connections[alias].Connector.Events.GetValueOrDefault(type) is { } asked && !asked.IsPushedTo(_pipeline.Connections[alias]))
        {
            come["polled"] = type;
        }
        come["body"] = body;
        return come;
    }

    private void Answers(EffectRecord effect)
    {
        (Connection Connection, ConnectorOperation Operation)? used = Used(effect);
        if (used is not var (connection, operation))
        {
            return;
        }
        FrozenRequest frozen = FrozenRequest.FromBytes(effect.Request);
        Dictionary<string, JsonElement> values = new()
        {
            ["input"] = OperationInput.WithoutNulls(operation.InputSchema, JsonElement.Parse(effect.Input)),
            ["settings"] = connection.Settings,
            ["effect"] = ConnectorJson.ToElement(new JsonObject { ["key"] = effect.IdempotencyKey }),
            ["reads"] = frozen.Reads,
        };
        foreach (ConnectorRead read in operation.Reads.Where(r => frozen.Reads.TryGetProperty(r.Id, out _) && PrerequisiteReads.IsWanted(r, values)))
        {
            Read(connection, read, values, frozen.Reads.GetProperty(read.Id));
        }
        foreach (AttemptRecord attempt in _run.Attempts.Where(a => a.EffectId == effect.Id && frozen.Method.Length > 0))
        {
            if (attempt.Phase == "send")
            {
                Add(CaseTarget.Of(_pipeline, connection, frozen.Method, frozen.Url), attempt);
            }
            else if (attempt.Phase == "lookup" && operation.Lookup is { } lookup)
            {
                Add(CaseTarget.Of(_pipeline, connection, lookup.Request.Method, RequestBuilder.Build(connection, lookup.Request, values).Url.AbsoluteUri), attempt);
            }
        }
    }

    private void Read(Connection connection, ConnectorRead read, Dictionary<string, JsonElement> values, JsonElement given)
    {
        string to = CaseTarget.Of(_pipeline, connection, read.Request.Method, RequestBuilder.Build(connection, read.Request, values).Url.AbsoluteUri).ToString();
        if (_answers.All(a => a!["to"]!.GetValue<string>() != to || a["read"]?.GetValue<string>() != read.Id))
        {
            // A cached answer serves several requests, or none.
            _answers.Add(new JsonObject { ["to"] = to, ["times"] = "any", ["read"] = read.Id, ["value"] = ConnectorJson.ToNode(given) });
        }
    }

    private void Add(CaseTarget target, AttemptRecord attempt)
    {
        var answer = new JsonObject { ["to"] = target.ToString() };
        if (attempt.Response is null)
        {
            answer[attempt.Outcome == "not_sent" ? "unreachable" : "lost"] = true;
            _answers.Add(answer);
            return;
        }
        JsonElement response = JsonElement.Parse(attempt.Response);
        if (response.TryGetProperty("bodyLength", out _))
        {
            // Only its beginning was kept, so the sample of the operation has to stand for it.
            return;
        }
        answer["status"] = response.GetProperty("status").GetInt32();
        if (response.GetProperty("headers").TryGetProperty("retry-after", out JsonElement later))
        {
            answer["headers"] = new JsonObject { ["Retry-After"] = later.GetString() };
        }
        string text = response.GetProperty("body").GetString() ?? "";
        if (text.Length > 0)
        {
            StrictJson body = StrictJson.Read(Encoding.UTF8.GetBytes(text));
            answer["body"] = body.Code is null ? ConnectorJson.ToNode(body.Root) : text;
        }
        _answers.Add(answer);
    }

    /// <summary>The waits of the run that have ended.</summary>
    private JsonArray Then()
    {
        var moments = new JsonArray();
        Step[] steps = [.. PipelineSteps.All(_pipeline)];
        foreach (AwaitStep wait in steps.OfType<AwaitStep>())
        {
            StepRecord? record = _run.Steps.FirstOrDefault(s => s.Path == wait.Path);
            JsonNode? output = record?.Output is { } bytes ? JsonNode.Parse(bytes) : null;
            if (record is null || record.State is StepState.Started or StepState.Skipped)
            {
                continue;
            }
            if (output?["event"] is not JsonObject came)
            {
                moments.Add(new JsonObject { ["after"] = Words(wait.Timeout) });
                continue;
            }
            TimeSpan waited = Waited(steps, wait, record);
            if (waited >= TimeSpan.FromSeconds(1))
            {
                moments.Add(new JsonObject { ["after"] = Words(waited) });
            }
            string type = came["type"]!.GetValue<string>();
            moments.Add(new JsonObject { ["event"] = Come(Alias(wait.Events.First(e => e.EventType == type).Connection.Id), type, came["raw"]?.DeepClone()) });
        }
        return moments;
    }

    /// <summary>How long a wait lasted, as the steps around it tell: it begins when the one before has begun, and the one behind begins when it ends.</summary>
    private TimeSpan Waited(Step[] steps, AwaitStep wait, StepRecord record)
    {
        int at = Array.IndexOf(steps, wait);
        DateTimeOffset[] before = [_run.Event.ReceivedUtc, .. Starts(steps[..at])];
        DateTimeOffset[] after = [.. Starts(steps[(at + 1)..])];
        return (after.Length > 0 ? after.Min() : record.StartedUtc) - before.Max();
    }

    private IEnumerable<DateTimeOffset> Starts(IEnumerable<Step> steps) =>
        steps.Select(step => _run.Steps.FirstOrDefault(s => s.Path == step.Path)).OfType<StepRecord>().Select(s => s.StartedUtc);

    private (Connection Connection, ConnectorOperation Operation)? Used(EffectRecord effect)
    {
        Connection? connection = _pipeline.Connections.Values.FirstOrDefault(c => c.Id == effect.Connection);
        return connection is not null && Operation(connection.Connector, effect.Operation) is { } operation ? (connection, operation) : null;
    }

    /// <summary>An operation, or the reads that complete an event, which are kept as one.</summary>
    private static ConnectorOperation? Operation(Connector connector, string name) =>
        connector.Operations.GetValueOrDefault(name) ?? connector.Events.Values.Select(e => e.Enrich).FirstOrDefault(e => e?.Name == name);

    private string Alias(string connection) => _pipeline.Connections.First(c => c.Value.Id == connection).Key;

    private static string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => $"{(long)time.TotalSeconds}s",
        { TotalMinutes: < 120 } => $"{(long)time.TotalMinutes}m",
        { TotalHours: < 48 } => $"{(long)time.TotalHours}h",
        _ => $"{(long)time.TotalDays}d",
    };
}

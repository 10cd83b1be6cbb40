using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>A file to write beside a new pipeline.</summary>
/// <param name="Name">Its name inside the folder of cases.</param>
/// <param name="Bytes">What it holds.</param>
internal sealed record ScaffoldedFile(string Name, byte[] Bytes);

/// <summary>
/// Writes the cases of a new pipeline, made of the connectors' samples: one for every way that a run can take. They say how the run
/// ends; what is requested is written by playing them.
/// </summary>
internal sealed class CaseScaffold(PipelineRequest request, Connection ats, Connection aria, IWebhookReceiver receiver, string schema)
{
    private const string Read = "application.get";

    // What makes two events the same invitation, and what lets both through the trigger.
    private static readonly string[] Identity = ["application.id", "application.stage.name", "candidate.email_canonical", "job.id"];

    private readonly List<ScaffoldedFile> _files = [];
    private readonly List<string> _leftOut = [];

    // Why the last case could not be made.
    private string _why = "";

    /// <summary>Ways that no sample of the connector can be made to take, in words.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Leaves a case out that was written and, when it is played, is not another event.</summary>
    /// <param name="name">The case.</param>
    /// <param name="description">What it says of itself.</param>
    /// <param name="why">What stands in the way.</param>
    public void LeaveOut(string name, string description, string why) =>
        _leftOut.Add($"No sample of '{ats.Connector.Name}' can be made into a case '{name}' ({description}): {why}. Write it by hand, with what the system really sends and answers.");

    /// <summary>All cases, and the deliveries they name.</summary>
    public IReadOnlyList<ScaffoldedFile> Files()
    {
        foreach (PipelineTrigger trigger in request.Triggers)
        {
            string name = trigger == request.Triggers[0] ? "completed" : $"completed-{trigger.ToString().ToLowerInvariant()}";
            Case(name, "The candidate takes the interview: its result is written back", Caught(trigger, name), "succeeded", "1d", "interview.completed", null);
        }
        PipelineTrigger first = request.Triggers[0];
        Case("no-show", "ARIA reports that the candidate did not come", Caught(first, "no-show"), "succeeded", "3d", "interview.no_show", Answered("no_show"));
        Case("timed-out", "Nothing is heard for two weeks and the invitation has expired: a no-show", Caught(first, "timed-out"), "succeeded", "14d", null, Answered("expired"));
        Case("still-waiting", "After 13 days there is still time", Caught(first, "still-waiting"), "waiting", "13d", null, null);
        Case("aria-refuses", "ARIA refuses the invitation: nothing is tried again", Caught(first, "aria-refuses"), "dead", null, null, Refused());
        Again(first);
        if (request.Stage is { } stage && request.Triggers.Contains(PipelineTrigger.Stage))
        {
            Case("other-stage", "A move to another stage is not for this pipeline", Moved("other-stage", $"{stage} (another)"), "skipped", null, null, null);
        }
        if (request.Jobs.Count > 0)
        {
            Case("outside-rollout", "Another requisition: not processed yet", Outside(first), "skipped", null, null, null);
        }
        return _files;
    }

    /// <summary>An event that the pipeline processes.</summary>
    private Started? Caught(PipelineTrigger trigger, string name, params ReadOnlySpan<(string Path, string Value)> more)
    {
        if (PipelineScaffold.EventOf(trigger) is not { } type)
        {
            return Picked(request.Jobs.Count > 0 ? request.Jobs[0] : null);
        }
        var wanted = new List<(string Path, string Value)>();
        if (trigger == PipelineTrigger.Stage && request.Stage is { } stage)
        {
            wanted.Add(("application.stage.name", stage));
        }
        if (request.Jobs.Count > 0)
        {
            wanted.Add(("job.id", request.Jobs[0]));
        }
        return Delivered(type, name, [.. wanted, .. more]);
    }

    private Started? Moved(string name, string stage) => Delivered("application.stage_changed", name, [("application.stage.name", stage)]);

    private Started? Outside(PipelineTrigger trigger)
    {
        string other = request.Jobs[^1] + "9";
        return PipelineScaffold.EventOf(trigger) is not { } type ? Picked(other)
            : trigger == PipelineTrigger.Stage && request.Stage is { } stage ? Delivered(type, "outside-rollout", [("application.stage.name", stage), ("job.id", other)])
            : Delivered(type, "outside-rollout", [("job.id", other)]);
    }

    /// <summary>The same person and job, in another application.</summary>
    private void Again(PipelineTrigger trigger)
    {
        Started? before = Caught(trigger, "already-invited-before");
        Started? again = before;
        if (PipelineScaffold.EventOf(trigger) is { } type && before is not null)
        {
            var change = new SampleChange(ats, receiver, type);
            string? id = change.Find(change.Sample(), "application.id");
            _why = $"the event of the sample of '{type}' has no application.id";
            again = id is null ? null : Caught(trigger, "already-invited", ("application.id", long.TryParse(id, CultureInfo.InvariantCulture, out long number) ? $"{number + 1}" : id + "2"));
        }
        Case("already-invited", "The same person for the same job again: one invitation", again, "skipped", null, null, null, before);
    }

    private Started? Delivered(string type, string name, IReadOnlyList<(string Path, string Value)> wanted)
    {
        var change = new SampleChange(ats, receiver, type);
        SampleArrival sample = change.Sample();
        if (change.With(sample, wanted) is not { } arrival)
        {
            (string path, string value) = wanted.Where((_, i) => change.With(sample, [.. wanted.Take(i + 1)]) is null).First();
            _why = $"nothing in the sample of '{type}', or in the samples of its reads, can be changed so that the event has '{value}' for {path}";
            return null;
        }
        if (wanted.Any(w => w.Path == "application.id"))
        {
            if (change.Anew(arrival, sample, Identity) is not { } another)
            {
                _why = $"the sample of '{type}' with another application would be taken for the same event, and no value of it makes it another one";
                return null;
            }
            arrival = another;
        }
        byte[] body = arrival.Body;
        IReadOnlyList<JsonObject> answers = Answers(change, type, arrival);
        var happened = new JsonObject { ["from"] = "ats" };
        if (body.AsSpan().SequenceEqual(sample.Body))
        {
            happened["sample"] = type;
            return new Started(happened, answers);
        }
        if (Patch(sample.Body, body) is { } patch)
        {
            happened["sample"] = type;
            happened["merge"] = patch;
            return new Started(happened, answers);
        }
        string file = $"events/{name}{Path.GetExtension(ats.Connector.Events[type].Samples[0].File)}";
        if (_files.FirstOrDefault(f => f.Bytes.AsSpan().SequenceEqual(body)) is { } same)
        {
            file = same.Name;
        }
        else
        {
            _files.Add(new ScaffoldedFile(file, body));
        }
        happened["file"] = file;
        if (!ats.Connector.Events[type].IsPushedTo(ats))
        {
            happened["polled"] = type;
        }
        return new Started(happened, answers);
    }

    /// <summary>Answers to the reads that complete an event, where the samples of the connector would say something else.</summary>
    private List<JsonObject> Answers(SampleChange change, string type, SampleArrival arrival)
    {
        var answers = new List<JsonObject>();
        if (arrival.Reads is not { } reads || ats.Connector.Events[type].Enrich is not { } enrich)
        {
            return answers;
        }
        Dictionary<string, JsonElement> values = change.Values(arrival.Body)!;
        JsonElement samples = PrerequisiteReads.Samples(enrich, values);
        var changed = new Dictionary<string, JsonElement>(values) { ["reads"] = reads };
        values["reads"] = samples;
        foreach (ConnectorRead read in enrich.Reads.Where(r => reads.GetProperty(r.Id).ValueKind != JsonValueKind.Null))
        {
            JsonElement given = reads.GetProperty(read.Id);
            string url = RequestBuilder.Build(ats, read.Request, changed).Url.AbsoluteUri;
            if (samples.GetProperty(read.Id).ValueKind != JsonValueKind.Null && JsonElement.DeepEquals(given, samples.GetProperty(read.Id)) && RequestBuilder.Build(ats, read.Request, values).Url.AbsoluteUri == url)
            {
                continue;
            }
            // A key of the account may follow in the query.
            string to = CaseTarget.Of("ats", ats, read.Request.Method, url).ToString();
            answers.Add(new JsonObject { ["to"] = to.Contains('?', StringComparison.Ordinal) ? to + "*" : to, ["times"] = "any", ["read"] = read.Id, ["value"] = ConnectorJson.ToNode(given) });
        }
        return answers;
    }

    /// <summary>A recruiter's request; with a job, the answers of the reads that say so.</summary>
    private Started? Picked(string? job)
    {
        ConnectorOperation get = ats.Connector.Operations[Read];
        string id = Member(get.Sample, "application") ?? "1";
        var happened = new JsonObject { ["manual"] = id };
        if (job is null)
        {
            return new Started(happened, []);
        }
        if (Member(get.Sample, "job") is not { } now)
        {
            _why = $"the sample of '{Read}' has no job.id";
            return null;
        }
        var values = new Dictionary<string, JsonElement>
        {
            ["input"] = ConnectorJson.ToElement(new JsonObject { ["application_id"] = id }),
            ["settings"] = ats.Settings,
            ["effect"] = ConnectorJson.ToElement(new JsonObject { ["key"] = "" }),
        };
        values["reads"] = PrerequisiteReads.Samples(get, values);
        var answers = new List<JsonObject>();
        foreach (ConnectorRead read in get.Reads)
        {
            byte[] changed = SampleChange.Candidates(ConnectorJson.RawBytes(read.Sample), now, job).Last();
            if (JsonNode.DeepEquals(JsonNode.Parse(changed), ConnectorJson.ToNode(read.Sample)))
            {
                continue;
            }
            string path = RequestBuilder.Build(ats, read.Request, values).Url.AbsolutePath;
            // The path of the base URL belongs to the account.
            answers.Add(new JsonObject { ["to"] = $"ats {read.Request.Method} /{path.Split('/')[^1]}", ["times"] = "any", ["read"] = read.Id, ["value"] = JsonNode.Parse(changed) });
        }
        _why = $"the job of the sample of '{Read}' stands in none of the samples of its reads";
        return answers.Count == 0 ? null : new Started(happened, answers);
    }

    private void Case(string name, string description, Started? started, string state, string? after, string? heard, JsonObject? answer, Started? before = null)
    {
        if (started is null)
        {
            LeaveOut(name, description, _why);
            return;
        }
        var written = new JsonObject { ["$schema"] = schema, ["description"] = description };
        if (before is not null)
        {
            written["given"] = new JsonArray(new JsonObject { ["event"] = before.Event.DeepClone() }, new JsonObject { ["after"] = "2h" });
        }
        written["event"] = started.Event.DeepClone();
        IEnumerable<JsonObject> asked = (before?.Answers ?? []).Concat(started.Answers).DistinctBy(a => a.ToJsonString());
        JsonNode[] answers = [.. asked.Select(a => a.DeepClone()), .. answer is null ? Array.Empty<JsonNode>() : [answer]];
        if (answers.Length > 0)
        {
            written["answers"] = new JsonArray(answers);
        }
        JsonNode[] then = [.. after is null ? Array.Empty<JsonNode>() : [new JsonObject { ["after"] = after }], .. heard is null ? Array.Empty<JsonNode>() : [new JsonObject { ["event"] = new JsonObject { ["from"] = "aria", ["sample"] = heard } }]];
        if (then.Length > 0)
        {
            written["then"] = new JsonArray(then);
        }
        written["expect"] = new JsonObject { ["state"] = state };
        _files.Add(new ScaffoldedFile($"{name}.json", Encoding.UTF8.GetBytes(CaseLayout.Pretty(written, 0, 0) + "\n")));
    }

    private JsonObject Answered(string status)
    {
        string interview = aria.Connector.Operations["interview.create"].Sample.GetProperty("interview_id").GetString()!;
        return new JsonObject { ["to"] = $"aria GET /interviews/{interview}", ["body"] = new JsonObject { ["interview_id"] = interview, ["status"] = status } };
    }

    private static JsonObject Refused() => new()
    {
        ["to"] = "aria POST /interviews",
        ["status"] = 422,
        ["body"] = new JsonObject { ["error"] = new JsonObject { ["message"] = "Unknown interview kit" } },
    };

    /// <summary>What turns one JSON text into the other (RFC 7386); null when they are not both objects.</summary>
    private static JsonObject? Patch(byte[] from, byte[] to)
    {
        try
        {
            return JsonNode.Parse(from) is JsonObject before && JsonNode.Parse(to) is JsonObject after ? Patch(before, after) : null;
        }
        catch (JsonException)
        {
            // Not JSON: there is nothing that a patch could say.
            return null;
        }
    }

    private static JsonObject Patch(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach ((string name, JsonNode? value) in to.Where(m => !JsonNode.DeepEquals(from[m.Key], m.Value)))
        {
            patch[name] = from[name] is JsonObject before && value is JsonObject after ? Patch(before, after) : value?.DeepClone();
        }
        return patch;
    }

    private static string? Member(JsonElement sample, string noun) =>
        sample.TryGetProperty(noun, out JsonElement found) && found.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private sealed record Started(JsonObject Event, IReadOnlyList<JsonObject> Answers);
}

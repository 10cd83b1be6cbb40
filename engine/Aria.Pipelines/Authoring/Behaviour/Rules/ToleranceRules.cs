using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A rule about samples that are JSON, changed a little.</summary>
internal abstract class ChangedSampleRule(string id, string title) : BehaviourRule(id, title)
{
    public sealed override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        bool isJson = subject.Connector.Webhook is not { DecodedByCode: true };
        return SampleEvents.Of(subject).Where(s => s.Good.Any() && (isJson || s.Definition.IsPolled) && IsMapped(subject, s)).SelectMany(s => Check(subject, s));
    }

    protected abstract IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SampleEvents sample);

    /// <summary>A sample that fails as it is tells nothing about changes to it; the rule about samples finds it.</summary>
    private static bool IsMapped(ConnectorSubject subject, SampleEvents sample)
    {
        try
        {
            _ = Canonical(subject, sample, JsonNode.Parse(sample.Sample.Body)!);
            return true;
        }
        catch (MappingException)
        {
            return false;
        }
    }

    /// <summary>The canonical form of a changed body, without the vendor's payload; null when it is quarantined or another event.</summary>
    /// <exception cref="MappingException">The connector's mapping failed.</exception>
    protected static JsonObject? Canonical(ConnectorSubject subject, SampleEvents sample, JsonNode body)
    {
        DecodedEvent? decoded = subject.Decode(sample.Definition, JsonSerializer.SerializeToUtf8Bytes(body, BehaviourJson.Default.JsonNode)).FirstOrDefault(d => d.QuarantineCode is null && d.Type == sample.Definition.Type);
        if (decoded is null)
        {
            return null;
        }
        JsonObject canonical = JsonNode.Parse(subject.Canonical(sample.Definition, decoded).GetRawText())!.AsObject();
        canonical.Remove("raw");
        return canonical;
    }

    /// <summary>Pointers to everything below a value.</summary>
    protected static IEnumerable<(JsonNode Owner, string Name, string Pointer)> Members(JsonNode node, string at = "") => node switch
    {
        JsonObject members => members.ToArray().SelectMany(m => Self(members, m.Key, $"{at}/{m.Key}").Concat(m.Value is null ? [] : Members(m.Value, $"{at}/{m.Key}"))),
        JsonArray items => items.ToArray().SelectMany((item, i) => item is null ? [] : Members(item, $"{at}/{i}")),
        _ => [],
    };

    private static IEnumerable<(JsonNode Owner, string Name, string Pointer)> Self(JsonObject owner, string name, string pointer) => [(owner, name, pointer)];
}

/// <summary>Vendors leave out what they do not know.</summary>
internal sealed class NullsRule() : ChangedSampleRule("CB20", "A member that is null or missing makes the canonical value null, or the event quarantined; never a failure.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SampleEvents sample)
    {
        JsonNode whole = JsonNode.Parse(sample.Sample.Body)!;
        foreach (string pointer in Members(whole).Select(m => m.Pointer).ToArray())
        {
            foreach (bool isRemoved in (bool[])[false, true])
            {
                JsonNode changed = whole.DeepClone();
                (JsonNode owner, string name, _) = Members(changed).First(m => m.Pointer == pointer);
                if (isRemoved)
                {
                    owner.AsObject().Remove(name);
                }
                else
                {
                    owner[name] = null;
                }
                if (Failure(subject, sample, changed) is { } failure)
                {
                    yield return Found(subject.At("events", sample.Definition.Type, "canonical"), $"With '{pointer}' of '{sample.Sample.File}' {(isRemoved ? "missing" : "null")}, {failure}", "Read what may be absent with ?. and ??, and give null.");
                    break;
                }
            }
        }
    }

    private static string? Failure(ConnectorSubject subject, SampleEvents sample, JsonNode changed)
    {
        try
        {
            if (Canonical(subject, sample, changed) is { } canonical && sample.Definition.Type.StartsWith("application.", StringComparison.Ordinal))
            {
                canonical["raw"] = null;
                return RecruitingShapes.ApplicationEvent.Validate(JsonElement.Parse(canonical.ToJsonString())) is [{ } wrong, ..] ? $"the event is not canonical at '{wrong.InstancePointer}'. {wrong.Message}" : null;
            }
            return null;
        }
        catch (MappingException e)
        {
            return $"the mapping fails: {e.Message}";
        }
    }
}

/// <summary>Vendors add members without saying so.</summary>
internal sealed class UnknownMembersRule() : ChangedSampleRule("CB21", "Members that nobody knows change nothing.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SampleEvents sample)
    {
        JsonNode changed = JsonNode.Parse(sample.Sample.Body)!;
        // Where headers belong to the event, the outer object is ours.
        JsonNode vendors = subject.Connector.Webhook is { Headers.Count: > 0 } && !sample.Definition.IsPolled ? changed["body"] ?? changed : changed;
        foreach (JsonObject owner in Members(vendors).Select(m => m.Owner).OfType<JsonObject>().Distinct().ToArray())
        {
            owner["x_added_later"] = new JsonObject { ["by"] = "the vendor" };
        }
        string? failure;
        try
        {
            JsonObject? before = Canonical(subject, sample, JsonNode.Parse(sample.Sample.Body)!);
            failure = JsonNode.DeepEquals(before, Canonical(subject, sample, changed)) ? null : "the event is another one";
        }
        catch (MappingException e)
        {
            failure = $"the mapping fails: {e.Message}";
        }
        if (failure is not null)
        {
            yield return Found(subject.At("events", sample.Definition.Type, "canonical"), $"With further members in '{sample.Sample.File}', {failure}.", "Read the members by name, and no others.");
        }
    }
}

/// <summary>People have all kinds of names.</summary>
internal sealed class UnicodeRule() : ChangedSampleRule("CB22", "Names reach pipelines as they are written.")
{
    private const string Name = "Zoë {{ 7*7 }} O'Néill 李小龙 עדי 😀 \"q\" </b>";

    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SampleEvents sample)
    {
        JsonObject before = Canonical(subject, sample, JsonNode.Parse(sample.Sample.Body)!)!;
        if (before["candidate"]?["first_name"]?.GetValue<string>() is not { Length: > 1 } first)
        {
            yield break;
        }
        JsonNode changed = JsonNode.Parse(sample.Sample.Body)!;
        bool isInSample = false;
        foreach ((JsonNode owner, string name, _) in Members(changed).ToArray())
        {
            if (owner[name] is JsonValue value && value.TryGetValue(out string? text) && string.Equals(text, first, StringComparison.OrdinalIgnoreCase))
            {
                owner[name] = Name;
                isInSample = true;
            }
        }
        if (isInSample && Canonical(subject, sample, changed)?["candidate"]?["first_name"]?.GetValue<string>() != Name)
        {
            yield return Found(subject.At("events", sample.Definition.Type, "canonical"), $"A first name in '{sample.Sample.File}' does not reach pipelines as it is written.", "Give it as it comes; trimming and changing of case are for the pipeline.");
        }
    }
}

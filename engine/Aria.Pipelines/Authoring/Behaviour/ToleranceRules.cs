using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>What a vendor may send one day: members that nobody knows, members that are null or absent, names of all the world.</summary>
internal static class ToleranceRules
{
    private const string Unknown = "aria_behaviour_unknown";
    private const string Text = "Zo\u00eb \u201cO'Neil\u201d \u674e\u5c0f\u9f99 \ud83c\udf88 {{ 7 * 7 }} <b>&amp; \\ \u05e9";

    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new("CB22", "members that are not known change nothing", "Pick the members that are known; do not copy or count whole objects.", SampleRules.NoSamples, UnknownMembers),
        new("CB23", "an optional member that is null or absent is null in the canonical form, and nothing fails", "Ask for it with '?.' and '?? null' (JavaScript), or '?.' (templates).", SampleRules.NoSamples, MissingMembers),
        new("CB24", "names of all the world pass unchanged", "Copy texts as they are; what looks like a template in data is data.", SampleRules.NoSamples, Texts),
        new("CB25", "application.get bears members of its reads that are null, absent or unknown", "The same as for events.", NoReads, Reads),
    ];

    private static IEnumerable<BehaviourProblem> UnknownMembers(TestedConnector tested)
    {
        foreach (SampledEvent sampled in Sound(tested))
        {
            JsonNode payload = Payload(sampled);
            if (IsAsSent(tested, sampled.Event))
            {
                JsonSpots.AddEverywhere(payload, Unknown);
            }
            JsonNode? reads = sampled.Event.Enrich?.Sample is { } sample ? ConnectorJson.ToNode(sample) : null;
            foreach (string read in AsAnswered(tested, sampled.Event))
            {
                JsonSpots.AddEverywhere(reads![read], Unknown);
            }
            if (sampled.Misfits(tested, payload, Element(reads)).FirstOrDefault() is { } misfit)
            {
                yield return Problem(tested, sampled, $"With unknown members in every object: {misfit}");
            }
            else if (!JsonElement.DeepEquals(Bare(sampled.Canonical(tested)), Bare(sampled.Canonical(tested, payload, Element(reads)))))
            {
                yield return Problem(tested, sampled, "Unknown members in the payload change the canonical form.");
            }
        }
    }

    private static IEnumerable<BehaviourProblem> MissingMembers(TestedConnector tested)
    {
        foreach (SampledEvent sampled in Sound(tested))
        {
            JsonNode whole = Payload(sampled);
            string? identity = sampled.Identity(tested, whole);
            foreach (string pointer in IsAsSent(tested, sampled.Event) ? JsonSpots.Leaves(whole) : [])
            {
                foreach (bool absent in new[] { false, true })
                {
                    JsonNode changed = JsonSpots.Without(whole, pointer, absent);
                    // Nobody can do without the ids that say whose it is, or the word for what it is.
                    if (sampled.Identity(tested, changed) == identity && sampled.Misfits(tested, changed).FirstOrDefault() is { } misfit)
                    {
                        yield return Problem(tested, sampled, $"When '{pointer}' is {(absent ? "absent" : "null")}: {misfit}");
                    }
                }
            }
            foreach (BehaviourProblem problem in MissingInReads(tested, sampled))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<BehaviourProblem> MissingInReads(TestedConnector tested, SampledEvent sampled)
    {
        if (sampled.Event.Enrich?.Sample is not { } sample || ConnectorJson.ToNode(sample) is not { } reads)
        {
            yield break;
        }
        foreach (string pointer in AsAnswered(tested, sampled.Event).SelectMany(r => JsonSpots.Leaves(reads[r], $"/{r}")).Where(JsonSpots.IsNoId))
        {
            foreach (bool absent in new[] { false, true })
            {
                if (sampled.Misfits(tested, null, Element(JsonSpots.Without(reads, pointer, absent))).FirstOrDefault() is { } misfit)
                {
                    yield return Problem(tested, sampled, $"When '{pointer}' of its reads is {(absent ? "absent" : "null")}: {misfit}");
                }
            }
        }
    }

    private static IEnumerable<BehaviourProblem> Texts(TestedConnector tested)
    {
        foreach (SampledEvent sampled in Sound(tested))
        {
            JsonElement canonical = sampled.Canonical(tested);
            foreach (string[] member in new[] { new[] { "candidate", "first_name" }, ["candidate", "last_name"], ["job", "title"] })
            {
                if (At(canonical, member) is not { } value)
                {
                    continue;
                }
                JsonNode payload = Payload(sampled);
                JsonNode? reads = sampled.Event.Enrich?.Sample is { } sample ? ConnectorJson.ToNode(sample) : null;
                if (!JsonSpots.Replace(payload, value, Text) & !(reads is not null && JsonSpots.Replace(reads, value, Text)))
                {
                    continue;
                }
                string name = string.Join('.', member);
                string? found = null;
                string? failure = null;
                try
                {
                    found = At(sampled.Canonical(tested, payload, Element(reads)), member);
                }
                catch (MappingException e)
                {
                    failure = e.Diagnostic.ToString();
                }
                if (found != Text)
                {
                    yield return Problem(tested, sampled, $"'{name}' \"{Text}\" becomes {(failure is null ? $"\"{found}\"" : $"a failure: {failure}")}.");
                }
            }
        }
    }

    private static string? NoReads(TestedConnector tested) =>
        Get(tested) is { } get && get.Request is null && !get.PreparedByCode && get.Reads.Count > 0 ? null : "application.get does not consist of reads";

    private static ConnectorOperation? Get(TestedConnector tested) => tested.Connector.Operations.GetValueOrDefault(RecruitingProfile.Operations[0]);

    private static IEnumerable<BehaviourProblem> Reads(TestedConnector tested)
    {
        ConnectorOperation get = Get(tested)!;
        if (SampleInput.Of(tested, get) is not { } input)
        {
            yield break;
        }
        JsonNode reads = ConnectorJson.ToNode(PrerequisiteReads.Samples(get, new Dictionary<string, JsonElement> { ["input"] = input, ["settings"] = tested.Account.Settings }))!;
        string[] answered = [.. get.Reads.Select(r => r.Id).Where(r => reads[r] is not null && tested.IsAsAnswered("operations", get.Name, "reads", r))];
        foreach (string pointer in answered.SelectMany(r => JsonSpots.Leaves(reads[r], $"/{r}")).Where(JsonSpots.IsNoId))
        {
            foreach (bool absent in new[] { false, true })
            {
                if (Misfit(tested, get, JsonSpots.Without(reads, pointer, absent)) is { } misfit)
                {
                    yield return new(tested.At("operations", get.Name, "output"), $"When '{pointer}' of its reads is {(absent ? "absent" : "null")}: {misfit}");
                }
            }
        }
        foreach (string read in answered)
        {
            JsonSpots.AddEverywhere(reads[read], Unknown);
        }
        if (Misfit(tested, get, reads) is { } unknown)
        {
            yield return new(tested.At("operations", get.Name, "output"), $"With unknown members in its reads: {unknown}");
        }
    }

    private static string? Misfit(TestedConnector tested, ConnectorOperation get, JsonNode reads)
    {
        try
        {
            JsonElement output = SampleInput.OutputOfReads(tested, get, Element(reads))!.Value;
            return RecruitingProfile.Misfits(get.Name, output).Select(m => $"'{m.InstancePointer}': {m.Message}").FirstOrDefault()
                ?? (Suspicious.Member(output) is { } member ? $"'{member}' is the text of a value that is not there." : null);
        }
        catch (MappingException e)
        {
            return $"the mapping fails: {e.Diagnostic}";
        }
    }

    /// <summary>False for records that the connector itself makes of the vendor's answer.</summary>
    private static bool IsAsSent(TestedConnector tested, ConnectorEvent found) =>
        (found.PolledWith is { } feed ? tested.Connector.Events[feed] : found).PollFor(tested.Account) is not ({ Records: not null } or { Detail.Value: not null });

    private static IEnumerable<string> AsAnswered(TestedConnector tested, ConnectorEvent found) =>
        found.Enrich is not { } enrich || ConnectorJson.ToNode(enrich.Sample) is not JsonObject reads ? []
            : reads.Where(r => r.Value is not null && tested.IsAsAnswered("events", found.Type, "enrich", r.Key)).Select(r => r.Key);

    /// <summary>Samples whose canonical form is good; the others are reported already.</summary>
    private static IEnumerable<SampledEvent> Sound(TestedConnector tested) => SampledEvent.Good(tested).Where(s => !s.Misfits(tested).Any());

    private static JsonNode Payload(SampledEvent sampled) => JsonNode.Parse(sampled.Decoded!.Body)!;

    private static JsonElement? Element(JsonNode? node) => node is null ? null : ConnectorJson.ToElement(node);

    private static JsonElement Bare(JsonElement canonical) => SampledEvent.WithoutRaw(canonical);

    private static string? At(JsonElement value, string[] members)
    {
        foreach (string member in members)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value))
            {
                return null;
            }
        }
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
    }

    private static BehaviourProblem Problem(TestedConnector tested, SampledEvent sampled, string what) =>
        new(tested.At("events", sampled.Event.Type, "canonical"), $"Sample '{sampled.Sample.File}': {what}");
}

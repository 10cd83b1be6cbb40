using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>One pipeline serves every ATS, because every ATS gives the same shape.</summary>
internal sealed class CanonicalEventRule() : BehaviourRule("CB06", "Events about an application have the canonical shape of the recruiting profile; every event has the one that it declares.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (SampleEvents sample in SampleEvents.Of(subject))
        {
            foreach (var decoded in sample.Good)
            {
                if (Wrong(subject, sample, decoded) is { } wrong)
                {
                    yield return Found(subject.At("events", sample.Definition.Type, "canonical"), wrong, "See 'canonical' in plugins/README.md and schemas/recruiting: every member is there, null when unknown, and ids are strings.");
                }
            }
        }
    }

    private static string? Wrong(ConnectorSubject subject, SampleEvents sample, Connectors.DecodedEvent decoded)
    {
        JsonElement canonical;
        try
        {
            canonical = subject.Canonical(sample.Definition, decoded);
        }
        catch (MappingException e)
        {
            return $"The canonical mapping fails for '{sample.Sample.File}': {e.Message}";
        }
        ISchema?[] schemas = [sample.Definition.Schema, sample.Definition.Type.StartsWith("application.", StringComparison.Ordinal) ? RecruitingShapes.ApplicationEvent : null];
        SchemaFinding? finding = schemas.OfType<ISchema>().SelectMany(s => s.Validate(canonical)).FirstOrDefault();
        return finding is null ? null : $"'{sample.Sample.File}' gives an event that is not canonical at '{finding.InstancePointer}'. {finding.Message}";
    }
}

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A sample that is not its own event would be quarantined, or start nothing.</summary>
internal sealed class DecodesRule() : BehaviourRule("CB03", "Every sample decodes to its event.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (SampleEvents sample in SampleEvents.Of(subject))
        {
            if (sample.Decoded.FirstOrDefault(d => d.QuarantineCode is not null) is { } quarantined)
            {
                yield return Found(sample.Position, $"'{sample.Sample.File}' cannot be decoded: {quarantined.QuarantineCode}.", "Correct the sample, or subject, correlation and type of the event.");
            }
            else if (!sample.Good.Any())
            {
                string others = string.Join(", ", sample.Decoded.Select(d => $"'{d.Type}'").Distinct());
                yield return Found(sample.Position, $"'{sample.Sample.File}' is no '{sample.Definition.Type}' but {(others.Length == 0 ? "nothing" : others)}.", "Correct 'wireType', 'webhook.type', or the sample.");
            }
        }
    }
}

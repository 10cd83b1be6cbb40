namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A sender that is not told that it was heard sends again, or switches the hook off.</summary>
internal sealed class AcknowledgementRule() : BehaviourRule("CB15", "A delivery is acknowledged with a status that a sender takes for success.")
{
    private const int SeeOther = 303;

    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        if (subject.Connector.Webhook is { } webhook && webhook.AckStatus is not (>= 200 and <= 299 or SeeOther))
        {
            yield return Found(subject.At("webhook", "ack"), $"No sender takes {webhook.AckStatus} for success.", "Write the status that the vendor documents.");
        }
        if (subject.Connector.Webhook is null && subject.Connector.Events.Values.FirstOrDefault(e => !e.IsPolled) is { } deaf)
        {
            yield return Found(subject.At("events", deaf.Type), $"The event '{deaf.Type}' can never come: there is no webhook, and nothing asks for it.", "Add \"webhook\", or \"poll\" to the event.");
        }
    }
}

/// <summary>The vendor's test of a hook is no event.</summary>
internal sealed class PingRule() : BehaviourRule("CB16", "What only tests the hook starts no run.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (string ping in subject.Connector.Webhook?.Pings ?? [])
        {
            if (subject.Connector.Events.Values.FirstOrDefault(e => !e.IsPolled && e.WireType == ping) is { } taken)
            {
                yield return Found(subject.At("webhook", "pings"), $"The ping '{ping}' is the event '{taken.Type}' as well.", "Remove it from one of them.");
            }
        }
    }
}

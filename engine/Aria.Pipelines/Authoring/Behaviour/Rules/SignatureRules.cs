using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A rule about deliveries whose signature the definition describes.</summary>
internal abstract class SignatureRule(string id, string title) : BehaviourRule(id, title)
{
    public sealed override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        ConnectorEvent? signed = subject.Connector.Events.Values.FirstOrDefault(e => !e.IsPolled && e.Samples.Count > 0);
        return subject.Connector.Webhook?.Signature is { } signature && signed is not null ? Check(subject, signature, signed.Samples[0].Body) : [];
    }

    protected abstract IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body);

    /// <summary>A finding when a delivery is not treated as it has to be.</summary>
    protected IEnumerable<BehaviourFinding> Demand(ConnectorSubject subject, Delivery delivery, bool accepted, string otherwise, string mend)
    {
        Reception reception = subject.Receive(delivery);
        if (reception.RejectStatus is null != accepted)
        {
            yield return Found(subject.At("webhook", "signature"), $"{otherwise}{(reception.RejectCode is { } code ? $" ({code})" : "")}.", mend);
        }
    }
}

/// <summary>What the system sends is taken.</summary>
internal sealed class GoodSignatureRule() : SignatureRule("CB10", "A delivery with a good signature is taken.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body) =>
        Demand(subject, DeliverySigner.Sign(signature, body, ConnectorSubject.NewSecret, subject.Time.GetUtcNow()), true, "A delivery that is signed as declared is refused", "Compare header, prefix, encoding and parts with the vendor's documentation.");
}

/// <summary>A signature that leaves the body out protects nothing.</summary>
internal sealed class ChangedBodyRule() : SignatureRule("CB11", "A delivery whose body was changed is refused, or nothing of it is used that was not read again.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body)
    {
        if (!signature.Parts.Contains("body"))
        {
            return subject.Connector.Events.Values.Where(e => e is { IsPolled: false, Enrich: null }).Select(e => Found(
                subject.At("events", e.Type),
                $"The signature does not cover the body, and '{e.Type}' is used as it came.",
                "Add \"enrich\": reads that get the data from the system itself."));
        }
        Delivery signed = DeliverySigner.Sign(signature, body, ConnectorSubject.NewSecret, subject.Time.GetUtcNow());
        byte[] changed = [.. body, (byte)' '];
        return Demand(subject, signed with { Body = changed }, false, "A delivery whose body is not the one that was signed is taken", "Let \"parts\" hold \"body\".");
    }
}

/// <summary>Without a signature anybody could be the sender.</summary>
internal sealed class MissingSignatureRule() : SignatureRule("CB12", "A delivery without a signature, or with that of another secret, is refused.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body) =>
        Demand(subject, subject.Delivered(body), false, "A delivery without a signature is taken", "Require the header.")
            .Concat(Demand(subject, DeliverySigner.Sign(signature, body, "00112233445566778899aabbccddeeff", subject.Time.GetUtcNow()), false, "A delivery that another secret signed is taken", "Name the secret under \"secret\"."));
}

/// <summary>A secret is replaced without losing what was signed before.</summary>
internal sealed class RotationRule() : SignatureRule("CB13", "While a secret is replaced, both the new and the old one are good.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body) =>
        Demand(subject, DeliverySigner.Sign(signature, body, ConnectorSubject.OldSecret, subject.Time.GetUtcNow()), true, "A delivery that the old secret signed is refused while both are active", "Let the connection give a list of secrets.");
}

/// <summary>A delivery that somebody kept is not good for ever.</summary>
internal sealed class OldTimestampRule() : SignatureRule("CB14", "Where a time is signed, a delivery of another month is refused.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body)
    {
        if (signature.Timestamp is not { } timestamp)
        {
            return [];
        }
        Delivery old = DeliverySigner.Sign(signature, body, ConnectorSubject.NewSecret, subject.Time.GetUtcNow().AddDays(-30));
        bool isSigned = signature.Parts.Any(p => p == "timestamp" || p.TrimEnd('?') == $"header:{timestamp.Header}" || p == $"json:{timestamp.JsonPointer}");
        return Demand(subject, old, false, "A delivery that was signed a month ago is taken", "Let \"tolerance\" be a few minutes, or as long as the vendor goes on trying with the same time.").Concat(isSigned
            ? []
            : [Found(subject.At("webhook", "signature", "parts"), "The time of a delivery is not signed: anybody can renew it.", "Add \"timestamp\" to \"parts\", where the vendor signs it.")]);
    }
}

/// <summary>Where nothing is signed, a token is all that tells the sender from anybody.</summary>
internal sealed class TokenRule() : BehaviourRule("CB24", "Where deliveries carry a token, one without it is refused.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        byte[]? body = subject.Connector.Events.Values.Where(e => !e.IsPolled).SelectMany(e => e.Samples).FirstOrDefault()?.Body;
        if (subject.Connector.Webhook is { Signature: null, VerifiedByCode: false } && body is not null && subject.Receive(subject.Delivered(body)).RejectStatus is null)
        {
            yield return Found(subject.At("webhook"), "A delivery from anybody is taken.", "Declare how the system signs, or a token.");
        }
    }
}

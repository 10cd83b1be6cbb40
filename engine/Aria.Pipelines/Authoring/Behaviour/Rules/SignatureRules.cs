using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A rule about deliveries whose signature the definition describes.</summary>
internal abstract class SignatureRule(string id, string title) : BehaviourRule(id, title)
{
    /// <summary>A secret that no account has.</summary>
    protected const string Foreign = "00112233445566778899aabbccddeeff";

    public sealed override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        ConnectorEvent? signed = subject.Connector.Events.Values.FirstOrDefault(e => (!e.IsPolled || e.Pushed.Count > 0) && e.Samples.Count > 0);
        return signed is null ? []
            : subject.Connector.Webhook?.Signature is { } signature ? Check(subject, signature, signed.Samples[0].Body)
            : subject.Connector.Webhook?.Jwt is { } jwt ? Check(subject, jwt, signed.Samples[0].Body)
            : [];
    }

    protected abstract IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body);

    protected abstract IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, JwtDefinition jwt, byte[] body);

    /// <summary>A finding when a delivery is not treated as it has to be.</summary>
    protected IEnumerable<BehaviourFinding> Demand(ConnectorSubject subject, Delivery delivery, bool accepted, string otherwise, string mend)
    {
        Reception reception = subject.Receive(delivery);
        if (reception.RejectStatus is null != accepted)
        {
            yield return Found(subject.At("webhook", subject.Connector.Webhook!.Jwt is null ? "signature" : "jwt"), $"{otherwise}{(reception.RejectCode is { } code ? $" ({code})" : "")}.", mend);
        }
    }

    /// <summary>A delivery that a signer signed now.</summary>
    protected static Delivery Signed(ConnectorSubject subject, JwtSigner signer, JwtDefinition jwt, byte[] body, TimeSpan ago = default) =>
        signer.Sign(jwt, subject.Connection.Settings, body, subject.Time.GetUtcNow() - ago);
}

/// <summary>What the system sends is taken.</summary>
internal sealed class GoodSignatureRule() : SignatureRule("CB10", "A delivery with a good signature is taken.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body) =>
        Demand(subject, DeliverySigner.Sign(signature, body, ConnectorSubject.NewSecret, subject.Time.GetUtcNow()), true, "A delivery that is signed as declared is refused", "Compare header, prefix, encoding and parts with the vendor's documentation.");

    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, JwtDefinition jwt, byte[] body) =>
        Demand(subject, Signed(subject, subject.NewSigner!, jwt, body), true, "A delivery that is signed as declared is refused", "Compare header, prefix, claims and the hash of the body with the vendor's documentation.");
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

    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, JwtDefinition jwt, byte[] body) =>
        Demand(subject, Signed(subject, subject.NewSigner!, jwt, body) with { Body = (byte[])[.. body, (byte)' '] }, false, "A delivery whose body is not the one that was signed is taken", "Name the claim that holds the hash of the body.");
}

/// <summary>Without a signature anybody could be the sender.</summary>
internal sealed class MissingSignatureRule() : SignatureRule("CB12", "A delivery without a signature, or with that of another secret, is refused.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body) =>
        Demand(subject, subject.Delivered(body), false, "A delivery without a signature is taken", "Require the header.")
            .Concat(Demand(subject, DeliverySigner.Sign(signature, body, Foreign, subject.Time.GetUtcNow()), false, "A delivery that another secret signed is taken", "Name the secret under \"secret\"."));

    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, JwtDefinition jwt, byte[] body) =>
        Demand(subject, subject.Delivered(body), false, "A delivery without a token is taken", "Require the header.")
            .Concat(Demand(subject, Signed(subject, JwtSigner.Create(jwt.Algorithm, Foreign), jwt, body), false, "A delivery that another key signed is taken", "Name the key under \"secret\"."));
}

/// <summary>A secret is replaced without losing what was signed before.</summary>
internal sealed class RotationRule() : SignatureRule("CB13", "While a secret is replaced, both the new and the old one are good.")
{
    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, SignatureDefinition signature, byte[] body) =>
        Demand(subject, DeliverySigner.Sign(signature, body, ConnectorSubject.OldSecret, subject.Time.GetUtcNow()), true, "A delivery that the old secret signed is refused while both are active", "Let the connection give a list of secrets.");

    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, JwtDefinition jwt, byte[] body) =>
        Demand(subject, Signed(subject, subject.OldSigner!, jwt, body), true, "A delivery that the old key signed is refused while both are active", "Let the connection give a list of keys.");
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

    protected override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject, JwtDefinition jwt, byte[] body) =>
        Demand(subject, Signed(subject, subject.NewSigner!, jwt, body, TimeSpan.FromDays(30)), false, "A delivery that was signed a month ago is taken", "Give \"tolerance\" a few minutes.");
}

/// <summary>Where nothing is signed, a token is all that tells the sender from anybody.</summary>
internal sealed class TokenRule() : BehaviourRule("CB24", "Where deliveries carry a token, one without it is refused.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        byte[]? body = subject.Connector.Events.Values.Where(e => !e.IsPolled).SelectMany(e => e.Samples).FirstOrDefault()?.Body;
        if (subject.Connector.Webhook is { Signature: null, Jwt: null, VerifiedByCode: false } && body is not null && subject.Receive(subject.Delivered(body)).RejectStatus is null)
        {
            yield return Found(subject.At("webhook"), "A delivery from anybody is taken.", "Declare how the system signs, or a token.");
        }
    }
}

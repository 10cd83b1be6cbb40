using System.Globalization;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Signatures, where <c>connector.json</c> declares them: deliveries are signed here as the vendor would, independently of what verifies them.</summary>
internal static class SignatureRules
{
    private const string Old = "behaviour-old-secret-0123456789";
    private const string Fresh = "behaviour-new-secret-0123456789";
    private const string Stranger = "behaviour-third-secret-0123456789";

    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new("CB10", "a delivery with a good signature is taken", "Compare 'webhook.signature' with the vendor's description: parts, encoding, prefix.", Undeclared, Good),
        new("CB11", "a delivery that was changed, or signed by somebody else, is refused", "Let the signature cover the body.", Undeclared, Bad),
        new("CB12", "a delivery without a signature is refused", "Name the header that the vendor signs in.", Undeclared, Missing),
        new("CB13", "an old delivery is refused where the vendor signs the time", "Give 'timestamp', with the vendor's tolerance, and sign its header.", t => Undeclared(t) ?? (Signature(t).Timestamp is null ? "the vendor signs no time" : null), Late),
        new("CB14", "while a secret is being rotated, the old and the new one are good", "Every active secret of the setting has to be tried.", Undeclared, Rotated),
    ];

    private static string? Undeclared(TestedConnector tested) => tested.Connector.Webhook switch
    {
        null => "it has no webhook",
        { Signature: null, VerifiedByCode: true } => "its code verifies deliveries: the stand-in shows it",
        { Signature: null } => "the vendor signs nothing",
        _ => SampleRules.NoSamples(tested),
    };

    private static IEnumerable<BehaviourProblem> Good(TestedConnector tested) =>
        Deliveries(tested, Fresh).Where(d => Refused(tested, d, Fresh) is not null).Select(d => Problem(tested, $"A signed delivery is refused ({Refused(tested, d, Fresh)})."));

    private static IEnumerable<BehaviourProblem> Bad(TestedConnector tested)
    {
        foreach (Delivery delivery in Deliveries(tested, Fresh))
        {
            // Some vendors sign members and not the body: what they leave unsigned anybody can change.
            if (Signature(tested).Parts.Contains(SignatureReader.Body) && Refused(tested, delivery with { Body = (byte[])[(byte)' ', .. delivery.Body.Span] }, Fresh) is null)
            {
                yield return Problem(tested, "A delivery whose body was changed after it was signed is taken.");
            }
            if (Refused(tested, delivery, Stranger) is null)
            {
                yield return Problem(tested, "A delivery signed with another secret is taken.");
            }
        }
    }

    private static IEnumerable<BehaviourProblem> Missing(TestedConnector tested)
    {
        foreach (Delivery delivery in Deliveries(tested, Fresh))
        {
            if (Refused(tested, SignedDelivery.Unsigned(Signature(tested), delivery), Fresh) is null)
            {
                yield return Problem(tested, "A delivery without a signature is taken.");
            }
        }
    }

    private static IEnumerable<BehaviourProblem> Late(TestedConnector tested)
    {
        TimeSpan age = Signature(tested).Timestamp!.Tolerance + TimeSpan.FromMinutes(5);
        foreach (EventSample sample in Webhooks(tested).Select(w => w.Sample))
        {
            if (Refused(tested, SignedDelivery.Of(tested.Connector.Webhook!, sample.Body, Fresh, Now - age), Fresh) is null)
            {
                yield return Problem(tested, string.Create(CultureInfo.InvariantCulture, $"A delivery signed {age} ago is taken."));
            }
        }
    }

    private static IEnumerable<BehaviourProblem> Rotated(TestedConnector tested)
    {
        foreach ((string name, string secret) in new[] { ("old", Old), ("new", Fresh) })
        {
            foreach (Delivery delivery in Deliveries(tested, secret).Where(d => Refused(tested, d, Fresh, Old) is not null))
            {
                yield return Problem(tested, $"With both secrets in force, a delivery signed with the {name} one is refused ({Refused(tested, delivery, Fresh, Old)}).");
            }
        }
    }

    private static BehaviourProblem Problem(TestedConnector tested, string what) => new(tested.At("webhook", "signature"), what);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static SignatureDefinition Signature(TestedConnector tested) => tested.Connector.Webhook!.Signature!;

    private static IEnumerable<(ConnectorEvent Event, EventSample Sample)> Webhooks(TestedConnector tested) =>
        tested.Connector.Events.Values.Where(e => !e.IsPolled).SelectMany(e => e.Samples.Select(s => (e, s)));

    private static IEnumerable<Delivery> Deliveries(TestedConnector tested, string secret) =>
        Webhooks(tested).Select(w => SignedDelivery.Of(tested.Connector.Webhook!, w.Sample.Body, secret, Now));

    private static string? Refused(TestedConnector tested, Delivery delivery, params string[] secrets) =>
        tested.Receiver.Receive(tested.With(Signature(tested).SecretSetting, [.. secrets.Select(s => SignedDelivery.Secret(Signature(tested), s))]), delivery).RejectCode;
}

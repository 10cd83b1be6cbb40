using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store;

/// <summary>Makes deliveries ready to be written. Runs on the caller's thread.</summary>
internal sealed class DeliverySealer(ContentKeys keys, TimeProvider time)
{
    /// <summary>How long an event that is delivered again counts as the same.</summary>
    public static readonly TimeSpan DedupeWindow = TimeSpan.FromDays(30);

    /// <summary>Encrypts and hashes a delivery.</summary>
    public SealedDelivery Seal(Acceptance acceptance) =>
        new(RecordId.New(time.GetUtcNow()), acceptance, [.. acceptance.Events.Select(e => Seal(acceptance, e))]);

    private SealedEvent Seal(Acceptance acceptance, IncomingEvent source)
    {
        string id = RecordId.New(time.GetUtcNow());
        (DataKey key, byte[] wrapped) = keys.NewDataKey(id);
        return new SealedEvent(
            source,
            id,
            wrapped,
            keys.Hash("dedupe", acceptance.Connection, source.DedupeKey),
            keys.Hash("subject", acceptance.Connection, source.Subject),
            // An event about nothing in particular keeps no order, so it must not queue behind others like it.
            source.Subject.Length == 0 ? keys.Hash("order-event", id) : keys.Hash("order", acceptance.Connection, source.Subject),
            [.. source.Correlation.Select(pair => keys.Hash("correlation", pair.Key, pair.Value))],
            key.Seal(ContentText.Write(source.Subject), "event", id, "subject_ct")!,
            key.Seal(acceptance.Headers, "event", id, "headers_ct")!,
            key.Seal(source.Body, "event", id, "body_ct")!);
    }
}

using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store;

/// <summary>Makes deliveries ready to be written. Runs on the caller's thread.</summary>
internal sealed class DeliverySealer(ContentKeys keys, TimeProvider time)
{
    /// <summary>How long an event that is delivered again counts as the same.</summary>
    public static readonly TimeSpan DedupeWindow = TimeSpan.FromDays(30);

    /// <summary>Encrypts and hashes a delivery.</summary>
    public SealedDelivery Seal(Acceptance acceptance) =>
        new(NewId(), acceptance, [.. acceptance.Events.Select(e => Seal(acceptance, e))]);

    /// <summary>Hashes records.</summary>
    public SealedRecord[] Seal(string connection, IReadOnlyList<PolledRecord> records) =>
        [.. records.Select(r => new SealedRecord(keys.Hash("record-key", connection, r.Key), keys.Hash("record-content", connection, r.Content)))];

    /// <summary>The value of a cursor as it is written.</summary>
    public byte[] Seal(string connection, CursorMove move) => SecretCursor.Seal(keys, connection, move);

    /// <summary>The value of a cursor as it was given.</summary>
    public byte[]? Open(string connection, string cursor, byte[]? stored) => SecretCursor.Open(keys, connection, cursor, stored);

    /// <summary>A new public id.</summary>
    public string NewId() => RecordId.New(time.GetUtcNow());

    /// <summary>The order key of an event's runs.</summary>
    public byte[] OrderKey(string connection, string subject, string eventId) =>
        // An event about nothing in particular keeps no order, so it must not queue behind others like it.
        subject.Length == 0 ? keys.Hash("order-event", eventId) : keys.Hash("order", connection, subject);

    /// <summary>The dedupe key of a body that came under the id of another one.</summary>
    public byte[] ContradictionKey(SealedDelivery delivery, SealedEvent e) =>
        keys.Hash("dedupe-conflict", delivery.Acceptance.Connection, [.. e.DedupeHash, .. e.BodyHash]);

    private SealedEvent Seal(Acceptance acceptance, IncomingEvent source)
    {
        string id = NewId();
        (DataKey made, byte[] wrapped) = keys.NewDataKey(id);
        using DataKey key = made;
        return new SealedEvent(
            source,
            id,
            wrapped,
            keys.Hash("dedupe", acceptance.Connection, source.DedupeKey),
            keys.Hash("subject", acceptance.Connection, source.Subject),
            OrderKey(acceptance.Connection, source.Subject, id),
            [.. source.Correlation.Select(pair => keys.Hash("correlation", pair.Key, pair.Value))],
            key.Seal(ContentText.Write(source.Subject), "event", id, "subject_ct")!,
            key.Seal(acceptance.Headers, "event", id, "headers_ct")!,
            key.Seal(source.Body, "event", id, "body_ct")!,
            keys.Hash("body", acceptance.Connection, source.Body));
    }
}

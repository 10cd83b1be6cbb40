using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Acceptance: deliveries, events and their first runs.</summary>
internal sealed class LiteDbEvents(ContentKeys keys, DeliverySealer sealer)
{
    /// <summary>Stores a sealed delivery; one part of the writer's commit.</summary>
    public IReadOnlyList<AcceptedEvent> Accept(LiteDbSession session, SealedDelivery delivery)
    {
        AcceptedEvent[] accepted = [.. delivery.Events.Select(e => Accept(session, delivery, e))];
        int stored = accepted.Count(e => !e.IsDuplicate);
        if (stored > 0 || accepted.Length == 0)
        {
            Acceptance source = delivery.Acceptance;
            session.Add(Records.Delivery, new BsonDocument
            {
                ["_id"] = delivery.Id,
                ["connection"] = source.Connection,
                ["kind"] = source.Kind,
                ["received"] = source.ReceivedUtc.ToUnixTimeMilliseconds(),
                ["events"] = (long)stored,
            });
        }
        return accepted;
    }

    /// <summary>Changes the state of an event.</summary>
    public static void Move(LiteDbSession session, BsonDocument e, string state) => session.Put(Records.Event, WithState(state, e));

    /// <summary>An event by its public id; null when there is none.</summary>
    public static BsonDocument? Find(LiteDbSession session, string eventId) => session.Range(Records.Event, "id", eventId, eventId).SingleOrDefault();

    /// <summary>Lets the next delivery with the key of an event be a new one.</summary>
    public static void ForgetKey(LiteDbSession session, BsonDocument e)
    {
        if (session.Find(Records.Dedupe, e["dedupe"])?.Number("event") == e.Number("_id"))
        {
            session.Remove(Records.Dedupe, e["dedupe"]);
        }
    }

    private AcceptedEvent Accept(LiteDbSession session, SealedDelivery delivery, SealedEvent e)
    {
        var row = new EventRow(e.FirstState, e.Source.QuarantineCode, Ids.OfDedupe(delivery.Acceptance.Connection, e.DedupeHash));
        if (FindFirst(session, row) is not BsonDocument first)
        {
            return Store(session, delivery, e, row);
        }
        if (first.Time("received") < delivery.Acceptance.ReceivedUtc - DeliverySealer.DedupeWindow)
        {
            return Store(session, delivery, e, row with { Code = row.Code ?? EventStates.LateReplay });
        }
        return e.Source.KeyIsId && !first.Bytes("body_hash").AsSpan().SequenceEqual(e.BodyHash)
            ? Contradict(session, delivery, e)
            : Again(session, first);
    }

    /// <summary>Keeps a body that came under the id of another one; the same body again is a duplicate of it.</summary>
    private AcceptedEvent Contradict(LiteDbSession session, SealedDelivery delivery, SealedEvent e)
    {
        var row = new EventRow(
            EventStates.Quarantined, EventStates.IdConflict, Ids.OfDedupe(delivery.Acceptance.Connection, sealer.ContradictionKey(delivery, e)));
        return FindFirst(session, row) is BsonDocument first ? Again(session, first) : Store(session, delivery, e, row);
    }

    private static BsonDocument? FindFirst(LiteDbSession session, EventRow row) =>
        session.Find(Records.Dedupe, row.Dedupe) is BsonDocument known ? LiteDbContent.EventOf(session, known.Number("event")) : null;

    private static AcceptedEvent Again(LiteDbSession session, BsonDocument first)
    {
        first["duplicates"] = first.Number("duplicates") + 1;
        session.Put(Records.Event, first);
        return new AcceptedEvent(first.Text("id"), first.Number("_id"), IsDuplicate: true, first.Text("state"), []);
    }

    private AcceptedEvent Store(LiteDbSession session, SealedDelivery delivery, SealedEvent e, EventRow row)
    {
        string connection = delivery.Acceptance.Connection;
        long sequence = session.Live.NextEvent();
        BsonDocument stored = Add(session, delivery, e, row, sequence);
        if (row.State == EventStates.Quarantined)
        {
            return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, row.State, [], row.Code);
        }
        foreach (byte[] hash in e.KeyHashes)
        {
            session.Put(Records.Correlation, new BsonDocument { ["_id"] = Ids.OfCorrelation(connection, hash, sequence), ["event"] = sequence });
        }
        string[] runs = [.. e.Source.Runs.Select(plan => LiteDbRuns.Add(session, sealer.NewId(), sequence, plan, e.OrderKey))];
        if (LiteDbWaits.Offer(session, sequence, connection, e.Source.Type, e.KeyHashes) && runs.Length == 0)
        {
            Move(session, stored, EventStates.Closed);
        }
        return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, stored.Text("state"), runs);
    }

    private BsonDocument Add(LiteDbSession session, SealedDelivery delivery, SealedEvent e, EventRow row, long sequence)
    {
        BsonDocument stored = WithState(row.State, new BsonDocument
        {
            ["_id"] = sequence,
            ["id"] = e.Id,
            ["delivery"] = delivery.Id,
            ["connection"] = delivery.Acceptance.Connection,
            ["type"] = row.Code == EventStates.IdConflict ? string.Empty : e.Source.Type,
            ["dedupe"] = row.Dedupe,
            ["body_hash"] = e.BodyHash,
            ["subject_hash"] = e.SubjectHash,
            ["received"] = delivery.Acceptance.ReceivedUtc.ToUnixTimeMilliseconds(),
            ["code"] = row.Code,
            ["duplicates"] = 0L,
            ["decoded_from"] = delivery.DecodedFrom.OrNull(),
        });
        session.Add(Records.Event, stored);
        session.Put(Records.Dedupe, new BsonDocument { ["_id"] = row.Dedupe, ["event"] = sequence });
        session.Add(Records.Content, new BsonDocument { ["_id"] = sequence, ["subject"] = e.Subject, ["headers"] = e.Headers, ["body"] = e.Body });
        session.Add(Records.DataKey, new BsonDocument { ["_id"] = sequence, ["wrapped"] = e.WrappedKey, ["version"] = (long)keys.MasterKeyVersion });
        return stored;
    }

    private static BsonDocument WithState(string state, BsonDocument e)
    {
        e["state"] = state;
        e["by_state"] = Ids.InList(state, e.Number("_id"));
        return e;
    }

    /// <summary>What depends on what was stored before.</summary>
    private sealed record EventRow(string State, string? Code, string Dedupe);
}

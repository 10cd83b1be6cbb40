using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Acceptance: deliveries, events and their first runs.</summary>
internal sealed class LiteDbEvents(ContentKeys keys, TimeProvider time)
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
    public static void Move(LiteDbSession session, BsonDocument e, string state)
    {
        e["state"] = state;
        session.Put(Records.Event, e);
    }

    private AcceptedEvent Accept(LiteDbSession session, SealedDelivery delivery, SealedEvent e)
    {
        string connection = delivery.Acceptance.Connection;
        string dedupe = Ids.OfDedupe(connection, e.DedupeHash);
        if (session.Find(Records.Dedupe, dedupe) is BsonDocument known)
        {
            BsonDocument first = LiteDbContent.EventOf(session, known.Number("event"));
            if (first.Time("received") >= delivery.Acceptance.ReceivedUtc - DeliverySealer.DedupeWindow)
            {
                first["duplicates"] = first.Number("duplicates") + 1;
                session.Put(Records.Event, first);
                return new AcceptedEvent(first.Text("id"), first.Number("_id"), IsDuplicate: true, first.Text("state"), []);
            }
        }
        long sequence = session.Live.NextEvent();
        session.Put(Records.Dedupe, new BsonDocument { ["_id"] = dedupe, ["event"] = sequence });
        BsonDocument stored = Store(session, delivery, e, sequence);
        string[] runs = [.. e.Source.Runs.Select(plan => AddRun(session, e, sequence, plan))];
        if (e.Source.QuarantineCode is null && LiteDbWaits.Offer(session, sequence, connection, e.Source.Type, e.KeyHashes) && runs.Length == 0)
        {
            Move(session, stored, EventStates.Closed);
        }
        return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, stored.Text("state"), runs);
    }

    private BsonDocument Store(LiteDbSession session, SealedDelivery delivery, SealedEvent e, long sequence)
    {
        Acceptance source = delivery.Acceptance;
        var stored = new BsonDocument
        {
            ["_id"] = sequence,
            ["id"] = e.Id,
            ["delivery"] = delivery.Id,
            ["connection"] = source.Connection,
            ["type"] = e.Source.Type,
            ["subject"] = e.SubjectHash,
            ["received"] = source.ReceivedUtc.ToUnixTimeMilliseconds(),
            ["state"] = e.FirstState,
            ["code"] = e.Source.QuarantineCode,
            ["duplicates"] = 0L,
        };
        session.Add(Records.Event, stored);
        session.Add(Records.Content, new BsonDocument { ["_id"] = sequence, ["subject"] = e.Subject, ["headers"] = e.Headers, ["body"] = e.Body });
        session.Add(Records.DataKey, new BsonDocument { ["_id"] = sequence, ["wrapped"] = e.WrappedKey, ["version"] = (long)keys.MasterKeyVersion });
        foreach (byte[] hash in e.KeyHashes)
        {
            session.Put(Records.Correlation, new BsonDocument { ["_id"] = Ids.OfCorrelation(source.Connection, hash, sequence), ["event"] = sequence });
        }
        return stored;
    }

    private string AddRun(LiteDbSession session, SealedEvent e, long sequence, RunPlan plan)
    {
        string id = RecordId.New(time.GetUtcNow());
        LiteDbRuns.Add(session, id, sequence, plan, e.OrderKey);
        return id;
    }
}

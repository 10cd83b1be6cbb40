using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// What is asked at every lease and acceptance, kept in memory: who has the turn, which waits are open, how many records are in which state,
/// the last numbers. It is a function of the documents: read at opening, and told of every change, also of one that is taken back.
/// </summary>
internal sealed class LiveRecords
{
    private long lastEvent;
    private long lastRun;

    public LiveTurns Turns { get; } = new();

    public LiveWaits Waits { get; } = new();

    public LiveTally Tally { get; } = new();

    public long NextEvent() => ++lastEvent;

    public long NextRun() => ++lastRun;

    public void Load(LiteDbSession session)
    {
        lastEvent = session.Last(Records.Event);
        lastRun = session.Last(Records.Run);
        Tally.Read(session.Find(Records.Meta, LiveTally.Id));
        foreach (RunState state in new[] { RunState.Ready, RunState.Leased })
        {
            foreach (BsonDocument run in session.Under(Records.Run, StateNames.Of(state) + '|', "by_state"))
            {
                Turns.Observe(null, run);
            }
        }
        foreach (BsonDocument run in session.Under(Records.Run, StateNames.Of(RunState.Waiting) + '|', "by_state"))
        {
            foreach (BsonDocument wait in session.Under(Records.Wait, Ids.OfRun(run["_id"].AsInt64)))
            {
                Waits.Observe(null, wait);
            }
        }
    }

    public void Observe(string collection, BsonDocument? before, BsonDocument? after)
    {
        switch (collection)
        {
            case Records.Event or Records.Effect:
                Tally.Observe(collection, before, after);
                break;
            case Records.Run:
                Tally.Observe(collection, before, after);
                Turns.Observe(before, after);
                break;
            case Records.Wait:
                Waits.Observe(before, after);
                break;
        }
    }
}

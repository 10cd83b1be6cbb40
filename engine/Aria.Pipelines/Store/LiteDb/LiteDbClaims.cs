using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>What pipelines share: claims of <c>once</c>, held by an event and a pipeline, so by a run and its replays.</summary>
internal sealed class LiteDbClaims(ContentKeys keys)
{
    /// <inheritdoc cref="IStore.ClaimOnceAsync"/>
    public string? Claim(LiteDbSession session, RunLease lease, string scope, string key, DateTimeOffset now, DateTimeOffset until)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        string id = Convert.ToHexString(keys.Hash("once", scope, key));
        BsonDocument? held = session.Find(Records.Once, id);
        if (held?.Number("until") > now.ToUnixTimeMilliseconds())
        {
            return held.Number("event") == run.Number("event") && held.Text("pipeline") == lease.Pipeline ? null : held.Text("run");
        }
        session.Put(Records.Once, new BsonDocument
        {
            ["_id"] = id,
            ["scope"] = scope,
            ["run"] = lease.RunId,
            ["event"] = run["event"],
            ["pipeline"] = lease.Pipeline,
            ["until"] = until.ToUnixTimeMilliseconds(),
        });
        return null;
    }
}

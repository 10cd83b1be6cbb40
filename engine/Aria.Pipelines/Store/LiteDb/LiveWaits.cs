using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Open waits, found by deadline, and by connection, event type and the first of their keys.</summary>
internal sealed class LiveWaits
{
    private const int HashSize = 32;

    private readonly SortedSet<(long Due, string Id)> deadlines = new(Comparer<(long Due, string Id)>.Create(
        (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : string.CompareOrdinal(a.Id, b.Id)));
    private readonly Dictionary<string, SortedSet<string>> offers = new(StringComparer.Ordinal);

    public long? NextDue => deadlines.Count > 0 ? deadlines.Min.Due : null;

    /// <summary>Ids of waits whose deadline has passed, nearest first.</summary>
    public string[] Due(long at, int max) => [.. deadlines.TakeWhile(wait => wait.Due <= at).Take(max).Select(wait => wait.Id)];

    /// <summary>Ids of waits whose first key is the given one.</summary>
    public string[] Of(string connection, string type, byte[] hash) =>
        offers.TryGetValue(OfferOf(connection, type, hash), out SortedSet<string>? ids) ? [.. ids] : [];

    public void Observe(BsonDocument? before, BsonDocument? after)
    {
        Change(before, isAdded: false);
        Change(after, isAdded: true);
    }

    private void Change(BsonDocument? wait, bool isAdded)
    {
        if (wait?["state"].AsString != "open")
        {
            return;
        }
        string id = wait["_id"].AsString;
        _ = isAdded ? deadlines.Add((wait["due"].AsInt64, id)) : deadlines.Remove((wait["due"].AsInt64, id));
        byte[] first = wait["keys"].AsBinary[..HashSize];
        foreach (BsonDocument e in wait["events"].AsArray.Select(e => e.AsDocument))
        {
            string offer = OfferOf(e["connection"].AsString, e["type"].AsString, first);
            if (!offers.TryGetValue(offer, out SortedSet<string>? ids))
            {
                offers[offer] = ids = new SortedSet<string>(StringComparer.Ordinal);
            }
            _ = isAdded ? ids.Add(id) : ids.Remove(id);
            if (ids.Count == 0)
            {
                offers.Remove(offer);
            }
        }
    }

    private static string OfferOf(string connection, string type, byte[] hash) => $"{connection}|{type}|{Convert.ToHexString(hash)}";
}

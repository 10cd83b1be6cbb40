namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>What happened in an account, against which events are held whenever all of it must have been seen.</summary>
internal sealed class FeedHistory(FeedSight sight)
{
    private readonly Dictionary<string, string> _known = [];
    private readonly Dictionary<string, List<string>> _happened = [];
    private readonly HashSet<string> _hidden = [];

    /// <summary>What a feed that begins finds is no news.</summary>
    public void WasThere(FeedChange change)
    {
        if (change.Mark is { } mark)
        {
            _known[change.Application] = mark;
        }
    }

    public void Happened(FeedChange change)
    {
        if (change.Mark is { } mark)
        {
            _happened.TryAdd(change.Application, []);
            _happened[change.Application].Add(mark);
        }
        if (change.IsHidden)
        {
            _hidden.Add(change.Application);
        }
        else
        {
            _hidden.Remove(change.Application);
        }
    }

    /// <summary>Holds the events since the last time against what happened since then.</summary>
    /// <returns>What was missed, doubled or made up.</returns>
    public IReadOnlyList<string> Compare(IReadOnlyList<FeedNews> events)
    {
        var wrong = new List<string>();
        ILookup<string, string> seen = events.ToLookup(e => e.Application, e => e.Mark);
        foreach (string application in _happened.Keys.Union(seen.Select(s => s.Key)))
        {
            List<string> happened = _happened.GetValueOrDefault(application) ?? [];
            string? before = _known.GetValueOrDefault(application);
            string? known = Known([.. seen[application]], before, happened, _hidden.Contains(application));
            if (known is null)
            {
                wrong.Add($"{application}: was {before ?? "unknown"}, became [{string.Join(", ", happened)}], seen as [{string.Join(", ", seen[application])}]");
            }
            _known[application] = known ?? happened.LastOrDefault(before ?? "");
        }
        _happened.Clear();
        return wrong;
    }

    /// <summary>What is known of an application after its events; null when they are not what happened to it.</summary>
    private string? Known(string[] seen, string? before, List<string> happened, bool hidden)
    {
        if (sight == FeedSight.Every)
        {
            return seen.Order(StringComparer.Ordinal).SequenceEqual(happened.Order(StringComparer.Ordinal)) ? happened[^1] : null;
        }
        bool differs = sight == FeedSight.Last || seen.Prepend(before).Zip(seen).All(pair => pair.First != pair.Second);
        string? known = seen.LastOrDefault(sight == FeedSight.Last && happened.Count > 0 ? null : before);
        return differs && IsPartOf(seen, happened) && (hidden || known == happened.LastOrDefault(before)) ? known ?? before ?? "" : null;
    }

    private static bool IsPartOf(string[] seen, List<string> happened)
    {
        int at = 0;
        return seen.All(mark => (at = happened.IndexOf(mark, at) + 1) > 0);
    }
}

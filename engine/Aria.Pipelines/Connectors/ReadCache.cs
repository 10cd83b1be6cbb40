using System.Text.Json;

namespace Aria.Pipelines.Connectors;

/// <summary>Answers of declared reads, kept in memory for the declared time. Dropped when their subject changes, and not given while it is being changed.</summary>
internal sealed class ReadCache(TimeProvider time)
{
    private const int MaxEntries = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Connection, string Url), Entry> _entries = [];
    private readonly Dictionary<(string Connection, string Subject), DateTimeOffset> _changed = [];
    private readonly Dictionary<(string Connection, string Subject), int> _changing = [];

    // Which subjects had changed until then is no longer known: any may have.
    private DateTimeOffset _forgotten = DateTimeOffset.MinValue;

    /// <summary>The answer kept for a URL; null when there is none or its time is over.</summary>
    public JsonElement? Find(string connectionId, string url)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((connectionId, url), out Entry? entry) && time.GetUtcNow() < entry.Expires && !IsChanging(connectionId, entry.Subject) ? entry.Response : null;
        }
    }

    /// <summary>Keeps an answer, unless its subject has changed since it was asked for.</summary>
    public void Keep(string connectionId, string url, string? subject, JsonElement response, DateTimeOffset asked, TimeSpan duration)
    {
        lock (_gate)
        {
            if (IsChanging(connectionId, subject) || (subject is not null && asked <= _forgotten))
            {
                return;
            }
            if (subject is not null && _changed.TryGetValue((connectionId, subject), out DateTimeOffset changed) && changed >= asked)
            {
                return;
            }
            if (_entries.Count >= MaxEntries)
            {
                MakeRoom();
            }
            _entries[(connectionId, url)] = new Entry(response, subject, asked + duration);
        }
    }

    /// <summary>A request of ours that changes a subject is about to leave: what was read before may not be true any more from now on.</summary>
    public void BeginChange(string connectionId, string subject)
    {
        lock (_gate)
        {
            _changing[(connectionId, subject)] = _changing.GetValueOrDefault((connectionId, subject)) + 1;
        }
    }

    /// <summary>That request has ended. What it changed is forgotten by <see cref="Drop"/>, before.</summary>
    public void EndChange(string connectionId, string subject)
    {
        lock (_gate)
        {
            if (--_changing[(connectionId, subject)] == 0)
            {
                _changing.Remove((connectionId, subject));
            }
        }
    }

    /// <summary>Forgets what depends on a subject.</summary>
    public void Drop(string connectionId, string subject)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_changed.Count >= MaxEntries)
            {
                // Only changes during a read that is still under way matter. Looking for the others would take longer with every event.
                _changed.Clear();
                _forgotten = now;
            }
            _changed[(connectionId, subject)] = now;
            if (_entries.Count > 0)
            {
                Remove(_entries, e => e.Key.Connection == connectionId && e.Value.Subject == subject);
            }
        }
    }

    /// <summary>Forgets everything of a connection.</summary>
    public void DropAll(string connectionId)
    {
        lock (_gate)
        {
            Remove(_entries, e => e.Key.Connection == connectionId);
        }
    }

    private bool IsChanging(string connectionId, string? subject) => subject is not null && _changing.ContainsKey((connectionId, subject));

    private void MakeRoom()
    {
        DateTimeOffset now = time.GetUtcNow();
        Remove(_entries, e => e.Value.Expires <= now);
        if (_entries.Count >= MaxEntries)
        {
            DateTimeOffset middle = _entries.Values.Select(e => e.Expires).Order().ElementAt(MaxEntries / 2);
            Remove(_entries, e => e.Value.Expires <= middle);
        }
    }

    private static void Remove<TKey, TValue>(Dictionary<TKey, TValue> from, Func<KeyValuePair<TKey, TValue>, bool> which)
        where TKey : notnull
    {
        foreach (TKey key in from.Where(which).Select(e => e.Key).ToList())
        {
            from.Remove(key);
        }
    }

    private sealed record Entry(JsonElement Response, string? Subject, DateTimeOffset Expires);
}

using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aria.Pipelines.Connectors;

/// <summary>Answers of declared reads, kept in memory for the declared time. Dropped when their subject changes, and not given while it is being changed.</summary>
internal sealed class ReadCache(TimeProvider time)
{
    private const int MaxEntries = 10_000;
    private const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Connection, string Url), Entry> _entries = [];
    private readonly Dictionary<(string Connection, string Subject), HashSet<string>> _urls = [];
    private readonly Dictionary<(string Connection, string Subject), DateTimeOffset> _changed = [];
    private readonly Dictionary<(string Connection, string Subject), int> _changing = [];

    private long _bytes;

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
            Remove((connectionId, url));
            var entry = new Entry(response, subject, asked + duration, JsonMarshal.GetRawUtf8Value(response).Length);
            if (_entries.Count >= MaxEntries || _bytes + entry.Bytes > MaxBytes)
            {
                MakeRoom();
            }
            _entries[(connectionId, url)] = entry;
            _bytes += entry.Bytes;
            if (subject is not null)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(_urls, (connectionId, subject), out _) ??= []).Add(url);
            }
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
            foreach (string url in _urls.GetValueOrDefault((connectionId, subject))?.ToArray() ?? [])
            {
                Remove((connectionId, url));
            }
        }
    }

    /// <summary>Forgets everything of a connection.</summary>
    public void DropAll(string connectionId)
    {
        lock (_gate)
        {
            RemoveAll(e => e.Key.Connection == connectionId);
        }
    }

    private bool IsChanging(string connectionId, string? subject) => subject is not null && _changing.ContainsKey((connectionId, subject));

    private void MakeRoom()
    {
        DateTimeOffset now = time.GetUtcNow();
        RemoveAll(e => e.Value.Expires <= now);
        if (_entries.Count >= MaxEntries / 2 || _bytes >= MaxBytes / 2)
        {
            DateTimeOffset middle = _entries.Values.Select(e => e.Expires).Order().ElementAt(_entries.Count / 2);
            RemoveAll(e => e.Value.Expires <= middle);
        }
    }

    private void RemoveAll(Func<KeyValuePair<(string Connection, string Url), Entry>, bool> which)
    {
        foreach ((string Connection, string Url) key in _entries.Where(which).Select(e => e.Key).ToList())
        {
            Remove(key);
        }
    }

    private void Remove((string Connection, string Url) key)
    {
        if (!_entries.Remove(key, out Entry? entry))
        {
            return;
        }
        _bytes -= entry.Bytes;
        if (entry.Subject is { } subject && _urls.TryGetValue((key.Connection, subject), out HashSet<string>? urls) && urls.Remove(key.Url) && urls.Count == 0)
        {
            _urls.Remove((key.Connection, subject));
        }
    }

    private sealed record Entry(JsonElement Response, string? Subject, DateTimeOffset Expires, int Bytes);
}

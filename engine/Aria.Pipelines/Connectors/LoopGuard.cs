namespace Aria.Pipelines.Connectors;

/// <summary>
/// Counts how many changes of ours led to an event, each caused by the event before: an action that makes its own system report something is
/// noted when it is sent, and the event of that type and subject that comes soon after is one hop further than the event of the run. In memory
/// only; what is not known counts as none.
/// </summary>
internal sealed class LoopGuard(TimeProvider time)
{
    /// <summary>How many hops an event may have and still start runs.</summary>
    public const int MostHops = 5;

    /// <summary>How many actions, and how many events, are remembered; the oldest are forgotten.</summary>
    public const int MostKept = 10_000;

    /// <summary>How long an event may come after the action that caused it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after that event another one still counts as caused, because systems report some changes more than once. What comes later is
    /// somebody else's change.
    /// </summary>
    public static readonly TimeSpan Echo = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Connection, string Type, string Subject), Note> _notes = [];
    private readonly Queue<Note> _oldestNotes = [];
    private readonly Dictionary<string, int> _hops = [];
    private readonly Queue<string> _oldestEvents = [];

    /// <summary>An action is about to be sent. Noted before, because its event may be here before its answer.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="causes">Types of the events that it makes happen.</param>
    /// <param name="subject">What the run is about.</param>
    /// <param name="eventId">The event of the run.</param>
    public void Expect(string connection, IReadOnlyList<string> causes, string subject, string eventId)
    {
        if (causes.Count == 0 || subject.Length == 0)
        {
            return;
        }
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            int hops = _hops.GetValueOrDefault(eventId) + 1;
            foreach (string type in causes)
            {
                Forget(now);
                var note = new Note((connection, type, subject), hops, now + Patience);
                _notes[note.Key] = note;
                _oldestNotes.Enqueue(note);
            }
        }
    }

    /// <summary>That action changed nothing: it was refused, or never left.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="causes">Types of the events that it would have made happen.</param>
    /// <param name="subject">What the run is about.</param>
    public void Withdraw(string connection, IReadOnlyList<string> causes, string subject)
    {
        if (causes.Count == 0)
        {
            return;
        }
        lock (_gate)
        {
            foreach (string type in causes)
            {
                _notes.Remove((connection, type, subject));
            }
        }
    }

    /// <summary>The hops of an event that has come.</summary>
    public int HopsTo(string connection, string type, string subject)
    {
        lock (_gate)
        {
            return _notes.Count > 0 && _notes.TryGetValue((connection, type, subject), out Note? note) && time.GetUtcNow() < note.Until ? note.Hops : 0;
        }
    }

    /// <summary>That event was stored. One over the limit starts nothing, unless a person lets it go on, and then it counts anew.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="type">Type of the event.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="eventId">Its id.</param>
    /// <param name="hops">Its hops.</param>
    public void Keep(string connection, string type, string subject, string eventId, int hops)
    {
        DateTimeOffset end = time.GetUtcNow() + Echo;
        lock (_gate)
        {
            if (_notes.TryGetValue((connection, type, subject), out Note? note) && end < note.Until)
            {
                note.Until = end;
            }
            if (hops > MostHops)
            {
                return;
            }
            if (_oldestEvents.Count == MostKept)
            {
                _hops.Remove(_oldestEvents.Dequeue());
            }
            _hops[eventId] = hops;
            _oldestEvents.Enqueue(eventId);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_oldestNotes.TryPeek(out Note? oldest) && (oldest.Until <= now || _oldestNotes.Count >= MostKept))
        {
            _oldestNotes.Dequeue();
            if (_notes.TryGetValue(oldest.Key, out Note? current) && current == oldest)
            {
                _notes.Remove(oldest.Key);
            }
        }
    }

    private sealed class Note((string Connection, string Type, string Subject) key, int hops, DateTimeOffset until)
    {
        public (string Connection, string Type, string Subject) Key { get; } = key;

        public int Hops { get; } = hops;

        public DateTimeOffset Until { get; set; } = until;
    }
}

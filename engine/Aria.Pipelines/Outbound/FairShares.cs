namespace Aria.Pipelines.Outbound;

/// <summary>
/// Gives the pipelines that wait for one budget equal shares (deficit round robin): a pipeline may be one permit ahead of any other that
/// should be served by now. Kept in memory, because what it forgets in a restart is worth a few permits.
/// </summary>
internal sealed class FairShares
{
    // Who was told to come back and does not come within this time has gone.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(1);

    // A permit is not left unused for longer than this because somebody who is owed it has not come: other work of the host may keep them.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Dictionary<string, Share>> _accounts = [];

    /// <summary>True when a pipeline may take the next permit.</summary>
    public bool MayTake(string connection, string pipeline, DateTimeOffset now)
    {
        lock (_accounts)
        {
            Share own = Find(connection, pipeline, now);
            // Work comes back in the millisecond of its turn, so perhaps a little before it.
            if (own.Turns.Count > 0 && own.Turns.Min < now + Early)
            {
                own.Turns.Remove(own.Turns.Min);
            }
            foreach (Share other in _accounts[connection].Values)
            {
                if (other != own && own.Served > other.Served && other.IsDue(now, Courtesy))
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>A pipeline took a permit.</summary>
    public void Took(string connection, string pipeline, DateTimeOffset now)
    {
        lock (_accounts)
        {
            Find(connection, pipeline, now).Served++;
        }
    }

    /// <summary>When somebody who was refused comes back: those of one pipeline one permit apart, pipelines among each other.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="pipeline">Who was refused.</param>
    /// <param name="now">The time.</param>
    /// <param name="next">When there is a permit.</param>
    /// <param name="apart">How far permits are from each other.</param>
    /// <param name="closest">How far those who ask are from each other at least, however many they are.</param>
    /// <param name="window">The limit's.</param>
    public DateTimeOffset Turn(string connection, string pipeline, DateTimeOffset now, DateTimeOffset next, TimeSpan apart, TimeSpan closest, TimeSpan window)
    {
        lock (_accounts)
        {
            Share own = Find(connection, pipeline, now);
            int waiting = _accounts[connection].Values.Count(s => s == own || s.Turns.Count > 0);
            // Half of what equal shares would give: a pipeline that runs out leaves its permits to the others, who must then be there.
            TimeSpan spacing = apart * Math.Max(1, waiting / 2.0);
            DateTimeOffset turn = own.Turns.Count > 0 && own.Turns.Max + spacing > next ? own.Turns.Max + spacing : next;
            // Nobody waits for much longer than a window: told the next permit instead, all of them would ask for every permit.
            DateTimeOffset latest = own.Turns.Count > 0 && own.Turns.Max + closest > next + window ? own.Turns.Max + closest : next + window;
            turn = turn > latest ? latest : turn;
            own.Turns.Add(turn);
            return turn;
        }
    }

    private Share Find(string connection, string pipeline, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(connection, out Dictionary<string, Share>? shares))
        {
            _accounts[connection] = shares = [];
        }
        // Of those who wait, the one who was served least.
        long? least = null;
        foreach (Share share in shares.Values)
        {
            while (share.Turns.Count > 0 && share.Turns.Min < now - Grace)
            {
                share.Turns.Remove(share.Turns.Min);
            }
            if (share.Turns.Count > 0)
            {
                least = Math.Min(least ?? share.Served, share.Served);
            }
        }
        if (!shares.TryGetValue(pipeline, out Share? own))
        {
            shares[pipeline] = own = new Share();
        }
        if (least is null)
        {
            // What was taken while there was enough for all is not held against anybody.
            foreach (Share share in shares.Values)
            {
                share.Served = 0;
            }
        }
        else if (own.Turns.Count == 0)
        {
            // What was not asked for is not owed.
            own.Served = Math.Max(own.Served, least.Value);
        }
        return own;
    }

    private sealed class Share
    {
        public long Served { get; set; }

        /// <summary>When those come back who were refused.</summary>
        public SortedSet<DateTimeOffset> Turns { get; } = [];

        /// <summary>Whether somebody's turn has come, no longer ago than that.</summary>
        public bool IsDue(DateTimeOffset now, TimeSpan within) => Turns.GetViewBetween(now - within, now).Count > 0;
    }
}

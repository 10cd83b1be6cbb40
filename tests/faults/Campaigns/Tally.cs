namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>Collects what a campaign did and found, from any thread.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _duplicates = new(StringComparer.Ordinal);
    private readonly List<Violation> _violations = [];
    private readonly List<string> _notes = [];
    private int _trials;
    private long _faults;
    private long _acknowledged;
    private long _lost;
    private long _unsafeResends;
    private string? _skipped;

    /// <summary>Violations so far.</summary>
    public int Violations
    {
        get
        {
            lock (_gate)
            {
                return _violations.Count;
            }
        }
    }

    public void Trial(int count = 1)
    {
        lock (_gate)
        {
            _trials += count;
        }
    }

    public void Fault(long count = 1)
    {
        lock (_gate)
        {
            _faults += count;
        }
    }

    public void Acknowledged(long count = 1)
    {
        lock (_gate)
        {
            _acknowledged += count;
        }
    }

    /// <summary>An acknowledged event that is gone, or has no end state.</summary>
    public void Lost(long seed, string text)
    {
        lock (_gate)
        {
            _lost++;
            _violations.Add(new Violation(seed, "Lost: " + text));
        }
    }

    /// <summary>An effect that a target got more than once, though its class promises once.</summary>
    public void Duplicate(string effectClass, long seed, string text)
    {
        lock (_gate)
        {
            _duplicates[effectClass] = _duplicates.GetValueOrDefault(effectClass) + 1;
            _violations.Add(new Violation(seed, $"Duplicate ({effectClass}): {text}"));
        }
    }

    /// <summary>An effect of class unsafe that was sent again without an operator.</summary>
    public void UnsafeResend(long seed, string text)
    {
        lock (_gate)
        {
            _unsafeResends++;
            _violations.Add(new Violation(seed, "Unsafe resend: " + text));
        }
    }

    public void Violation(long seed, string text)
    {
        lock (_gate)
        {
            _violations.Add(new Violation(seed, text));
        }
    }

    /// <summary>Holds the engine to a rule.</summary>
    public void Demand(bool kept, long seed, string otherwise)
    {
        if (!kept)
        {
            Violation(seed, otherwise);
        }
    }

    public void Note(string text)
    {
        lock (_gate)
        {
            _notes.Add(text);
        }
    }

    /// <summary>The campaign cannot run on this machine.</summary>
    public void Skip(string why)
    {
        lock (_gate)
        {
            _skipped = why;
        }
    }

    public CampaignResult Result(Campaign campaign, long seed, TimeSpan duration)
    {
        lock (_gate)
        {
            return new CampaignResult
            {
                Id = campaign.Id,
                Title = campaign.Title,
                Choice = campaign.Choice,
                Seed = seed,
                Duration = duration,
                Trials = _trials,
                Whole = campaign.FullCount,
                Faults = _faults,
                Acknowledged = _acknowledged,
                Lost = _lost,
                Duplicates = new SortedDictionary<string, long>(_duplicates, StringComparer.Ordinal),
                UnsafeResends = _unsafeResends,
                Violations = [.. _violations],
                Notes = [.. _notes],
                Skipped = _skipped,
            };
        }
    }
}

namespace Aria.Pipelines.Faults.Rig;

/// <summary>Random numbers that one printed seed repeats (splitmix64). Not thread-safe: give each thread a fork.</summary>
internal sealed class Dice(long seed)
{
    private ulong _state = unchecked((ulong)seed);

    /// <summary>A seed that follows from another one and a number, always the same.</summary>
    public static long Mix(long seed, long number)
    {
        var dice = new Dice(unchecked(seed ^ (number * 0x5851F42D4C957F2D)));
        return (long)(dice.Next() >> 16);
    }

    /// <summary>A whole number from 0 to below the limit.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>A whole number from the least to the most, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True in this many of 100 cases.</summary>
    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>A time between two others.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)((most - least).Ticks * ((Next() >> 11) / (double)(1UL << 53))));

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)Next();
        }
        return bytes;
    }

    public void Shuffle<T>(IList<T> items)
    {
        for (int i = items.Count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>Other dice, whose numbers follow from these.</summary>
    public Dice Fork() => new(unchecked((long)Next()));

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

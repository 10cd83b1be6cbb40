using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns.Damage;

/// <summary>A disk as a power cut leaves it: what was synced is there; of what was not, each write is there, or not, or some sectors of it, in any order.</summary>
internal sealed class CrashImage
{
    private const int Sector = 512;
    private readonly Dictionary<string, byte[]> _synced = [];
    private readonly Dictionary<string, List<DiskAct>> _pending = [];

    /// <summary>Events that were acknowledged before the power went.</summary>
    public HashSet<string> Acknowledged { get; } = [];

    /// <summary>Acts that were not synced.</summary>
    public int Pending => _pending.Values.Sum(p => p.Count);

    /// <summary>The next thing happens.</summary>
    public void Add(DiskAct act)
    {
        switch (act)
        {
            case DiskAct.Acknowledged acknowledged:
                Acknowledged.UnionWith(acknowledged.Events);
                break;
            case DiskAct.Synced synced:
                _synced[synced.Path] = PendingOf(synced.Path).Aggregate(Durable(synced.Path), Apply);
                PendingOf(synced.Path).Clear();
                break;
            case DiskAct.Wrote wrote:
                PendingOf(wrote.Path).Add(wrote);
                break;
            case DiskAct.Cut cut:
                PendingOf(cut.Path).Add(cut);
                break;
        }
    }

    /// <summary>Writes what is left of the files into a folder.</summary>
    public void Leave(string folder, Dice dice)
    {
        foreach (string path in _synced.Keys.Union(_pending.Keys))
        {
            List<DiskAct> left = [.. PendingOf(path).Where(_ => dice.Percent(50))];
            if (dice.Percent(30))
            {
                dice.Shuffle(left);
            }
            byte[] bytes = left.SelectMany(a => Torn(a, dice)).Aggregate(Durable(path), Apply);
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(path)), bytes);
        }
    }

    private static DiskAct[] Torn(DiskAct act, Dice dice)
    {
        if (act is not DiskAct.Wrote wrote || dice.Percent(60))
        {
            return [act];
        }
        // Sectors are whole: a disk writes all of one, or nothing of it.
        return wrote.Bytes.Chunk(Sector).Select((bytes, i) => new DiskAct.Wrote(wrote.Path, wrote.At + (i * Sector), bytes)).Where(_ => dice.Percent(50)).ToArray<DiskAct>();
    }

    private static byte[] Apply(byte[] bytes, DiskAct act)
    {
        switch (act)
        {
            case DiskAct.Cut cut:
                Array.Resize(ref bytes, (int)cut.Length);
                return bytes;
            case DiskAct.Wrote wrote:
                if (bytes.Length < wrote.At + wrote.Bytes.Length)
                {
                    Array.Resize(ref bytes, (int)wrote.At + wrote.Bytes.Length);
                }
                wrote.Bytes.CopyTo(bytes, wrote.At);
                return bytes;
            default:
                return bytes;
        }
    }

    private byte[] Durable(string path) => _synced.TryGetValue(path, out byte[]? bytes) ? (byte[])bytes.Clone() : [];

    private List<DiskAct> PendingOf(string path) => _pending.TryGetValue(path, out List<DiskAct>? acts) ? acts : _pending[path] = [];
}

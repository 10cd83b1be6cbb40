using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Faults.Campaigns.Damage;

/// <summary>
/// F7. One byte of a data file is flipped, its end is cut off, or a page is zeroed. Never is wrong data served: the store does not open and
/// says how to restore, or what is damaged says so; and nothing is missing in silence. Two things cannot be known, and are counted and told
/// instead: that the log of a killed host was longer, or sound in its last commits, and that a bit changed, after a kill, in a plain column that
/// no index repeats.
/// </summary>
internal sealed class DamagedStore : Campaign
{
    private const int PageSize = 4096;
    private const string LastCommitWord = ", in its last commits";

    public override string Id => "F7";

    public override string Title => "bytes flipped, file truncated, pages zeroed";

    public override int FullCount => 600;

    public override int CiCount => 100;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var unknowable = new Unknowable();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-damage-");
        MasterKey key = MasterKey.Ephemeral();
        var clock = new DemoClock();
        try
        {
            foreach (bool isKilled in (bool[])[false, true])
            {
                string original = Path.Combine(folder.FullName, isKilled ? "killed" : "closed");
                await FillAsync(original, key, clock, isKilled, cancellationToken);
                StoreReading good = await ReadCopyAsync(original, _ => { });
                int from = isKilled ? settings.Count / 2 : 0;
                int to = isKilled ? settings.Count : settings.Count / 2;
                for (int i = from; i < to; i++)
                {
                    long seed = settings.TrialSeed(i);
                    var dice = new Dice(seed);
                    string what = "";
                    StoreReading now = await ReadCopyAsync(original, copy => what = Damage(copy, dice));
                    if (!unknowable.Counts(isKilled, what, good, now))
                    {
                        Judge(good, now, $"{(isKilled ? "killed" : "closed")} store, {what}", seed, tally);
                    }
                    tally.Fault();
                    tally.Trial();
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        tally.Note($"not knowable: {unknowable.ShortLogs} logs of a killed host that are shorter or damaged in their last {WriteAheadLog.MostPending} commits, {unknowable.PlainColumns} plain values that no index repeats in a file of a killed host");

        async Task<StoreReading> ReadCopyAsync(string original, Action<string> damage)
        {
            string copy = Path.Combine(folder.FullName, "copy");
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(original))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
            damage(copy);
            StoreReading reading = await StoreReading.OfAsync(Path.Combine(copy, "aria.db"), key, clock);
            Directory.Delete(copy, recursive: true);
            return reading;
        }
    }

    /// <summary>Makes a store in which something of everything happened.</summary>
    private static async Task FillAsync(string to, MasterKey key, DemoClock clock, bool isKilled, CancellationToken cancellationToken)
    {
        var book = new ThingBook();
        int number = 0;
        await using var target = new RawTarget();
        target.Answer = (request, stream, stop) => ++number % 5 == 0 ? Task.FromResult(false) : book.AnswerAsync(request, stream, stop);
        using var workspace = new SmallWorkspace(target.Url);
        await using LocalEngine engine = await SmallEngine.OpenAsync(workspace, key, clock);
        for (int i = 0; i < 40; i++)
        {
            await engine.AcceptAsync(SmallWorkspace.Operations[i % SmallWorkspace.Operations.Count], FormattableString.Invariant($"t{i}"));
            if (i < 30)
            {
                await engine.DrainAsync(clock.Advance, 50, cancellationToken);
            }
        }
        if (!isKilled)
        {
            await engine.DisposeAsync();
        }
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(workspace.Options.Data, "aria.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static string Damage(string folder, Dice dice)
    {
        string path = dice.Of(Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray());
        byte[] bytes = File.ReadAllBytes(path);
        int at = dice.Below(bytes.Length);
        long lastCommit = path.EndsWith("-wal", StringComparison.Ordinal) ? LastCommits(bytes) : long.MaxValue;
        string what;
        switch (dice.Below(12))
        {
            case 0:
                what = $"cut off behind {at} of {bytes.Length}";
                bytes = bytes[..at];
                break;
            case 1:
                at -= at % PageSize;
                Array.Clear(bytes, at, Math.Min(PageSize, bytes.Length - at));
                what = $"page at {at} zeroed";
                break;
            default:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                what = $"byte {at} flipped";
                break;
        }
        // Nobody wrote to it: a disk that forgets does not touch the time of the last change.
        DateTime written = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, written);
        return $"{Path.GetFileName(path)} {what}{(at >= lastCommit ? LastCommitWord : "")}";
    }

    /// <summary>Where those commits of a log begin that a power cut may have left undone.</summary>
    private static long LastCommits(byte[] log)
    {
        const int header = 32;
        const int frame = 24 + PageSize;
        int[] ends = [.. Enumerable.Range(0, (log.Length - header) / frame)
            .Select(i => header + (i * frame))
            .Where(f => log.AsSpan(f + 8, 8).SequenceEqual(log.AsSpan(16, 8)) && log.AsSpan(f + 4, 4).ContainsAnyExcept((byte)0))];
        return ends.Length <= WriteAheadLog.MostPending ? 0 : ends[^(WriteAheadLog.MostPending + 1)] + frame;
    }

    private static void Judge(StoreReading good, StoreReading now, string what, long seed, Tally tally)
    {
        if (now.Refused is { } refusal)
        {
            tally.Demand(refusal is StoreDamagedException or MasterKeyException, seed, $"Refused without saying how to restore ({refusal.GetType().Name}: {refusal.Message}): {what}");
            return;
        }
        tally.Demand(now.Errors.All(e => e is ContentIntegrityException or StoreDamagedException or StoreUnavailableException), seed, $"An error that says nothing of damage ({string.Join("; ", now.Errors.Select(e => e.GetType().Name + " " + e.Message).Distinct())}): {what}");
        foreach ((string id, string text) in good.Runs)
        {
            if (!now.Runs.TryGetValue(id, out string? read))
            {
                tally.Demand(now.Errors.Count > 0, seed, $"Run {id} is missing in silence: {what}");
            }
            else if (read != text && read.Length > 0)
            {
                int at = text.Zip(read).TakeWhile(p => p.First == p.Second).Count();
                tally.Violation(seed, $"Wrong data served: {what}: '{Near(text, at)}' became '{Near(read, at)}'");
            }
        }
    }

    private sealed class Unknowable
    {
        public int ShortLogs { get; private set; }

        public int PlainColumns { get; private set; }

        public bool Counts(bool isKilled, string what, StoreReading good, StoreReading now)
        {
            if (!isKilled || now.Refused is not null || now.Errors.Count > 0)
            {
                return false;
            }
            if (what.Contains("-wal cut off", StringComparison.Ordinal) || (what.Contains("-wal", StringComparison.Ordinal) && what.EndsWith(LastCommitWord, StringComparison.Ordinal)))
            {
                ShortLogs++;
                return true;
            }
            // One run alone differs, in few characters: no content, which is sealed, and no reference, which would take others with it.
            var others = good.Runs.Where(r => now.Runs.GetValueOrDefault(r.Key) != r.Value).ToList();
            bool isPlain = what.Contains("aria.db byte", StringComparison.Ordinal) && others is [var one] && now.Runs.TryGetValue(one.Key, out string? read)
                && one.Key[0] != '$' && Math.Abs(read.Length - one.Value.Length) < 20 && one.Value.Zip(read).TakeWhile(p => p.First == p.Second).Count() is var same
                && same < one.Value.Length && !IsContent(one.Value, same);
            PlainColumns += isPlain ? 1 : 0;
            return isPlain;
        }

        /// <summary>Content stands in hex between the records.</summary>
        private static bool IsContent(string text, int at) => text[Math.Max(0, at - 12)..at].All(char.IsAsciiHexDigitUpper);
    }

    private static string Near(string text, int at) => text[Math.Max(0, at - 30)..Math.Min(text.Length, at + 20)];
}

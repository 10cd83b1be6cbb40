using System.Globalization;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Faults.Campaigns.Damage;

/// <summary>What a process did to the disk, one act after the other, and what it acknowledged in between; read from the log of <c>strace</c>.</summary>
internal static partial class DiskTrace
{
    /// <summary>Arguments of strace whose log can be read here.</summary>
    public const string Arguments = "-D -f -qq -y -xx -s 100000 -e trace=pwrite64,write,fsync,fdatasync,ftruncate,sendto,sendmsg";

    /// <param name="log">The log.</param>
    /// <param name="file">The store's file; its log is taken too.</param>
    public static IReadOnlyList<DiskAct> Read(string log, string file)
    {
        List<DiskAct> acts = [];
        Dictionary<string, DiskAct> syncing = [];
        foreach (string line in File.ReadLines(log))
        {
            if (Resumed().Match(line) is { Success: true } resumed)
            {
                // A sync counts when it has returned.
                if (syncing.Remove(resumed.Groups["thread"].Value, out DiskAct? synced))
                {
                    acts.Add(synced);
                }
            }
            else if (Call().Match(line) is { Success: true } call)
            {
                DiskAct? act = Act(call.Groups["name"].Value, call.Groups["rest"].Value, file);
                if (act is DiskAct.Synced && line.Contains("<unfinished", StringComparison.Ordinal))
                {
                    syncing[call.Groups["thread"].Value] = act;
                }
                else if (act is not null)
                {
                    acts.Add(act);
                }
            }
        }
        return acts;
    }

    private static DiskAct? Act(string name, string rest, string file)
    {
        if (name is "sendto" or "sendmsg")
        {
            string text = System.Text.Encoding.Latin1.GetString(Bytes(rest));
            return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && Identifier().Matches(text) is { Count: > 0 } ids ? new DiskAct.Acknowledged([.. ids.Select(i => i.Value)]) : null;
        }
        string path = Path(rest);
        if (path != file && path != $"{file}-wal")
        {
            return null;
        }
        return name switch
        {
            "fsync" or "fdatasync" => new DiskAct.Synced(path),
            "ftruncate" => new DiskAct.Cut(path, long.Parse(LastNumber().Match(rest).Groups["n"].Value, CultureInfo.InvariantCulture)),
            "pwrite64" => new DiskAct.Wrote(path, long.Parse(LastNumber().Match(rest).Groups["n"].Value, CultureInfo.InvariantCulture), Bytes(rest)),
            _ => throw new NotSupportedException($"The store was written to by '{name}', which is not replayed."),
        };
    }

    private static string Path(string rest) =>
        Descriptor().Match(rest) is { Success: true } found ? System.Text.Encoding.UTF8.GetString(Convert.FromHexString(found.Groups["hex"].Value.Replace("\\x", "", StringComparison.Ordinal))) : "";

    private static byte[] Bytes(string rest)
    {
        using var bytes = new MemoryStream();
        foreach (Match text in Text().Matches(rest))
        {
            bytes.Write(Convert.FromHexString(text.Groups["hex"].Value.Replace("\\x", "", StringComparison.Ordinal)));
        }
        return bytes.ToArray();
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<name>\w+)\((?<rest>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<thread>\d+)\s+<\.\.\. f(data)?sync resumed>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^\d+<(?<hex>(\\x[0-9a-f]{2})+)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Descriptor();

    [GeneratedRegex(@", (?<n>\d+)(\)| <unfinished)", RegexOptions.ExplicitCapture | RegexOptions.RightToLeft, matchTimeoutMilliseconds: -1)]
    private static partial Regex LastNumber();

    [GeneratedRegex(@"""(?<hex>(\\x[0-9a-f]{2})+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Text();

    [GeneratedRegex(@"\b01[0-9A-HJKMNP-TV-Z]{24}\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Identifier();
}

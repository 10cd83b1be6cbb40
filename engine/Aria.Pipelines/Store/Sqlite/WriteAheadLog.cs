using System.Buffers.Binary;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// Examines the log that a killed process left. SQLite takes the first frame with a wrong checksum for the end and forgets all behind it, which
/// is right for a commit that was cut off and wrong for a damaged byte: acknowledged commits would be gone in silence. Few commits are ever
/// unsynced together, and of those a power cut may leave any; more than these, from the first wrong one to the last whole one, show damage.
/// Damage in the last <see cref="MostPending"/> commits cannot be told from a cut.
/// </summary>
internal static class WriteAheadLog
{
    // https://sqlite.org/fileformat2.html, section 4.1: all integers big-endian, checksums in the byte order the magic number names.
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;
    private const uint Magic = 0x377f0682;

    /// <summary>Commits that may be on their way to the disk at one moment: those that were left to be synced, and the one that syncs them.</summary>
    internal const int MostPending = GroupWriter<SqliteSession>.MostUnsynced + 1;

    /// <exception cref="StoreDamagedException">Commits that were durable cannot be read any more.</exception>
    public static void Examine(string path)
    {
        string log = $"{path}-wal";
        if (!File.Exists(log))
        {
            return;
        }
        using FileStream file = File.OpenRead(log);
        byte[] header = new byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
        {
            return;
        }
        bool isSound = IsSound(header, out bool isBig);
        // The header is synced before the first frame is written; alone it holds nothing.
        if (isSound ? HasCommitBehindAGap(file, header, isBig) : file.Length > HeaderSize)
        {
            throw new StoreDamagedException(path, "commits in its log cannot be read");
        }
    }

    private static bool HasCommitBehindAGap(FileStream file, byte[] header, bool isBig)
    {
        byte[] frame = new byte[FrameHeaderSize + (int)Number(header, 8)];
        (uint First, uint Second) before = (Number(header, 24), Number(header, 28));
        bool isCut = false;
        int commits = 0;
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            bool isOurs = frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8));
            bool isSound = isOurs && Sum(frame.AsSpan(FrameHeaderSize), isBig, Sum(frame.AsSpan(0, 8), isBig, before)) == (Number(frame, 16), Number(frame, 20));
            bool isCommit = isOurs && Number(frame, 4) != 0;
            isCut |= !isSound;
            commits += isCut && isCommit ? 1 : 0;
            if (commits > MostPending && isSound && isCommit)
            {
                return true;
            }
            before = (Number(frame, 16), Number(frame, 20));
        }
        return false;
    }

    private static bool IsSound(byte[] header, out bool isBig)
    {
        uint magic = Number(header, 0);
        isBig = (magic & 1) == 1;
        uint size = Number(header, 8);
        return (magic & ~1u) == Magic
            && size is >= 512 and <= 65536
            && Sum(header.AsSpan(0, 24), isBig, (0, 0)) == (Number(header, 24), Number(header, 28));
    }

    private static (uint First, uint Second) Sum(ReadOnlySpan<byte> bytes, bool isBig, (uint First, uint Second) before)
    {
        (uint first, uint second) = before;
        for (int i = 0; i + 8 <= bytes.Length; i += 8)
        {
            first += Word(bytes[i..], isBig) + second;
            second += Word(bytes[(i + 4)..], isBig) + first;
        }
        return (first, second);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool isBig) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static uint Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}

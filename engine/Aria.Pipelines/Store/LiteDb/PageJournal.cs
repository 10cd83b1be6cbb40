using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// Batches of pages that are decided but perhaps not yet in their place: records of magic, sequence, count, then index and content of each
/// page, and a SHA-256 over all of it. A record that is torn was never decided, and ends the journal.
/// </summary>
internal sealed class PageJournal(IDiskFile file) : IDisposable
{
    private const ulong Magic = 0x41524941_4A4E4C31;
    private const int HeaderSize = 20;
    private const int EntrySize = sizeof(long) + PagedFile.PageSize;

    private long end;
    // Random, so that no record left over from another opening can continue one of this.
    private long sequence = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))) >>> 2;

    /// <summary>Bytes that a recovery would have to read.</summary>
    public long Length => end;

    /// <summary>Decides a batch: it is durable when this has returned, and otherwise it never was.</summary>
    public void Append(IReadOnlyDictionary<long, byte[]> pages)
    {
        byte[] record = new byte[HeaderSize + (pages.Count * EntrySize) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(record, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), sequence + 1);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), pages.Count);
        int at = HeaderSize;
        foreach ((long index, byte[] page) in pages)
        {
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(at), index);
            page.CopyTo(record, at + sizeof(long));
            at += EntrySize;
        }
        SHA256.HashData(record.AsSpan(0, at), record.AsSpan(at));
        try
        {
            file.Write(record, end);
            file.Sync();
        }
        catch
        {
            Forget();
            throw;
        }
        sequence++;
        end += record.Length;
    }

    /// <summary>Hands over the pages of every decided batch, in order.</summary>
    public void Replay(Action<long, byte[]> write)
    {
        while (ReadRecord() is byte[] record)
        {
            for (int at = HeaderSize; at < record.Length - SHA256.HashSizeInBytes; at += EntrySize)
            {
                write(BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(at)), record.AsSpan(at + sizeof(long), PagedFile.PageSize).ToArray());
            }
            sequence = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(8));
            end += record.Length;
        }
    }

    /// <summary>Starts again, after all pages are durable in their place.</summary>
    public void Clear()
    {
        file.SetLength(0);
        end = 0;
    }

    public void Dispose() => file.Dispose();

    private byte[]? ReadRecord()
    {
        byte[] header = new byte[HeaderSize];
        if (file.Read(header, end) < HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
        {
            return null;
        }
        long found = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8));
        long length = HeaderSize + (BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(16)) * (long)EntrySize) + SHA256.HashSizeInBytes;
        // What stands behind the last record may be left over from before the journal was cleared.
        if ((end > 0 && found != sequence + 1) || length < HeaderSize || length > file.Length - end)
        {
            return null;
        }
        byte[] record = new byte[length];
        file.Read(record, end);
        return SHA256.HashData(record.AsSpan(..^SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(record.AsSpan(^SHA256.HashSizeInBytes..)) ? record : null;
    }

    /// <summary>Takes a refused record out, so that no later recovery finds it whole. When even that fails, the recovery decides.</summary>
    private void Forget()
    {
        try
        {
            file.SetLength(end);
            file.Sync();
        }
        catch (IOException)
        {
            // The first failure is the one to tell; whoever was refused tries again, and finds what the recovery decided.
        }
    }
}

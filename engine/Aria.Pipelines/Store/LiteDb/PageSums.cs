using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Half a SHA-256 of each page with its index, kept beside the data file and in memory. A page that was never written is zeros, and so is its sum.</summary>
internal sealed class PageSums : IDisposable
{
    private const int SumSize = 16;

    private readonly IDiskFile file;
    private readonly List<UInt128> sums;

    public PageSums(IDiskFile file)
    {
        this.file = file;
        byte[] all = new byte[file.Length / SumSize * SumSize];
        file.Read(all, 0);
        sums = [.. MemoryMarshal.Cast<byte, UInt128>(all)];
    }

    /// <summary>Pages up to the last one that was ever written.</summary>
    public long Count => sums.FindLastIndex(sum => sum != UInt128.Zero) + 1;

    public bool Fits(long index, ReadOnlySpan<byte> page) =>
        index < sums.Count && sums[(int)index] != UInt128.Zero ? sums[(int)index] == SumOf(index, page) : !page.ContainsAnyExcept((byte)0);

    public void Set(long index, ReadOnlySpan<byte> page)
    {
        UInt128 sum = SumOf(index, page);
        file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in sum)), index * SumSize);
        Remember(index, sum);
    }

    /// <summary>Takes the room for so many pages, so that none is refused later.</summary>
    public void Reserve(long count)
    {
        if (file.Length < count * SumSize)
        {
            file.Write(new byte[(count * SumSize) - file.Length], file.Length);
            file.Sync();
        }
    }

    public void Sync() => file.Sync();

    public void Dispose() => file.Dispose();

    private static UInt128 SumOf(long index, ReadOnlySpan<byte> page)
    {
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(place, index);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(place);
        hash.AppendData(page);
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(sum);
        return MemoryMarshal.Read<UInt128>(sum);
    }

    private void Remember(long index, UInt128 sum)
    {
        while (sums.Count <= index)
        {
            sums.Add(UInt128.Zero);
        }
        sums[(int)index] = sum;
    }
}

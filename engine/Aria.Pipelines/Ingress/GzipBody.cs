using System.Buffers.Binary;
using System.IO.Compression;

namespace Aria.Pipelines.Ingress;

/// <summary>Unpacks bodies that a source sends as gzip.</summary>
internal static class GzipBody
{
    /// <summary>Unpacks a body.</summary>
    /// <param name="body">What was sent; what was packed, on success.</param>
    /// <param name="most">The most bytes that it may hold: a few may unpack to very many.</param>
    /// <param name="tooLarge">True when it holds more.</param>
    /// <returns>False when it is not gzip, is cut short, or holds too much.</returns>
    public static bool TryUnpack(ref byte[] body, int most, out bool tooLarge)
    {
        tooLarge = false;
        using var unpacked = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            byte[] part = new byte[16 * 1024];
            while (gzip.Read(part) is > 0 and var read)
            {
                unpacked.Write(part, 0, read);
                if (unpacked.Length > most)
                {
                    tooLarge = true;
                    return false;
                }
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        // The end of the stream says how much was packed; bytes that stop before it are read without an error.
        if (body.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(^4)) != (uint)unpacked.Length)
        {
            return false;
        }
        body = unpacked.ToArray();
        return true;
    }
}

using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Ingress;

/// <summary>Unpacks bodies of senders that compress. A few bytes can stand for gigabytes, so no more is unpacked than may be sent plain.</summary>
internal static class GzipBody
{
    /// <summary>True for bytes that are gzip, whatever their sender calls them.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> body) => body is [0x1F, 0x8B, ..];

    /// <summary>The bytes, or the status and code to refuse them with.</summary>
    public static (byte[]? Plain, int Status, string Code) Unpack(byte[] body, int most)
    {
        using var packed = new MemoryStream(body, writable: false);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        byte[] buffer = new byte[most + 1];
        try
        {
            int length = gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > most ? (null, StatusCodes.Status413PayloadTooLarge, "payload_too_large") : (buffer[..length], 0, "");
        }
        catch (InvalidDataException)
        {
            return (null, StatusCodes.Status400BadRequest, "bad_request");
        }
    }
}

using System.Buffers;
using System.Text.Json;

namespace Aria.Pipelines.Connectors;

/// <summary>Writes JSON into memory that a thread uses again: only the result is made anew.</summary>
internal static class JsonScratch
{
    private const int FirstBytes = 16 * 1024;

    // What was larger once is not kept for every thread.
    private const int MostKept = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_bytes;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    /// <summary>Compact UTF-8.</summary>
    /// <param name="state">Given to <paramref name="write"/>, which then need not capture anything.</param>
    /// <param name="write">Writes one value.</param>
    public static byte[] ToBytes<T>(T state, Action<Utf8JsonWriter, T> write) => Written(state, write, static bytes => bytes.ToArray());

    /// <summary>The value itself, which owns its memory.</summary>
    /// <param name="state">Given to <paramref name="write"/>.</param>
    /// <param name="write">Writes one value.</param>
    public static JsonElement ToElement<T>(T state, Action<Utf8JsonWriter, T> write) => Written(state, write, static bytes => JsonElement.Parse(bytes));

    private static TResult Written<T, TResult>(T state, Action<Utf8JsonWriter, T> write, Func<ReadOnlySpan<byte>, TResult> result)
    {
        ArrayBufferWriter<byte> bytes = s_bytes ?? new ArrayBufferWriter<byte>(FirstBytes);
        Utf8JsonWriter writer = s_writer ?? new Utf8JsonWriter(bytes, ConnectorJson.Compact);
        // Taken away while it is in use, because what writes may come here again; and after a failure, when nobody knows how far it came.
        (s_bytes, s_writer) = (null, null);
        write(writer, state);
        writer.Flush();
        TResult made = result(bytes.WrittenSpan);
        if (bytes.Capacity <= MostKept)
        {
            bytes.ResetWrittenCount();
            writer.Reset();
            (s_bytes, s_writer) = (bytes, writer);
        }
        return made;
    }
}

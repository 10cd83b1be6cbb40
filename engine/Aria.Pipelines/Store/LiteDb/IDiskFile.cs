namespace Aria.Pipelines.Store.LiteDb;

/// <summary>A file as far as durability is concerned: what is written is on stable storage once <see cref="Sync"/> has returned, and not before.</summary>
internal interface IDiskFile : IDisposable
{
    long Length { get; }

    /// <returns>How many bytes were read; fewer than asked for only at the end of the file.</returns>
    int Read(Span<byte> buffer, long offset);

    /// <exception cref="IOException">Not everything was written.</exception>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    void SetLength(long length);

    /// <exception cref="IOException">What was written may be lost. Trying again proves nothing.</exception>
    void Sync();
}

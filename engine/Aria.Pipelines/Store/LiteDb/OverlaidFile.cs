namespace Aria.Pipelines.Store.LiteDb;

/// <summary>A file that is only read: what is written stays in memory and is forgotten.</summary>
internal sealed class OverlaidFile : IDiskFile
{
    private readonly MemoryStream content = new();

    private OverlaidFile(string path)
    {
        if (File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            file.CopyTo(content);
        }
    }

    public long Length => content.Length;

    public static OverlaidFile Open(string path) => new(path);

    public int Read(Span<byte> buffer, long offset)
    {
        content.Position = offset;
        return content.Read(buffer);
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        content.Position = offset;
        content.Write(bytes);
    }

    public void SetLength(long length) => content.SetLength(length);

    public void Sync()
    {
        // Nothing of it is to be kept.
    }

    public void Dispose() => content.Dispose();
}

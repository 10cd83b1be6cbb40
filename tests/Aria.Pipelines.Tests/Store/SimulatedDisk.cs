using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Store.LiteDb;

namespace Aria.Pipelines.Tests.Store;

/// <summary>
/// Files that know which of their bytes are on stable storage: a power cut keeps what was synced, and of what was written since keeps or loses
/// each write, or tears it within a sector.
/// </summary>
internal sealed class SimulatedDisk
{
    private const int Sector = 512;

    private readonly Dictionary<string, State> files = [];
    private readonly Lock gate = new();

    /// <summary>Called before each write and sync, with what and where; may throw, or take an image.</summary>
    public Action<string, string> Before { get; set; } = (_, _) => { };

    public IDiskFile Open(string path)
    {
        lock (gate)
        {
            if (!files.TryGetValue(path, out State? state))
            {
                files[path] = state = new State();
            }
            return new SimulatedFile(this, Path.GetFileName(path), state);
        }
    }

    /// <summary>The disk as a power cut at this moment may leave it.</summary>
    public SimulatedDisk Cut(Dice dice)
    {
        var left = new SimulatedDisk();
        lock (gate)
        {
            foreach ((string path, State state) in files)
            {
                byte[] content = state.Stable;
                var cut = new State { Content = [.. content], Stable = [.. content] };
                foreach ((long offset, byte[]? bytes, long length) in state.Since.OrderBy(_ => dice.Below(int.MaxValue)).Where(_ => dice.Below(2) == 0).ToArray())
                {
                    if (bytes is null)
                    {
                        cut.SetLength(length);
                    }
                    else
                    {
                        int kept = dice.Below(4) == 0 ? dice.Below((bytes.Length / Sector) + 1) * Sector : bytes.Length;
                        cut.Write(bytes.AsSpan(0, Math.Min(kept, bytes.Length)), offset);
                    }
                }
                left.files[path] = new State { Content = cut.Content, Stable = [.. cut.Content] };
            }
        }
        return left;
    }

    private sealed class State
    {
        public byte[] Content { get; set; } = [];

        public byte[] Stable { get; set; } = [];

        public List<(long Offset, byte[]? Bytes, long Length)> Since { get; } = [];

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (Content.Length < offset + bytes.Length)
            {
                SetLength(offset + bytes.Length);
            }
            bytes.CopyTo(Content.AsSpan((int)offset));
        }

        public void SetLength(long length)
        {
            byte[] content = Content;
            Array.Resize(ref content, (int)length);
            Content = content;
        }
    }

    private sealed class SimulatedFile(SimulatedDisk disk, string name, State state) : IDiskFile
    {
        public long Length => state.Content.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            int count = (int)Math.Clamp(state.Content.Length - offset, 0, buffer.Length);
            state.Content.AsSpan((int)Math.Min(offset, state.Content.Length), count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            disk.Before("write", name);
            lock (disk.gate)
            {
                state.Write(bytes, offset);
                state.Since.Add((offset, bytes.ToArray(), 0));
            }
        }

        public void SetLength(long length)
        {
            lock (disk.gate)
            {
                state.SetLength(length);
                state.Since.Add((0, null, length));
            }
        }

        public void Sync()
        {
            disk.Before("sync", name);
            lock (disk.gate)
            {
                state.Stable = [.. state.Content];
                state.Since.Clear();
            }
        }

        public void Dispose()
        {
        }
    }
}

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// The data file as a stream of whole pages, in which each <see cref="Flush"/> is atomic and durable. LiteDB alone promises neither: it syncs
/// its log beside the commit, and no page carries a checksum. Here a flush is decided by one synced record in a journal, then written to its
/// place; and a sum is kept of every page, so that a page which is not what was written is never served.
/// </summary>
internal sealed class PagedFile : Stream
{
    public const int PageSize = 8192;

    /// <summary>The data file grows by so many pages at once, before anything is decided: a full disk then refuses the batch and spoils nothing.</summary>
    private const int GrowthPages = 128;

    /// <summary>A longer journal is emptied, which syncs the data file.</summary>
    private const long MaxJournal = 16 * 1024 * 1024;

    private readonly string path;
    private readonly IDiskFile data;
    private readonly PageSums sums;
    private readonly PageJournal journal;
    private readonly SortedDictionary<long, byte[]> pending = [];
    private long pages;
    private long capacity;

    private PagedFile(string path, Func<string, IDiskFile> open)
    {
        this.path = path;
        data = open(path);
        sums = new PageSums(open($"{path}-sums"));
        journal = new PageJournal(open($"{path}-journal"));
    }

    /// <summary>True after a decided flush could not be written to its place: the next opening does it.</summary>
    public bool IsSpent { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => pages * PageSize;

    public override long Position { get; set; }

    /// <summary>Opens a data file with its journal and sums, or makes them; writes decided pages to their place; examines every page.</summary>
    /// <exception cref="StoreDamagedException">A page is not what was written.</exception>
    public static PagedFile Open(string path, Func<string, IDiskFile> open)
    {
        var file = new PagedFile(path, open);
        try
        {
            file.journal.Replay(file.Place);
            file.Settle();
            file.Examine();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        long index = PageAt(count);
        if (pending.TryGetValue(index, out byte[]? page))
        {
            page.CopyTo(buffer, offset);
        }
        else if (index >= pages)
        {
            return 0;
        }
        else
        {
            Span<byte> target = buffer.AsSpan(offset, PageSize);
            if (data.Read(target, index * PageSize) < PageSize || !sums.Fits(index, target))
            {
                throw Damage(index);
            }
        }
        Position += PageSize;
        return PageSize;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        long index = PageAt(count);
        pending[index] = buffer.AsSpan(offset, PageSize).ToArray();
        pages = Math.Max(pages, index + 1);
        Position += PageSize;
    }

    /// <summary>Makes everything written since the last flush durable, all or nothing.</summary>
    /// <exception cref="IOException">Nothing of it was decided.</exception>
    public override void Flush()
    {
        if (pending.Count == 0)
        {
            return;
        }
        Grow();
        journal.Append(pending);
        try
        {
            foreach ((long index, byte[] page) in pending)
            {
                Place(index, page);
            }
            if (journal.Length > MaxJournal)
            {
                Settle();
            }
        }
        catch (IOException)
        {
            // Decided is decided: whoever opens the file next finds the pages in the journal.
            IsSpent = true;
        }
        pending.Clear();
    }

    /// <summary>Only what nothing refers to may be cut off, and nothing ever is: the file never shrinks.</summary>
    public override void SetLength(long value) => throw new NotSupportedException($"The length of '{path}' was to be set to {value}.");

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? Position : Length);

    /// <summary>Empties the journal, so that a file that was closed well is complete without it.</summary>
    /// <exception cref="IOException">The journal is still needed.</exception>
    public void Settle()
    {
        if (journal.Length > 0)
        {
            data.Sync();
            sums.Sync();
        }
        journal.Clear();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            data.Dispose();
            sums.Dispose();
            journal.Dispose();
        }
        base.Dispose(disposing);
    }

    private long PageAt(int count) =>
        count == PageSize && Position % PageSize == 0
            ? Position / PageSize
            : throw new NotSupportedException($"{count} bytes at {Position} of '{path}' are not a page.");

    private void Place(long index, byte[] page)
    {
        data.Write(page, index * PageSize);
        sums.Set(index, page);
    }

    private void Grow()
    {
        while (capacity < pages)
        {
            data.Write(new byte[GrowthPages * PageSize], capacity * PageSize);
            sums.Reserve(capacity + GrowthPages);
            data.Sync();
            capacity += GrowthPages;
        }
    }

    private void Examine()
    {
        capacity = data.Length / PageSize;
        if (sums.Count > capacity)
        {
            throw new StoreDamagedException(path, $"page {sums.Count} and perhaps others are missing");
        }
        byte[] chunk = new byte[GrowthPages * PageSize];
        for (long first = 0; first < capacity; first += GrowthPages)
        {
            int read = data.Read(chunk, first * PageSize);
            for (int i = 0; (i + 1) * PageSize <= read; i++)
            {
                if (!sums.Fits(first + i, chunk.AsSpan(i * PageSize, PageSize)))
                {
                    throw Damage(first + i);
                }
            }
        }
        pages = sums.Count;
    }

    private StoreDamagedException Damage(long index) => new(path, $"page {index} is not what was written there");
}

using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Aria.Pipelines.Bench.Load;

/// <summary>A file that is only appended to. Those who wait together share one sync of the disk.</summary>
internal sealed class Journal : IDisposable
{
    private const int BufferBytes = 4 * 1024 * 1024;
    private const int MaxRecord = 64 * 1024;
    private const long FileBytes = 256L * 1024 * 1024;
    private const int Mark = 16;

    private readonly BlockingCollection<(byte[] Record, TaskCompletionSource Durable)> _queue = [];
    private readonly SafeFileHandle _file;
    private int _done;

    /// <param name="path">The file; made with its full size, so that appending changes no metadata.</param>
    public Journal(string path)
    {
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read, FileOptions.None, FileBytes);
        new Thread(Write) { IsBackground = true, Name = "journal" }.Start();
    }

    /// <summary>Completes when the record is on the disk.</summary>
    public Task AppendAsync(byte[] record)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((record, durable));
        return durable.Task;
    }

    /// <summary>Notes that a record was forwarded, with the next sync.</summary>
    public void Done() => Interlocked.Increment(ref _done);

    public void Dispose()
    {
        _queue.CompleteAdding();
        _file.Dispose();
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncData(int file);

    private void Write()
    {
        byte[] buffer = new byte[BufferBytes];
        List<TaskCompletionSource> waiting = [];
        long at = 0;
        foreach ((byte[] Record, TaskCompletionSource Durable) first in _queue.GetConsumingEnumerable())
        {
            int count = 0;
            (byte[] Record, TaskCompletionSource Durable) next = first;
            do
            {
                BitConverter.TryWriteBytes(buffer.AsSpan(count), next.Record.Length);
                next.Record.CopyTo(buffer, count + sizeof(long));
                count += sizeof(long) + next.Record.Length;
                waiting.Add(next.Durable);
            }
            while (count < BufferBytes - (2 * MaxRecord) && _queue.TryTake(out next));
            count += Mark * Interlocked.Exchange(ref _done, 0);
            count = Math.Min(count, BufferBytes);
            RandomAccess.Write(_file, buffer.AsSpan(0, count), at);
            at = at + count > FileBytes - BufferBytes ? 0 : at + count;
            if (SyncData((int)_file.DangerousGetHandle()) != 0)
            {
                throw new IOException($"The journal could not be synced (error {Marshal.GetLastPInvokeError()}).");
            }
            waiting.ForEach(w => w.SetResult());
            waiting.Clear();
        }
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>A real file.</summary>
internal sealed class DiskFile : IDiskFile
{
    private readonly SafeFileHandle handle;
    private readonly string path;

    private DiskFile(SafeFileHandle handle, string path)
    {
        this.handle = handle;
        this.path = path;
    }

    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Opens a file, or makes an empty one whose name survives a power cut.</summary>
    public static DiskFile Open(string path)
    {
        bool isNew = !File.Exists(path);
        var file = new DiskFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), path);
        if (isNew && !OperatingSystem.IsWindows())
        {
            SyncFolder(Path.GetDirectoryName(path)!);
        }
        return file;
    }

    public int Read(Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length && RandomAccess.Read(handle, buffer[total..], offset + total) is int read and > 0)
        {
            total += read;
        }
        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Sync()
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (fsync(handle) != 0)
        {
            throw NotSynced(path);
        }
    }

    public void Dispose() => handle.Dispose();

    private static void SyncFolder(string folder)
    {
        int descriptor = open([.. Encoding.UTF8.GetBytes(folder), 0], 0);
        if (descriptor < 0)
        {
            throw NotSynced(folder);
        }
        try
        {
            if (fsync(descriptor) != 0)
            {
                throw NotSynced(folder);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException NotSynced(string path) =>
        new($"'{path}' could not be synced to disk ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())})");

    // The framework's own flush ignores an error of fsync (measured on .NET 10.0.12), and knows no folders.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(SafeFileHandle file);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int file);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int file);
}

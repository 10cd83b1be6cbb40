namespace Aria.Pipelines.Store;

/// <summary>Keeps a second process away from a data file: an operating system lock on <c>{file}.lock</c>, gone when the process is.</summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream file;

    private StoreLock(FileStream file) => this.file = file;

    /// <exception cref="StoreInUseException">Another process, or another store in this one, holds the file.</exception>
    /// <exception cref="StoreUnavailableException">The folder or the file cannot be written.</exception>
    public static StoreLock Take(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                // SQLite would open a file that it may not write, and refuse the first statement in words of its own.
                using FileStream data = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            }
            return new StoreLock(Open(path));
        }
        catch (Exception e) when (StoreTrouble.Of(path, e) is not null)
        {
            throw StoreTrouble.Of(path, e)!;
        }
    }

    /// <summary>The same for somebody who only reads.</summary>
    /// <returns>Null on read-only media, where nobody can hold anything or write.</returns>
    /// <inheritdoc cref="Take"/>
    public static StoreLock? TakeToRead(string path)
    {
        try
        {
            return new StoreLock(Open(path));
        }
        catch (IOException e) when (StoreTrouble.IsReadOnlyMedia(e))
        {
            return null;
        }
        catch (Exception e) when (StoreTrouble.Of(path, e) is not null)
        {
            throw StoreTrouble.Of(path, e)!;
        }
    }

    public void Dispose() => file.Dispose();

    private static FileStream Open(string path) => new($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}

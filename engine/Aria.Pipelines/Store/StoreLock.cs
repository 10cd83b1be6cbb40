namespace Aria.Pipelines.Store;

/// <summary>Keeps a second process away from a data file: an operating system lock on <c>{file}.lock</c>, gone when the process is.</summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream file;

    private StoreLock(FileStream file) => this.file = file;

    /// <exception cref="StoreInUseException">Another process, or another store in this one, holds the file.</exception>
    public static StoreLock Take(string path)
    {
        try
        {
            return new StoreLock(new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new StoreInUseException(path, e);
        }
    }

    public void Dispose() => file.Dispose();
}

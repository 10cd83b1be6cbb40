using System.Security.Cryptography;

namespace Aria.Pipelines.Plugins;

/// <summary>All files of a folder as they were at one moment: what is hashed is what is loaded.</summary>
internal sealed class FolderImage
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    private FolderImage()
    {
    }

    /// <summary>Names of the files inside the folder, with forward slashes, in ordinal order. The lock is not one of them.</summary>
    public IEnumerable<string> Names => _files.Keys;

    /// <summary>Reads a folder and the folders below it.</summary>
    /// <exception cref="IOException">A file cannot be read, or is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static FolderImage Read(string directory)
    {
        var image = new FolderImage();
        foreach (FileSystemInfo entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(directory, entry.FullName).Replace('\\', '/');
            if (entry.LinkTarget is not null)
            {
                throw new IOException($"'{name}' is a link.");
            }
            if (entry is FileInfo && name != ConnectorLock.FileName)
            {
                image._files[name] = File.ReadAllBytes(entry.FullName);
            }
        }
        return image;
    }

    /// <summary>The bytes of a file; null when the folder has none of that name.</summary>
    public byte[]? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>SHA-256 of each file, lower-case hexadecimal.</summary>
    public SortedDictionary<string, string> Hashes() =>
        new(_files.ToDictionary(f => f.Key, f => Convert.ToHexStringLower(SHA256.HashData(f.Value))), StringComparer.Ordinal);
}

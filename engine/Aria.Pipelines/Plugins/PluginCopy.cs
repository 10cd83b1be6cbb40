using System.Diagnostics;
using System.Globalization;

namespace Aria.Pipelines.Plugins;

/// <summary>A private copy of a connector's files, made of the bytes that were held to the lock: what is loaded later cannot have been changed meanwhile.</summary>
internal sealed class PluginCopy 
{
    private const string Prefix = "aria-plugin-";
    private readonly DirectoryInfo _directory;

    private PluginCopy(DirectoryInfo directory) => _directory = directory;

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>Copies all files of a folder into a temporary one that only this account may read.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public static PluginCopy Of(FolderImage image)
    {
        SweepUp();
        var copy = new PluginCopy(Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")));
        foreach (string name in image.Names)
        {
            string file = copy.PathOf(name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, image.Find(name)!);
        }
        return copy;
    }

    public void Delete() => Delete(_directory);

    /// <summary>Removes what hosts left that were killed.</summary>
    private static void SweepUp()
    {
        HashSet<int> running = [.. Process.GetProcesses().Select(p => p.Id)];
        foreach (DirectoryInfo left in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            if (int.TryParse(left.Name[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out int process) && !running.Contains(process))
            {
                Delete(left);
            }
        }
    }

    private static void Delete(DirectoryInfo directory)
    {
        try
        {
            directory.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another account's, or gone already: nothing here depends on it.
        }
    }
}

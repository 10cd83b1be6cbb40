using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Plugins.Tests.Support;

/// <summary>A temporary repository with a folder of connectors.</summary>
internal sealed class ConnectorsRoot : IDisposable
{
    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("aria-plugins-");

    public ConnectorsRoot() => Directory.CreateDirectory(Root);

    public string Root => Path.Combine(_repository.FullName, "plugins");

    public string BuildOf(string folder) => Directory.CreateDirectory(Path.Combine(_repository.FullName, "artifacts", "plugins", folder)).FullName;

    /// <summary>Makes a connector folder with a copy of the given files.</summary>
    public string Add(string folder, params string[] files)
    {
        string path = Directory.CreateDirectory(Path.Combine(Root, folder)).FullName;
        File.WriteAllText(Path.Combine(path, ConnectorReader.FileName), "{}");
        foreach (string file in files)
        {
            if (Path.GetFileName(file) != ConnectorLock.FileName)
            {
                File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
            }
        }
        return path;
    }

    /// <summary>The only connector folder, found as the host finds it.</summary>
    public PluginFolder Only()
    {
        var bag = new DiagnosticBag();
        PluginFolder folder = PluginFolder.Find(Root, "plugins", bag).ShouldHaveSingleItem();
        bag.Items.ShouldBeEmpty();
        return folder;
    }

    /// <summary>The same, locked as it is now, where it can be read.</summary>
    public PluginFolder Locked()
    {
        PluginFolder folder = Only();
        try
        {
            ConnectorLock.Write(folder.Directory, FolderImage.Read(folder.Directory));
        }
        catch (IOException)
        {
            // A test about a link, or about a file that somebody holds.
        }
        return folder;
    }

    public void Dispose() => _repository.Delete(recursive: true);
}

using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Plugins;

/// <summary>A folder with a <c>connector.json</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">Its full path.</param>
/// <param name="DisplayPath">Its path as shown in findings, with forward slashes.</param>
/// <param name="BuildDirectory">Full path of the folder that a build of this repository writes its DLL to; it need not exist.</param>
/// <param name="BuildDisplayPath">The same as shown in findings.</param>
internal sealed record PluginFolder(string Name, string Directory, string DisplayPath, string BuildDirectory, string BuildDisplayPath)
{
    public IDefinitionFiles Files => new DefinitionFolder(Directory, DisplayPath);

    /// <summary>True when the folder holds the source of its DLL.</summary>
    public bool HasProject => System.IO.Directory.EnumerateFiles(Directory, "*.csproj").Any();

    /// <summary>Finds the connector folders directly below a folder.</summary>
    /// <param name="root">The folder of connectors, usually <c>plugins</c>.</param>
    /// <param name="displayPath">The same as shown in findings.</param>
    /// <param name="bag">Receives what is refused.</param>
    /// <returns>The good ones, in ordinal order of their names. Folders without <c>connector.json</c> are not connectors and are passed over.</returns>
    public static IReadOnlyList<PluginFolder> Find(string root, string displayPath, DiagnosticBag bag)
    {
        var directory = new DirectoryInfo(Path.GetFullPath(root));
        string display = displayPath.Replace('\\', '/').TrimEnd('/');
        var found = new List<PluginFolder>();
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DirectoryInfo folder in List(directory, display, bag))
        {
            if (Refusal(folder, names) is (string summary, string detail))
            {
                bag.Error(PluginCodes.FolderRefused, new SourcePosition($"{display}/{folder.Name}", null, null), summary, detail, DiagnosticFault.Operator);
                continue;
            }
            names.Add(folder.Name, folder.Name);
            int slash = display.LastIndexOf('/');
            found.Add(new PluginFolder(
                folder.Name,
                folder.FullName,
                $"{display}/{folder.Name}",
                Path.GetFullPath(Path.Combine(directory.FullName, "..", "artifacts", "plugins", folder.Name)),
                $"{display[..(slash + 1)]}artifacts/plugins/{folder.Name}"));
        }
        return found;
    }

    private static DirectoryInfo[] List(DirectoryInfo root, string display, DiagnosticBag bag)
    {
        var at = new SourcePosition(display, null, null);
        if (!root.Exists)
        {
            bag.Error(
                PluginCodes.RootUnreadable,
                at,
                $"The folder of connectors '{display}' does not exist.",
                "Create it, or give the folder that holds the connector folders.",
                DiagnosticFault.Operator);
            return [];
        }
        try
        {
            return [.. root.EnumerateDirectories().Where(d => Path.Exists(Path.Combine(d.FullName, ConnectorReader.FileName))).OrderBy(d => d.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bag.Error(PluginCodes.RootUnreadable, at, $"The folder of connectors '{display}' cannot be listed.", e.Message, DiagnosticFault.Operator);
            return [];
        }
    }

    private static (string Summary, string Detail)? Refusal(DirectoryInfo folder, Dictionary<string, string> names)
    {
        if (!PluginName.IsAllowed(folder.Name))
        {
            return ("The name of this connector folder is not allowed.", PluginName.Rule);
        }
        if (folder.LinkTarget is not null)
        {
            return ($"The connector folder '{folder.Name}' is a link.", "Copy the folder here: what a link leads to can change unnoticed.");
        }
        var definition = new FileInfo(Path.Combine(folder.FullName, ConnectorReader.FileName));
        if (definition.LinkTarget is not null || !definition.Exists)
        {
            return ($"'{ConnectorReader.FileName}' in '{folder.Name}' is a link or a folder.", "Put the file itself here.");
        }
        if (names.TryGetValue(folder.Name, out string? other))
        {
            return ($"The connector folders '{other}' and '{folder.Name}' differ only in case.", $"Rename one; only '{other}' is used.");
        }
        return null;
    }
}

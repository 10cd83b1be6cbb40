namespace Aria.Pipelines.Definitions;

/// <summary>A definition folder on disk.</summary>
/// <param name="directory">The folder.</param>
/// <param name="displayPath">How diagnostics name it, with forward slashes.</param>
internal sealed class DefinitionFolder(string directory, string displayPath) : IDefinitionFiles
{
    private const int MaxBytes = 1024 * 1024;

    public string PathOf(string name) => $"{displayPath}/{name}";

    public byte[]? Read(string name)
    {
        if (!FileName.IsAllowed(name))
        {
            return null;
        }
        string root = Path.GetFullPath(directory);
        var file = new FileInfo(Path.GetFullPath(Path.Combine(root, name)));
        try
        {
            return IsPlain(file) && !LeadsThroughALink(file, root) ? File.ReadAllBytes(file.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It went away, or this account may not read it: for a definition that is the same as not being there.
            return null;
        }
    }

    private static bool IsPlain(FileInfo file) =>
        // A link could lead anywhere, a device or pipe could never end.
        file.Exists && file.LinkTarget is null && (file.Attributes & (FileAttributes.Directory | FileAttributes.Device)) == FileAttributes.None
            && file.Length is > 0 and <= MaxBytes;

    private static bool LeadsThroughALink(FileInfo file, string root)
    {
        for (DirectoryInfo? folder = file.Directory; folder is not null && folder.FullName.Length > root.Length; folder = folder.Parent)
        {
            if (folder.LinkTarget is not null)
            {
                return true;
            }
        }
        return false;
    }
}

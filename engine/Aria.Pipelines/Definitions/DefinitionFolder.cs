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
        // A link could lead anywhere, a device or pipe could never end.
        bool isPlain = file.Exists && file.LinkTarget is null && file.Directory!.LinkTarget is null
            && (file.Attributes & (FileAttributes.Directory | FileAttributes.Device)) == FileAttributes.None
            && file.Length is > 0 and <= MaxBytes;
        return isPlain ? File.ReadAllBytes(file.FullName) : null;
    }
}

using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>A workspace on disk for one test, compiled against the shipped connectors.</summary>
internal sealed class TemporaryWorkspace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-authoring-");

    public string Folder => _folder.FullName;

    public void Write(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public Workspace Compile() => new WorkspaceCompiler(Shipped.Connectors.ByName, new MappingCompiler()).Compile(Folder, "pipelines", "production");

    public void Dispose() => _folder.Delete(recursive: true);
}

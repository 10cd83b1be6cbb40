using System.Text;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Files of a connector folder, held in memory so that each test shows what it is about.</summary>
internal sealed class TestFolder : IDefinitionFiles
{
    private readonly Dictionary<string, byte[]> _files = [];

    public TestFolder(string connector) => With("connector.json", connector);

    public TestFolder With(string name, string text)
    {
        _files[name] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public string PathOf(string name) => $"plugins/Test/{name}";

    public byte[]? Read(string name) => _files.GetValueOrDefault(name);
}

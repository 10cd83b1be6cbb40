using System.Text;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Testing;

/// <summary>A folder of cases with one file.</summary>
internal sealed class OneFile(string name, string text) : IDefinitionFiles
{
    public string PathOf(string file) => $"cases/{file}";

    public byte[]? Read(string file) => file == name ? Encoding.UTF8.GetBytes(text) : null;
}

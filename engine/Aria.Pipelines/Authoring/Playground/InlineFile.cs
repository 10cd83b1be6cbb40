using System.Text;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Playground;

/// <summary>A mapping typed at the prompt, as the only file of a folder: findings then have the lines and columns of what was typed.</summary>
internal sealed class InlineFile(string text) : IDefinitionFiles
{
    public const string Name = "expression.js";

    public string PathOf(string name) => "--expression";

    public byte[]? Read(string name) => name == Name ? Encoding.UTF8.GetBytes(text) : null;
}

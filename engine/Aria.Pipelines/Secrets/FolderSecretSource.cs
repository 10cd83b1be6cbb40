using System.Buffers;

namespace Aria.Pipelines.Secrets;

/// <summary>Secrets in files <c>{folder}/{environment}/{name}</c>, as containers mount them. One newline at the end is not part of the value.</summary>
internal sealed class FolderSecretSource : ISecretSource
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string folder;

    /// <param name="folder">Folder that holds a folder for each environment.</param>
    /// <param name="environment">Name of the environment; letters a-z, digits and <c>-</c>.</param>
    public FolderSecretSource(string folder, string environment)
    {
        if (!IsName(environment))
        {
            throw new ArgumentException($"Environment '{environment}' cannot name a folder of secrets: use a-z, 0-9 and '-'.", nameof(environment));
        }
        this.folder = Path.Combine(folder, environment);
    }

    public string? Find(string name)
    {
        string path = Path.Combine(folder, name);
        if (!IsName(name) || !File.Exists(path))
        {
            return null;
        }
        string text = File.ReadAllText(path);
        string value = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        return value.Length > 0 ? value : null;
    }

    public string HowToProvide(string name) =>
        IsName(name) ? $"file {Path.Combine(folder, name)}" : $"a file in {folder}, under a name of a-z, 0-9 and '-' (not '{name}')";

    private static bool IsName(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Allowed);
}

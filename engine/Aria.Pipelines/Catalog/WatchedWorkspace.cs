using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Compilation;

namespace Aria.Pipelines.Catalog;

/// <summary>A workspace folder whose changes are put in force.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Fingerprint">Fingerprint of what is in force at first.</param>
/// <param name="Compile">Compiles the folder as it is now, with every finding that would keep it from being put in force.</param>
internal sealed record WatchedWorkspace(string Folder, string Fingerprint, Func<Workspace> Compile)
{
    private static readonly string[] Endings = [".json", ".js", ".scriban"];

    /// <summary>Names and contents of all definition files as one hash: equal exactly when nothing changed.</summary>
    /// <exception cref="IOException">A file went away, or is being written, while it was read.</exception>
    public static string FingerprintOf(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return "";
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Endings.Contains(Path.GetExtension(f)));
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, file)}\n{content.Length}\n"));
            hash.AppendData(content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

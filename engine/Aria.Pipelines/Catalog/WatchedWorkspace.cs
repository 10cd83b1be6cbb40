using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Compilation;

namespace Aria.Pipelines.Catalog;

/// <summary>A workspace folder whose changes are put in force.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Connectors">Folders with the connectors that it is compiled against; one that does not exist has none.</param>
/// <param name="Fingerprint">Fingerprint of what is in force at first.</param>
/// <param name="Compile">Compiles the folder as it is now, with every finding that would keep it from being put in force.</param>
internal sealed record WatchedWorkspace(string Folder, IReadOnlyList<string> Connectors, string Fingerprint, Func<Workspace> Compile)
{
    private static readonly string[] Endings = [".json", ".js", ".scriban", ".dll"];

    /// <summary>The fingerprint of all of it as it is now.</summary>
    /// <exception cref="IOException">A file went away, or is being written, while it was read.</exception>
    public string FingerprintNow() => FingerprintOf([Folder, .. Connectors]);

    /// <summary>A fingerprint of each connector that is in force at first, by the name of its folder.</summary>
    public IReadOnlyDictionary<string, string> Installed { get; init; } = new Dictionary<string, string>();

    /// <summary>A fingerprint of each connector as it is now, by the name of its folder.</summary>
    /// <param name="folders">The folder of connectors, and those beside it with what is built of them.</param>
    /// <exception cref="IOException">A file went away, or is being written, while it was read.</exception>
    public static IReadOnlyDictionary<string, string> ConnectorsOf(IReadOnlyList<string> folders) => folders is [{ } source, ..] && Directory.Exists(source)
        ? Directory.EnumerateDirectories(source).Select(d => Path.GetFileName(d)).ToDictionary(name => name, name => FingerprintOf([.. folders.Select(f => Path.Combine(f, name))]))
        : new Dictionary<string, string>();

    /// <summary>Names and contents of all files of these folders that matter as one hash: equal exactly when nothing changed.</summary>
    /// <exception cref="IOException">A file went away, or is being written, while it was read.</exception>
    public static string FingerprintOf(params ReadOnlySpan<string> folders)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string folder in folders)
        {
            IEnumerable<string> files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Endings.Contains(Path.GetExtension(f))) : [];
            foreach (string file in files.Order(StringComparer.Ordinal))
            {
                byte[] content = File.ReadAllBytes(file);
                hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, file)}\n{content.Length}\n"));
                hash.AppendData(content);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

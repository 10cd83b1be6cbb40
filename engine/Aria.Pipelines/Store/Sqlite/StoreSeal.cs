using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// What a data file was when it was closed well, kept beside it in <c>{file}.seal</c>. SQLite's pages carry no checksum, so a byte that changes
/// while nobody has the file open would be served as if it had been written.
/// </summary>
internal static class StoreSeal
{
    private const string OpenMark = "open";

    /// <summary>Compares a file with its seal, and marks it as open. The mark is durable before anything is written to the file.</summary>
    /// <returns>True when every byte is as it was closed; false when nothing is known: a new file, a killed process, a restored backup.</returns>
    /// <exception cref="StoreDamagedException">The file is not what was closed, although nobody has written to it.</exception>
    public static bool Break(string path)
    {
        string seal = SealOf(path);
        bool isKnown = File.Exists(seal) && File.Exists(path) && IsKnown(path, File.ReadAllText(seal));
        Write(seal, OpenMark);
        return isKnown;
    }

    /// <summary>Seals a file that was closed well.</summary>
    public static void Close(string path)
    {
        // With a log beside it the file is not all there is.
        if (!File.Exists($"{path}-wal"))
        {
            Write(SealOf(path), $"{Hash(path)} {Written(path)}");
        }
    }

    private static bool IsKnown(string path, string seal)
    {
        // A file written later than its seal was put there by somebody, for example from a backup.
        if (seal.Split(' ') is not [{ Length: 64 } hash, { } written] || written != Written(path))
        {
            return false;
        }
        return Hash(path) == hash ? true : throw new StoreDamagedException(path, "its bytes changed since it was closed, although nobody wrote to it");
    }

    private static string SealOf(string path) => $"{path}.seal";

    private static string Written(string path) => File.GetLastWriteTimeUtc(path).Ticks.ToString(CultureInfo.InvariantCulture);

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Write(string seal, string text)
    {
        using var file = new FileStream(seal, FileMode.Create, FileAccess.Write);
        file.Write(Encoding.ASCII.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}

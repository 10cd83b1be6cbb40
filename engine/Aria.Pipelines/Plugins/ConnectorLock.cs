using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Plugins;

/// <summary>What a folder with connector code held when somebody trusted it: the SHA-256 of every file in it.</summary>
internal static class ConnectorLock
{
    public const string FileName = "connector.lock.json";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True when a folder has a lock.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Locks what the folder holds now.</summary>
    /// <returns>How many files that are.</returns>
    public static int Write(string directory, FolderImage image)
    {
        var files = new JsonObject([.. image.Hashes().Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))]);
        File.WriteAllText(Path.Combine(directory, FileName), new JsonObject { ["files"] = files }.ToJsonString(Layout) + "\n");
        return files.Count;
    }

    /// <summary>How a folder differs from its lock, in words; empty when it does not.</summary>
    /// <exception cref="FormatException">The lock is not one.</exception>
    /// <exception cref="IOException">The lock cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock may not be read.</exception>
    public static IReadOnlyList<string> Differences(string directory, FolderImage image)
    {
        Dictionary<string, string> locked = Read(Path.Combine(directory, FileName));
        SortedDictionary<string, string> found = image.Hashes();
        return
        [
            .. found.Where(f => !locked.ContainsKey(f.Key)).Select(f => $"'{f.Key}' is new"),
            .. found.Where(f => locked.TryGetValue(f.Key, out string? hash) && !string.Equals(hash, f.Value, StringComparison.OrdinalIgnoreCase)).Select(f => $"'{f.Key}' was changed"),
            .. locked.Keys.Where(name => !found.ContainsKey(name)).Order(StringComparer.Ordinal).Select(name => $"'{name}' is gone"),
        ];
    }

    /// <summary>Holds a folder to its lock.</summary>
    /// <param name="folder">The connector.</param>
    /// <param name="directory">The folder that is held: the connector's own, or the one that its build writes to.</param>
    /// <param name="image">What is in it.</param>
    /// <param name="bag">Receives how it differs, and what to do.</param>
    /// <returns>True when it is what was locked.</returns>
    public static bool Holds(PluginFolder folder, string directory, FolderImage image, DiagnosticBag bag)
    {
        bool isBuilt = directory == folder.BuildDirectory;
        string shown = isBuilt ? folder.BuildDisplayPath : folder.DisplayPath;
        var at = new SourcePosition($"{shown}/{FileName}", null, null);
        string mend = isBuilt
            ? $"Build it again, which locks what it makes: dotnet build {folder.DisplayPath}"
            : $"If you made this change, look at it and run: aria connector lock {folder.DisplayPath}. If you did not, put back what was locked: this code runs with all rights of the host.";
        try
        {
            IReadOnlyList<string> differences = Differences(directory, image);
            if (differences.Count > 0)
            {
                bag.Error(PluginCodes.LockBroken, at, $"'{shown}' is not what was locked, so it is not loaded: {string.Join(", ", differences)}.", mend, DiagnosticFault.Operator);
            }
            return differences.Count == 0;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            bag.Error(PluginCodes.LockBroken, at, $"The lock of '{shown}' cannot be read, so it is not loaded: {e.Message}", mend, DiagnosticFault.Operator);
            return false;
        }
    }

    /// <summary>Reports code that nobody has locked.</summary>
    public static void ReportMissing(PluginFolder folder, string directory, string assembly, SourcePosition at, DiagnosticBag bag) => bag.Error(
        PluginCodes.LockMissing,
        at,
        $"'{assembly}' has no lock, so it is not loaded.",
        directory == folder.BuildDirectory
            ? $"Build it again, which locks what it makes: dotnet build {folder.DisplayPath}"
            : $"Make sure that the folder holds what its author released, then run: aria connector lock {folder.DisplayPath}",
        DiagnosticFault.Operator);

    private static Dictionary<string, string> Read(string file)
    {
        try
        {
            JsonObject files = JsonNode.Parse(File.ReadAllBytes(file))!["files"]!.AsObject();
            return files.ToDictionary(f => f.Key, f => f.Value!.GetValue<string>());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new FormatException($"it has no \"files\" with a hash each ({e.Message})", e);
        }
    }
}

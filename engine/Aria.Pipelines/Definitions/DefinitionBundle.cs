using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aria.Pipelines.Definitions;

/// <summary>The files of a pipeline as they were when it was loaded; its content hash is the identity a run keeps (R8).</summary>
internal sealed class DefinitionBundle : IDefinitionFiles
{
    /// <summary>Name of the file that every pipeline folder has.</summary>
    public const string PipelineFile = "pipeline.json";

    private readonly string _displayPath;
    private readonly SortedDictionary<string, byte[]> _files;

    private DefinitionBundle(string displayPath, SortedDictionary<string, byte[]> files)
    {
        _displayPath = displayPath;
        _files = files;
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(files, DefinitionBundleJson.Default.SortedDictionaryStringByteArray);
        Bytes = bytes;
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>Lower-case hex SHA-256 of <see cref="Bytes"/>.</summary>
    public string Hash { get; }

    /// <summary>All files in one piece, equal for equal content.</summary>
    public byte[] Bytes { get; }

    /// <summary>Names of all files, in order.</summary>
    public IReadOnlyCollection<string> Names => _files.Keys;

    public string PathOf(string name) => $"{_displayPath}/{name}";

    public byte[]? Read(string name) => _files.GetValueOrDefault(name);

    /// <summary>Collects <c>pipeline.json</c> and every file it refers to with <c>$file</c>, directly or through other files.</summary>
    public static DefinitionBundle From(IDefinitionFiles folder, string displayPath)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var open = new Queue<string>([PipelineFile]);
        while (open.TryDequeue(out string? name))
        {
            if (!files.ContainsKey(name) && folder.Read(name) is { } bytes)
            {
                files[name] = bytes;
                References(name, bytes).ForEach(open.Enqueue);
            }
        }
        return new DefinitionBundle(displayPath, files);
    }

    public static DefinitionBundle FromBytes(string displayPath, byte[] bytes)
    {
        SortedDictionary<string, byte[]> files = JsonSerializer.Deserialize(bytes, DefinitionBundleJson.Default.SortedDictionaryStringByteArray)
            ?? throw new JsonException("A definition bundle is null.");
        return new DefinitionBundle(displayPath, new SortedDictionary<string, byte[]>(files, StringComparer.Ordinal));
    }

    private static List<string> References(string name, byte[] bytes)
    {
        var found = new List<string>();
        // What is wrong with the file is reported when it is compiled; here it refers to nothing.
        if (name.EndsWith(".json", StringComparison.Ordinal) && SourceDocument.Parse(name, bytes, new DiagnosticBag()) is { } document)
        {
            Walk(document.Root, found);
        }
        return found;
    }

    private static void Walk(JsonElement value, List<string> found)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                Walk(item, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (member.Name == "$file" && member.Value.ValueKind == JsonValueKind.String)
                {
                    found.Add(member.Value.GetString()!);
                }
                Walk(member.Value, found);
            }
        }
    }
}

[JsonSerializable(typeof(SortedDictionary<string, byte[]>))]
internal sealed partial class DefinitionBundleJson : JsonSerializerContext;

using System.Text;

namespace Aria.Pipelines.Authoring.Forecast;

/// <summary>A delivery that came once.</summary>
/// <param name="Name">How findings name it.</param>
/// <param name="Body">Its raw body.</param>
/// <param name="Polled">The event that it is a record of, at a source that is asked; null for a delivery, or when it is not said.</param>
internal sealed record RecordedDelivery(string Name, byte[] Body, string? Polled = null)
{
    /// <summary>Reads a folder, each file of which is a delivery, or a file with one delivery per line (<c>.ndjson</c>, <c>.jsonl</c>); any other file is one delivery.</summary>
    /// <exception cref="IOException">There is no such file or folder, or it cannot be read.</exception>
    public static IReadOnlyList<RecordedDelivery> Read(string path)
    {
        if (Directory.Exists(path))
        {
            return [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).SelectMany(ReadFile)];
        }
        return File.Exists(path) ? [.. ReadFile(path)] : throw new FileNotFoundException($"The file or folder '{path}' does not exist.");
    }

    private static IEnumerable<RecordedDelivery> ReadFile(string file)
    {
        string name = Path.GetFileName(file);
        return Path.GetExtension(file) is ".ndjson" or ".jsonl"
            ? File.ReadLines(file).Select((line, i) => (Line: line, Number: i + 1)).Where(l => !string.IsNullOrWhiteSpace(l.Line)).Select(l => new RecordedDelivery($"{name}({l.Number})", Encoding.UTF8.GetBytes(l.Line)))
            : [new RecordedDelivery(name, File.ReadAllBytes(file))];
    }
}

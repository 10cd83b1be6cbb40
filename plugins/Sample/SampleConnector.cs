using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using CsvHelper;
using CsvHelper.Configuration;

namespace Aria.Pipelines.Plugins.Sample;

/// <summary>
/// Sample ATS, an invented system, reports changes as CSV, which <c>connector.json</c> cannot read. This turns each line into an object
/// with the column titles as names and the cells as strings; an empty cell becomes null. The rest is said in <c>connector.json</c>.
/// </summary>
public sealed class SampleConnector : IDecodesDeliveries
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    /// <exception cref="DecoderFallbackException">The body is not UTF-8.</exception>
    /// <exception cref="FormatException">There is no title line, a title is missing or double, or a line has more or fewer cells than titles.</exception>
    public IReadOnlyList<JsonElement> Decode(Delivery delivery, IConnectorHost host)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        using var text = new StreamReader(new MemoryStream(delivery.Body.ToArray(), writable: false), Utf8);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture));
        string[] titles = csv.Read() ? csv.Record! : throw new FormatException("The body has no title line.");
        if (titles.Any(string.IsNullOrWhiteSpace) || titles.Distinct(StringComparer.Ordinal).Count() != titles.Length)
            throw new FormatException("A column title is missing or appears twice.");
        var events = new List<JsonElement>();
        while (csv.Read())
            events.Add(ToJson(titles, csv.Record!, csv.RawRow));
        return events;
    }

    private static JsonElement ToJson(string[] titles, string[] cells, int line)
    {
        if (cells.Length != titles.Length)
            throw new FormatException($"Line {line} has {cells.Length} cells; the title line has {titles.Length}.");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach ((string title, string cell) in titles.Zip(cells))
            {
                if (cell.Length == 0)
                    json.WriteNull(title);
                else
                    json.WriteString(title, cell);
            }
            json.WriteEndObject();
        }
        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}

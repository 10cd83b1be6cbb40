using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using CsvHelper;

namespace Aria.Pipelines.Plugins.Versioned;

/// <summary>Says which release of it is at work, and with which version of a package of its own.</summary>
public sealed class VersionedConnector : IPreparesRequests
{
#if ONE
    private const string Release = "one";
#else
    private const string Release = "two";
#endif

    /// <summary>What it writes: its release and the version of its package.</summary>
    public static string Words
    {
        get
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
            {
                csv.WriteField(Release);
                csv.WriteField(typeof(CsvWriter).Assembly.GetName().Version!.ToString(2));
                csv.NextRecord();
            }
            return text.ToString().Trim();
        }
    }

    /// <inheritdoc/>
    public ConnectorRequest Prepare(string operation, JsonElement input, IConnectorHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var url = new Uri($"{host.Settings.GetProperty("baseUrl").GetString()}/things/{input.GetProperty("id").GetString()}");
        return new ConnectorRequest("PUT", url, [], Encoding.UTF8.GetBytes(Words));
    }

    /// <inheritdoc/>
    public JsonElement Read(string operation, JsonElement input, ConnectorResponse response, IConnectorHost host) =>
        JsonSerializer.SerializeToElement(Words, VersionedJson.Default.String);
}

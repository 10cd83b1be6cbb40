using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>How the pages of a list follow each other, the same for all lists of a connector.</summary>
/// <param name="Relation">Relation of the next page in the <c>Link</c> header (RFC 8288); null when <paramref name="Mapped"/> says what is next.</param>
/// <param name="Mapped">Mapping over <c>response</c>, <c>page.number</c> (from 1) and <c>settings</c>: the URL of the next page, or what <paramref name="Parameter"/> is there; null ends the list.</param>
/// <param name="Parameter">Query parameter that chooses the page; null when the next page is a URL.</param>
/// <param name="Items">JSON pointer to the records of a page, where a read does not say it.</param>
internal sealed record Paging(string? Relation, CompiledMapping? Mapped, string? Parameter, string Items)
{
    /// <summary>What leads to the next page; null at the end.</summary>
    /// <exception cref="MappingException">The mapping failed.</exception>
    public string? Next(Connection connection, ConnectorResponse response, JsonElement value, int number)
    {
        if (Relation is { } relation)
        {
            return PageReader.Next(response, relation);
        }
        var values = new Dictionary<string, JsonElement>
        {
            ["settings"] = connection.Settings, ["response"] = value, ["page"] = ConnectorJson.ToElement(new JsonObject { ["number"] = number }),
        };
        return ConnectorJson.Text(Mapped!, values) is { Length: > 0 } next ? next : null;
    }

    /// <summary>The URL of the next page; null when it would leave the host of the first one.</summary>
    public Uri? Follow(Uri page, string next)
    {
        if (Parameter is not { } parameter)
        {
            return Uri.TryCreate(page, next, out Uri? url) && Uri.Compare(url, page, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0 ? url : null;
        }
        string name = $"{Uri.EscapeDataString(parameter)}=";
        IEnumerable<string> kept = page.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith(name, StringComparison.Ordinal));
        return new Uri($"{page.GetLeftPart(UriPartial.Path)}?{string.Join('&', kept.Append(name + Uri.EscapeDataString(next)))}");
    }
}

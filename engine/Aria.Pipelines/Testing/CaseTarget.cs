using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Testing;

/// <summary>The line by which cases name requests: <c>alias METHOD /path?query</c>, the path relative to the account's base URL.</summary>
/// <param name="Alias">Name of the connection in the pipeline.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path, with the query when there is one; <c>*</c> stands for anything.</param>
internal sealed partial record CaseTarget(string Alias, string Method, string Path)
{
    /// <summary>Form of the line, as editors check it too.</summary>
    public const string Pattern = "^(?<alias>[A-Za-z][A-Za-z0-9_-]*) (?<method>GET|POST|PUT|PATCH|DELETE) (?<path>(?:/|https?://)\\S*)$";

    /// <summary>Reads a line; null when it is not of the form.</summary>
    public static CaseTarget? Parse(string text) =>
        Form().Match(text) is { Success: true } match ? new(match.Groups["alias"].Value, match.Groups["method"].Value, match.Groups["path"].Value) : null;

    /// <summary>The line of a request.</summary>
    public static CaseTarget Of(Pipeline pipeline, Connection connection, string method, string url)
    {
        return Of(pipeline.Connections.First(c => c.Value.Id == connection.Id).Key, connection, method, url);
    }

    /// <summary>The same, of a connection under a name.</summary>
    public static CaseTarget Of(string alias, Connection connection, string method, string url)
    {
        JsonNode? settled = connection.Connector.Http.BaseUrl.Evaluate(new Dictionary<string, JsonElement> { ["settings"] = connection.Settings });
        string root = (ConnectorJson.Text(ConnectorJson.ToElement(settled)) ?? "").TrimEnd('/');
        return new CaseTarget(alias, method, url.StartsWith(root + "/", StringComparison.Ordinal) ? url[root.Length..] : url);
    }

    /// <summary>True when this line, as a pattern, means that request. A pattern without a query means any.</summary>
    public bool Means(CaseTarget request)
    {
        string path = Path.Contains('?', StringComparison.Ordinal) ? request.Path : request.Path.Split('?')[0];
        return Alias == request.Alias && Method == request.Method && Fits(Path, path);
    }

    public override string ToString() => $"{Alias} {Method} {Path}";

    private static bool Fits(string pattern, string text)
    {
        string[] parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == text;
        }
        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }
        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }
            at = found + part.Length;
        }
        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Form();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Builds requests from templates. The same values always give the same bytes.</summary>
internal static class RequestBuilder
{
    /// <exception cref="MappingException">A template failed, or gave something that must not be sent.</exception>
    public static ConnectorRequest Build(Connection connection, RequestTemplate template, IReadOnlyDictionary<string, JsonElement> values)
    {
        (ReadOnlyMemory<byte> body, string? contentType) = Body(connection, template, values);
        return new ConnectorRequest(template.Method, Url(connection, template, values, isLogin: false), Headers(connection, template, values, contentType, connection.Connector.Http.Headers), body);
    }

    /// <summary>Builds a request of a login: it carries no headers of the connector, and its path may be any.</summary>
    /// <exception cref="MappingException">A template failed, or gave something that must not be sent.</exception>
    public static ConnectorRequest BuildLogin(Connection connection, RequestTemplate template, IReadOnlyDictionary<string, JsonElement> values)
    {
        (ReadOnlyMemory<byte> body, string? contentType) = Body(connection, template, values);
        return new ConnectorRequest(template.Method, Url(connection, template, values, isLogin: true), Headers(connection, template, values, contentType, []), body);
    }

    /// <exception cref="MappingException">The header's value cannot be sent.</exception>
    public static string CheckedHeader(Connection connection, string name, string value) =>
        value.AsSpan().ContainsAny('\r', '\n', '\0')
            ? throw Failed(connection, "invalid_header_value", $"The value of header '{name}' holds a line break or NUL.", DiagnosticFault.Author)
            : value;

    /// <summary>The base URL of an account, without a slash at its end.</summary>
    /// <exception cref="MappingException">Its template failed.</exception>
    public static string BaseUrl(Connection connection) =>
        (Text(connection.Connector.Http.BaseUrl.Evaluate(Settings(connection))) ?? "").TrimEnd('/');

    private static (ReadOnlyMemory<byte> Bytes, string? ContentType) Body(Connection connection, RequestTemplate template, IReadOnlyDictionary<string, JsonElement> values)
    {
        if (template.Body is not { } mapping)
        {
            return (ReadOnlyMemory<byte>.Empty, null);
        }
        JsonNode? value = mapping.Evaluate(values);
        if (connection.Connector.Http.BodiesByCode && template.Payload == PayloadKind.Json)
        {
            return (ByCode(connection, value), "application/json");
        }
        (byte[] bytes, string contentType) = RequestBody.Write(connection, template.Payload, template.Arrays, value);
        return (bytes, contentType);
    }

    private static ReadOnlyMemory<byte> ByCode(Connection connection, JsonNode? value)
    {
        try
        {
            return connection.Connector.Calls.Run(() => ((ITranslatesBodies)connection.Connector.Code!).Write(ConnectorJson.ToElement(value)));
        }
        catch (FormatException e)
        {
            throw Failed(connection, "invalid_body", e.Message, DiagnosticFault.Connector);
        }
        catch (Exception e)
        {
            throw Failed(connection, "connector_failed", $"Code of connector '{connection.Connector.Name}' failed while it wrote a request. {CodeStuckException.Said(e)}", DiagnosticFault.Connector);
        }
    }

    private static Uri Url(Connection connection, RequestTemplate template, IReadOnlyDictionary<string, JsonElement> values, bool isLogin)
    {
        // Every value is escaped as one path segment; what the template itself says is not. Settings come from the operator and may hold whole paths.
        string path = Text(template.Path.Evaluate(new EscapedValues(values))) ?? "";
        bool absolute = path.StartsWith("https://", StringComparison.Ordinal) || path.StartsWith("http://", StringComparison.Ordinal);
        string url = absolute ? path : BaseUrl(connection) + path;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("https" or "http"))
        {
            throw Failed(connection, "invalid_url", $"'{BaseUrl(connection)}' is not an absolute http or https URL. Check the base URL of connection '{connection.Id}'.", DiagnosticFault.Operator);
        }
        if (!isLogin)
        {
            CheckPath(connection, absolute ? path[(path.IndexOf("//", StringComparison.Ordinal) + 2)..] : path);
        }
        string query = string.Join('&', template.Query.SelectMany(q => RequestBody.Pairs(connection, q.Key, q.Value.Evaluate(values), template.Arrays)));
        return query.Length == 0 ? parsed : new Uri(url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query);
    }

    private static void CheckPath(Connection connection, string path)
    {
        foreach (string segment in path.Split('?')[0].Split('/').Skip(1))
        {
            // An empty id would turn "one thing" into "all things", and dots would climb out of it.
            if (segment is "" or "." or "..")
            {
                throw Failed(connection, "invalid_path", $"The path '{path}' has an empty or dotted segment: a value in it is missing or is not an id.", DiagnosticFault.Author);
            }
        }
    }

    private static List<KeyValuePair<string, string>> Headers(Connection connection, RequestTemplate template, IReadOnlyDictionary<string, JsonElement> values, string? contentType, IReadOnlyList<KeyValuePair<string, CompiledMapping>> common)
    {
        var headers = new List<KeyValuePair<string, string>>();
        void Set(string name, string? value)
        {
            headers.RemoveAll(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase));
            if (value is not null)
            {
                headers.Add(new(name, CheckedHeader(connection, name, value)));
            }
        }

        Set("Content-Type", contentType);
        // What a connector calls its bodies is no header of a read, unless that names it itself.
        foreach ((string name, CompiledMapping mapping) in common.Where(h => template.Method != "GET" || !h.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
        {
            Set(name, Text(mapping.Evaluate(Settings(connection))));
        }
        if (template.Body is not null && template.Payload != PayloadKind.Json)
        {
            // What a connector calls its JSON is no name for a form.
            Set("Content-Type", contentType);
        }
        foreach ((string name, CompiledMapping mapping) in template.Headers)
        {
            Set(name, Text(mapping.Evaluate(values)));
        }
        return headers;
    }

    private static Dictionary<string, JsonElement> Settings(Connection connection) => new() { ["settings"] = connection.Settings };

    private static string? Text(JsonNode? node) => node is JsonValue value ? ConnectorJson.Text(ConnectorJson.ToElement(value)) : null;

    private static MappingException Failed(Connection connection, string code, string summary, DiagnosticFault fault) =>
        new(new Diagnostic(code, DiagnosticSeverity.Error, summary, $"Connection '{connection.Id}'.", null, null, null, fault));
}

using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads a request template.</summary>
internal static class RequestReader
{
    private static readonly string[] Roots = ["input", "settings", "reads", "effect"];

    /// <summary>Stands for a request that has errors.</summary>
    public static RequestTemplate Unusable { get; } = new("GET", UnusableMapping.Instance, [], [], null);

    public static RequestTemplate Read(JsonCursor request, ConnectorSource source) => Read(request, source, Roots);

    /// <summary>Reads a request whose templates see other values than those of an operation.</summary>
    public static RequestTemplate Read(JsonCursor request, ConnectorSource source, params string[] roots)
    {
        DiagnosticBag bag = source.Bag;
        request.AllowOnly(bag, "method", "path", "query", "headers", "body");
        string method = request.Required("method", bag)?.OneOf(bag, "GET", "POST", "PUT", "PATCH", "DELETE") ?? "GET";
        if (method == "GET" && request.Optional("body") is { } body)
        {
            bag.Error(ConnectorCodes.Contradiction, body.NamePosition, "A GET request has no body.", "Use 'query'.");
        }
        return new RequestTemplate(
            method,
            source.RequiredValue(request, "path", roots),
            source.NamedValues(request, "query", roots),
            source.NamedValues(request, "headers", roots),
            source.OptionalValue(request, "body", roots));
    }
}

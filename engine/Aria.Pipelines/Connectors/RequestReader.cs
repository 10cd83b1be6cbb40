using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads a request template.</summary>
internal static class RequestReader
{
    private static readonly string[] Roots = ["input", "settings", "reads", "effect"];

    public static RequestTemplate Read(JsonCursor request, ConnectorSource source)
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
            source.RequiredValue(request, "path", Roots),
            source.NamedValues(request, "query", Roots),
            source.NamedValues(request, "headers", Roots),
            source.OptionalValue(request, "body", Roots));
    }
}

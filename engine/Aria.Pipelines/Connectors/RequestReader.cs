using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads a request template.</summary>
internal static class RequestReader
{
    private static readonly string[] Roots = ["input", "settings", "reads", "effect"];
    private static readonly string[] Payloads = ["body", "form", "multipart", "text"];

    /// <summary>Stands for a request that has errors.</summary>
    public static RequestTemplate Unusable { get; } = new("GET", UnusableMapping.Instance, [], [], null);

    public static RequestTemplate Read(JsonCursor request, ConnectorSource source) => Read(request, source, Roots);

    /// <summary>Reads a request whose templates see other values than those of an operation.</summary>
    public static RequestTemplate Read(JsonCursor request, ConnectorSource source, params string[] roots)
    {
        DiagnosticBag bag = source.Bag;
        request.AllowOnly(bag, "method", "path", "query", "arrays", "headers", "body", "form", "multipart", "text");
        string method = request.Required("method", bag)?.OneOf(bag, "GET", "POST", "PUT", "PATCH", "DELETE") ?? "GET";
        string[] given = [.. Payloads.Where(p => request.Optional(p) is not null)];
        if (method == "GET" && given is [{ } sent, ..])
        {
            bag.Error(ConnectorCodes.Contradiction, request.Optional(sent)!.Value.NamePosition, "A GET request has no body.", "Use 'query'.");
        }
        if (given.Length > 1)
        {
            bag.Error(ConnectorCodes.Contradiction, request.Optional(given[1])!.Value.NamePosition, $"The request has '{given[0]}' and '{given[1]}'.", "It is one of: body (JSON), form, multipart, text.");
        }
        string payload = given is [{ } first, ..] ? first : "body";
        return new RequestTemplate(
            method,
            source.RequiredValue(request, "path", roots),
            source.NamedValues(request, "query", roots),
            source.NamedValues(request, "headers", roots),
            source.OptionalValue(request, payload, roots))
        {
            Payload = payload == "body" ? PayloadKind.Json : Enum.Parse<PayloadKind>(payload, ignoreCase: true),
            Arrays = Enum.Parse<ArrayStyle>(request.Optional("arrays")?.OneOf(bag, "repeat", "brackets", "comma") ?? "repeat", ignoreCase: true),
        };
    }
}

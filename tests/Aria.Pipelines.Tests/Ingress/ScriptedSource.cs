using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Tests.Connectors;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>A system that answers as it is told, and a queue whose head stays until it is deleted.</summary>
internal sealed class ScriptedSource : IHttpPath
{
    public Dictionary<string, string> Answers { get; } = [];

    public HashSet<string> Failing { get; } = [];

    public List<string> Queue { get; } = [];

    public List<string> Requests { get; } = [];

    /// <summary>A connector for it, with one feed.</summary>
    public static TestFolder Connector(string poll, string declared = "") => new TestFolder($$$"""
        {
          "connector": "scripted", "version": "1.0.0", "contract": 1, "title": "Scripted", {{{declared}}} "http": { "baseUrl": "https://scripted.example" },
          "events": { "application.stage_changed": {
            "poll": { {{{poll}}} }, "subject": "application:{{ payload.id }}", "canonical": { "application": { "id": "{{ payload.id }}", "stage": { "name": "s" } } },
            "samples": [{ "constructed": "sample.json" }] } }
        }
        """).With("sample.json", """{ "id": 1 }""");

    public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string line = $"{request.Method} {request.Url.PathAndQuery}";
        Requests.Add(line);
        if (Failing.Contains(line))
        {
            return Task.FromResult(Answer(503, "{}"));
        }
        if (line == "GET /messages")
        {
            return Task.FromResult(Queue.Count == 0 ? Answer(204, "") : Answer(200, $$"""{ "events": [ { "id": "{{Queue[0]}}" } ] }""", Queue[0]));
        }
        if (request.Method == "DELETE")
        {
            return Task.FromResult(Queue.Remove(request.Url.Segments[^1]) ? Answer(200, "{}") : Answer(404, "{}"));
        }
        return Task.FromResult(Answers.TryGetValue(line, out string? body) ? Answer(200, body) : Answer(404, "{}"));
    }

    private static HttpAnswer Answer(int status, string body, string? message = null)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = ["application/json"] };
        if (message is not null)
        {
            headers["msgid"] = [message];
        }
        return new HttpAnswer(new ConnectorResponse(status, headers, Encoding.UTF8.GetBytes(body)), true, null, null, TimeSpan.Zero);
    }
}

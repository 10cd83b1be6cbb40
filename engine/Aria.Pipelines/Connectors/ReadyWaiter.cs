using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Asks again until an answer is there.</summary>
/// <param name="ask">Sends a request once there is a permit for it, until a time.</param>
/// <param name="time">The clock.</param>
internal sealed class ReadyWaiter(Func<ConnectorRequest, DateTimeOffset, Task<Exchange>> ask, TimeProvider time)
{
    private const int SeeOther = (int)HttpStatusCode.SeeOther;
    private static readonly Paging Linked = new(null, null, null, "");

    /// <summary>Waits for the answer to a request.</summary>
    /// <returns>The last exchange, and the request that it answers.</returns>
    /// <exception cref="Mapping.MappingException">The condition or the place failed.</exception>
    public async Task<(Exchange Exchange, ConnectorRequest Request)> WaitAsync(Connection connection, ReadyDefinition ready, ConnectorRequest request, Exchange exchange, CancellationToken cancellationToken)
    {
        DateTimeOffset latest = time.GetUtcNow() + ready.Within;
        while (Seen(connection, exchange) is { } response && !IsReady(ready, exchange.Response!, response))
        {
            string? link = ready.At is { } at ? ConnectorJson.Text(at, Values(response)) : (DeliveryHeaders.Find(exchange.Response!.Headers, "Location") is [{ } first, ..] ? first : null);
            if (Next(request, link) is not { } url)
            {
                return (Failed(exchange, "answer_not_understood", string.IsNullOrEmpty(link) ? "The answer does not say where the result will be. Name the place under \"ready\": { \"at\": … }." : "The result is on another host."), request);
            }
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset next = exchange.Response!.Status == SeeOther ? now : AnswerClassifier.RetryAfter(exchange.Response, now) ?? now + ready.Every;
            if (next > latest)
            {
                return (Failed(exchange, "not_ready", $"The answer was not there after {ready.Within.TotalSeconds:0.#} s."), request);
            }
            await Task.Delay(next - now, time, cancellationToken);
            request = request with { Method = "GET", Url = url, Body = ReadOnlyMemory<byte>.Empty, Headers = [.. request.Headers.Where(h => !h.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))] };
            exchange = await ask(request, latest);
        }
        return (exchange, request);
    }

    /// <summary>What conditions see of an answer; null of one that is a failure, or cannot be read.</summary>
    private static JsonElement? Seen(Connection connection, Exchange exchange)
    {
        if (exchange.Response is not { } response)
        {
            return null;
        }
        JsonElement? body = AnswerReader.Body(connection.Connector, response);
        return response.Status == SeeOther ? AnswerReader.Value(response, body ?? ConnectorJson.Null)
            : exchange.Outcome == OperationOutcome.Confirmed && body is { } read ? AnswerReader.Value(response, read)
            : null;
    }

    private static bool IsReady(ReadyDefinition ready, ConnectorResponse response, JsonElement seen) => response.Status != SeeOther
        && (ready.When is { } condition ? condition.Evaluate(Values(seen)) is JsonValue value && value.TryGetValue(out bool holds) && holds : response.Status != (int)HttpStatusCode.Accepted);

    /// <summary>The place that an answer names; without a name that which was asked, if it was asked and not told.</summary>
    private static Uri? Next(ConnectorRequest request, string? link) =>
        string.IsNullOrEmpty(link) ? (request.Method == "GET" ? request.Url : null) : Linked.Follow(request.Url, link);

    private static Dictionary<string, JsonElement> Values(JsonElement response) => new() { ["response"] = response };

    private static Exchange Failed(Exchange exchange, string code, string message) => exchange with { Outcome = OperationOutcome.Unknown, Code = code, Message = message };
}

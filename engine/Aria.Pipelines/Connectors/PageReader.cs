using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>What a read gave.</summary>
/// <param name="Exchange">The last exchange; not confirmed when the read failed.</param>
/// <param name="Response">What mappings see as <c>response</c>: of several pages, the concatenated array as body. Undefined on failure.</param>
internal sealed record PageResult(Exchange Exchange, JsonElement Response);

/// <summary>Reads one answer, or all pages of a list as <c>http.paging</c> says.</summary>
internal sealed partial class PageReader(RequestSender sender, IRateBudgets budgets, TimeProvider time)
{
    /// <summary>How many pages a list may have.</summary>
    public const int MaxPages = 1000;

    /// <summary>How long what is half read waits for its next permit: well within a lease, so that a reader does not lose its run meanwhile.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Reads.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The first request.</param>
    /// <param name="items">JSON pointer to the records of a page, to follow all pages; null to read one answer as it is.</param>
    /// <param name="permitHeld">True when the permit of the first request is taken already.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="waitUntil">Until when the first request may wait for its permit; it does not wait when absent.</param>
    /// <param name="ready">How to wait for an answer that is made meanwhile; null when every answer is there at once.</param>
    public async Task<PageResult> ReadAsync(
        Connection connection, ConnectorRequest request, string? items, bool permitHeld, CancellationToken cancellationToken, DateTimeOffset waitUntil = default, ReadyDefinition? ready = null)
    {
        var records = new List<JsonElement>();
        var seen = new HashSet<string>();
        DateTimeOffset patience = time.GetUtcNow() + Patience;
        Uri url = request.Url;
        while (true)
        {
            if (!permitHeld && await TakeAsync(connection, seen.Count == 0 ? waitUntil : patience, cancellationToken) is { } later)
            {
                return new(Exchange.OverBudget(later), default);
            }
            permitHeld = false;
            request = request with { Url = url };
            Exchange exchange = await sender.SendAsync(connection, request, null, cancellationToken);
            if (ready is not null)
            {
                (exchange, request) = await new ReadyWaiter((next, latest) => AskAsync(connection, next, latest, cancellationToken), time).WaitAsync(connection, ready, request, exchange, cancellationToken);
                url = request.Url;
            }
            if (exchange.Outcome != OperationOutcome.Confirmed)
            {
                return new(exchange, default);
            }
            if (AnswerReader.Body(connection.Connector, exchange.Response!) is not { } body)
            {
                return NotUnderstood(exchange, AnswerReader.Unreadable);
            }
            if (items is null)
            {
                return new(exchange, AnswerReader.Value(exchange.Response!, body));
            }
            Paging paging = connection.Connector.Http.Paging!;
            if (Records(body, items) is not { } more)
            {
                return NotUnderstood(exchange, items.Length == 0 ? "A page of a list is not an array." : $"A page holds no list at '{items}'.");
            }
            records.AddRange(more);
            if (paging.Next(connection, exchange.Response!, AnswerReader.Value(exchange.Response!, body), seen.Count + 1) is not { } link)
            {
                return new(exchange, AnswerReader.Value(exchange.Response!, Concatenate(records)));
            }
            if (!seen.Add(url.AbsoluteUri) || seen.Count >= MaxPages || paging.Follow(url, link) is not { } next || seen.Contains(next.AbsoluteUri))
            {
                return NotUnderstood(exchange, "The link to the next page repeats itself, leads to another host, or there are more than 1000 pages.");
            }
            url = next;
        }
    }

    /// <summary>The records of a page: a list, one record where a system writes one without a list, nothing where there is nothing; null for anything else.</summary>
    private static IEnumerable<JsonElement>? Records(JsonElement body, string pointer) => JsonPointer.Find(body, pointer) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } one when pointer.Length > 0 => [one],
        { ValueKind: JsonValueKind.Null } => [],
        null when body.ValueKind is JsonValueKind.Object or JsonValueKind.Null && pointer.Length > 0 => [],
        _ => null,
    };

    /// <summary>The target of the first link with a relation; null when there is none.</summary>
    public static string? Next(ConnectorResponse response, string relation)
    {
        foreach (string header in DeliveryHeaders.Find(response.Headers, "Link"))
        {
            foreach (Match match in LinkPattern().Matches(header))
            {
                string relations = match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["token"].Value;
                if (relations.Split(' ').Contains(relation, StringComparer.OrdinalIgnoreCase))
                {
                    return match.Groups["target"].Value;
                }
            }
        }
        return null;
    }

    private async Task<Exchange> AskAsync(Connection connection, ConnectorRequest request, DateTimeOffset latest, CancellationToken cancellationToken) =>
        await TakeAsync(connection, latest, cancellationToken) is { } later ? Exchange.OverBudget(later) : await sender.SendAsync(connection, request, null, cancellationToken);

    /// <summary>A permit for a page. Pages that are read already would be lost, so a later page waits a little for its permit.</summary>
    private async Task<PermitRefusal?> TakeAsync(Connection connection, DateTimeOffset patience, CancellationToken cancellationToken)
    {
        while (await budgets.TakeAsync(connection.Budget, cancellationToken) is { } later)
        {
            if (later.At > patience)
            {
                return later;
            }
            TimeSpan wait = later.At - time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken);
        }
        return null;
    }

    private static PageResult NotUnderstood(Exchange exchange, string message) =>
        new(exchange with { Outcome = OperationOutcome.Unknown, Code = "answer_not_understood", Message = message }, default);

    private static JsonElement Concatenate(List<JsonElement> items) => JsonScratch.ToElement(items, static (writer, all) =>
    {
        writer.WriteStartArray();
        all.ForEach(item => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(item), skipInputValidation: true));
        writer.WriteEndArray();
    });

    [GeneratedRegex("""<(?<target>[^>]*)>[^,<]*?;\s*rel\s*=\s*("(?<quoted>[^"]*)"|(?<token>[^\s;,"]+))""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex LinkPattern();
}

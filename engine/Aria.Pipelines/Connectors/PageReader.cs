using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>What a read gave.</summary>
/// <param name="Exchange">The last exchange; not confirmed when the read failed.</param>
/// <param name="Response">What mappings see as <c>response</c>: of several pages, the concatenated array as body. Undefined on failure.</param>
internal sealed record PageResult(Exchange Exchange, JsonElement Response);

/// <summary>Reads one answer, or all pages of a list linked by the <c>Link</c> header (RFC 8288).</summary>
internal sealed partial class PageReader(RequestSender sender, IRateBudgets budgets, TimeProvider time)
{
    /// <summary>How many pages a list may have.</summary>
    public const int MaxPages = 1000;

    /// <summary>How long what was read already may wait for the next permit: well within a lease, so that a reader does not lose its run.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Reads.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The first request.</param>
    /// <param name="paged">True to follow all pages.</param>
    /// <param name="permitHeld">True when the permit of the first request is taken already.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="until">How long the first request may wait for its permit, because something else was read for it already; null to give up at once.</param>
    public async Task<PageResult> ReadAsync(
        Connection connection, ConnectorRequest request, bool paged, bool permitHeld, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        var items = new List<JsonElement>();
        var seen = new HashSet<string>();
        DateTimeOffset patience = time.GetUtcNow() + Patience;
        Uri url = request.Url;
        while (true)
        {
            if (!permitHeld && await TakeAsync(connection, seen.Count == 0 ? until ?? DateTimeOffset.MinValue : patience, cancellationToken) is { } later)
            {
                return new(Exchange.OverBudget(later), default);
            }
            permitHeld = false;
            Exchange exchange = await sender.SendAsync(connection, request with { Url = url }, null, cancellationToken);
            if (exchange.Outcome != OperationOutcome.Confirmed)
            {
                return new(exchange, default);
            }
            if (AnswerReader.Body(connection.Connector, exchange.Response!) is not { } body)
            {
                return NotUnderstood(exchange, AnswerReader.Unreadable);
            }
            if (!paged)
            {
                return new(exchange, AnswerReader.Value(exchange.Response!, body));
            }
            if (body.ValueKind != JsonValueKind.Array)
            {
                return NotUnderstood(exchange, "A page of a list is not an array.");
            }
            items.AddRange(body.EnumerateArray());
            if (Next(exchange.Response!, connection.Connector.Http.LinkRelation!) is not { } link)
            {
                return new(exchange, AnswerReader.Value(exchange.Response!, Concatenate(items)));
            }
            if (!seen.Add(url.AbsoluteUri) || seen.Count >= MaxPages || !Uri.TryCreate(url, link, out Uri? next)
                || Uri.Compare(next, request.Url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            {
                return NotUnderstood(exchange, "The link to the next page repeats itself, leads to another host, or there are more than 1000 pages.");
            }
            url = next;
        }
    }

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

    private static JsonElement Concatenate(List<JsonElement> items)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, ConnectorJson.Compact))
        {
            writer.WriteStartArray();
            items.ForEach(item => writer.WriteRawValue(ConnectorJson.RawBytes(item), skipInputValidation: true));
            writer.WriteEndArray();
        }
        return JsonElement.Parse(buffer.ToArray());
    }

    [GeneratedRegex("""<(?<target>[^>]*)>[^,<]*?;\s*rel\s*=\s*("(?<quoted>[^"]*)"|(?<token>[^\s;,"]+))""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex LinkPattern();
}

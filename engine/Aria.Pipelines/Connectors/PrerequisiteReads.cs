using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Connectors;

/// <summary>What reading gave: exactly one is set.</summary>
/// <param name="Reads">Values by read id.</param>
/// <param name="Stop">Why preparing ends here.</param>
internal sealed record ReadsResult(JsonElement? Reads, Preparation? Stop);

/// <summary>Does the reads that an operation needs first, in order, from the cache where that is declared.</summary>
internal sealed class PrerequisiteReads(PageReader pages, ReadCache cache, TimeProvider time, IReadSamples? samples = null)
{
    /// <summary>Reads.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="values">What templates see; <c>reads</c> is added.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="MappingException">A template of a read failed.</exception>
    public async Task<ReadsResult> PerformAsync(
        Connection connection, ConnectorOperation operation, IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken)
    {
        var results = new JsonObject();
        // The first read gives its turn up; what is read already would be lost, so those behind it wait a little.
        DateTimeOffset waitUntil = default;
        foreach (ConnectorRead read in operation.Reads)
        {
            Dictionary<string, JsonElement> seen = new(values) { ["reads"] = ConnectorJson.ToElement(results) };
            if (!IsWanted(read, seen))
            {
                results[read.Id] = null;
                continue;
            }
            ConnectorRequest request = RequestBuilder.Build(connection, read.Request, seen);
            if (samples?.Find(connection, read, request) is { } sample)
            {
                results[read.Id] = ConnectorJson.ToNode(sample);
                continue;
            }
            PageResult page = await ReadAsync(connection, read, request, seen, waitUntil, cancellationToken);
            waitUntil = page.Exchange.Response is not null && waitUntil == default ? time.GetUtcNow() + PageReader.Patience : waitUntil;
            if (read.IsOptional && page.Exchange is { Outcome: OperationOutcome.Rejected, Response.Status: 404 or 410 })
            {
                results[read.Id] = null;
                continue;
            }
            if (page.Exchange.Outcome != OperationOutcome.Confirmed)
            {
                return new(null, Stop(connection, operation, read, page.Exchange));
            }
            results[read.Id] = read.Value is { } mapping
                ? mapping.Evaluate(new Dictionary<string, JsonElement>(seen) { ["response"] = page.Response }, cancellationToken)
                : ConnectorJson.ToNode(page.Response.GetProperty("body"));
        }
        return new(ConnectorJson.ToElement(results), null);
    }

    /// <summary>The same with samples instead of requests.</summary>
    /// <exception cref="MappingException">A condition failed.</exception>
    public static JsonElement Samples(ConnectorOperation operation, IReadOnlyDictionary<string, JsonElement> values)
    {
        var results = new JsonObject();
        foreach (ConnectorRead read in operation.Reads)
        {
            Dictionary<string, JsonElement> seen = new(values) { ["reads"] = ConnectorJson.ToElement(results) };
            results[read.Id] = IsWanted(read, seen) ? ConnectorJson.ToNode(read.Sample) : null;
        }
        return ConnectorJson.ToElement(results);
    }

    /// <summary>The samples of all reads, by id.</summary>
    public static JsonElement Samples(IReadOnlyList<ConnectorRead> reads) =>
        ConnectorJson.ToElement(new JsonObject(reads.DistinctBy(r => r.Id).Select(r => KeyValuePair.Create(r.Id, ConnectorJson.ToNode(r.Sample)))));

    private async Task<PageResult> ReadAsync(
        Connection connection, ConnectorRead read, ConnectorRequest request, Dictionary<string, JsonElement> seen, DateTimeOffset waitUntil, CancellationToken cancellationToken)
    {
        string url = request.Url.AbsoluteUri;
        if (read.CacheFor is not null && cache.Find(connection.Id, url) is { } known)
        {
            EngineMetrics.ReadDone(connection.Id, kept: true);
            return new(new Exchange(OperationOutcome.Confirmed, null, null, null, null, TimeSpan.Zero), known);
        }
        DateTimeOffset asked = time.GetUtcNow();
        PageResult page = await pages.ReadAsync(connection, request, read.Items, permitHeld: false, cancellationToken, waitUntil, read.Ready);
        if (page.Exchange.Outcome == OperationOutcome.Confirmed)
        {
            EngineMetrics.ReadDone(connection.Id, kept: false);
        }
        if (read.CacheFor is { } duration && page.Exchange.Outcome == OperationOutcome.Confirmed)
        {
            string? subject = read.CacheSubject is { } mapping ? ConnectorJson.Text(ConnectorJson.ToElement(mapping.Evaluate(seen, cancellationToken))) : null;
            cache.Keep(connection.Id, url, subject, page.Response, asked, duration);
        }
        return page;
    }

    /// <summary>Whether a read is made.</summary>
    /// <exception cref="MappingException">Its condition failed.</exception>
    public static bool IsWanted(ConnectorRead read, IReadOnlyDictionary<string, JsonElement> values) =>
        read.When is not { } condition || condition.Evaluate(values) is JsonValue value && value.TryGetValue(out bool wanted) && wanted;

    private static Preparation Stop(Connection connection, ConnectorOperation operation, ConnectorRead read, Exchange exchange)
    {
        if (exchange.Outcome != OperationOutcome.Rejected && !exchange.Permanent)
        {
            return new Preparation(null, null, exchange.RetryAt, exchange.Code, CountsAsAttempt: exchange.Outcome != OperationOutcome.RateLimited)
            {
                // Those that only wait for their turn are many, and it is their code that says so.
                RetryMessage = exchange.Code is not (PermitRefusal.Budget or PermitRefusal.BreakerOpen) && exchange.Message is { } said ? $"reading '{read.Id}': {said}" : null,
            };
        }
        string status = exchange.Response is { } response ? $" (status {response.Status})" : "";
        string summary = $"'{connection.Id}.{operation.Name}' could not read '{read.Id}'{status}: {exchange.Message ?? "no reason given"}";
        return new Preparation(null, new Diagnostic(exchange.Code!, DiagnosticSeverity.Error, summary, "", null, null, null, exchange.Fault), null, null, false);
    }
}

using System.Text.Json.Nodes;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Performs operations as their connector declares them.</summary>
internal sealed class OperationClient(
    PrerequisiteReads reads, RequestSender sender, PageReader pages, ReadCache cache, ConnectorHosts hosts, ConnectionSecrets secrets) : IOperationClient
{
    public async Task<Preparation> PrepareAsync(
        Connection connection, ConnectorOperation operation, JsonElement input, string effectKey, CancellationToken cancellationToken)
    {
        JsonElement clean = OperationInput.WithoutNulls(operation.InputSchema, input);
        if (OperationInput.Check(connection, operation, clean) is { } problem)
        {
            return Problem(problem);
        }
        try
        {
            Dictionary<string, JsonElement> values = Values(connection, clean, effectKey);
            ReadsResult result = await reads.PerformAsync(connection, operation, values, cancellationToken);
            return result.Reads is { } found ? await FreezeAsync(connection, operation, values, found, hosts.For(connection)) : result.Stop!;
        }
        catch (MappingException e)
        {
            return Problem(e.Diagnostic);
        }
    }

    public Preparation PrepareOffline(Connection connection, ConnectorOperation operation, JsonElement input, string effectKey)
    {
        JsonElement clean = OperationInput.WithoutNulls(operation.InputSchema, input);
        if (OperationInput.Check(connection, operation, clean) is { } problem)
        {
            return Problem(problem);
        }
        try
        {
            Dictionary<string, JsonElement> values = Values(connection, clean, effectKey);
            // Nothing is waited for but the connector's own code.
            return FreezeAsync(connection, operation, values, PrerequisiteReads.Samples(operation, values), hosts.Offline(connection)).GetAwaiter().GetResult();
        }
        catch (MappingException e)
        {
            return Problem(e.Diagnostic);
        }
    }

    public async Task<OperationAnswer> SendAsync(
        Connection connection, ConnectorOperation operation, JsonElement input, byte[] frozenRequest, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        FrozenRequest frozen = FrozenRequest.FromBytes(frozenRequest);
        JsonElement clean = OperationInput.WithoutNulls(operation.InputSchema, input);
        var values = new Dictionary<string, JsonElement> { ["input"] = clean, ["settings"] = connection.Settings, ["reads"] = frozen.Reads };
        if (frozen.Method.Length == 0)
        {
            return OfReadsAlone(operation, values);
        }
        var request = new ConnectorRequest(frozen.Method, new Uri(frozen.Url), frozen.Headers, frozen.Body);
        Exchange exchange = await ChangeAsync(connection, operation, clean, request, timeout, cancellationToken);
        return exchange.Outcome == OperationOutcome.Confirmed
            ? await UnderstoodAsync(connection, operation, values, exchange)
            : Answer(connection, exchange, null, null);
    }

    public async Task<OperationAnswer> LookUpAsync(
        Connection connection, ConnectorOperation operation, JsonElement input, string effectKey, byte[] frozenRequest, CancellationToken cancellationToken)
    {
        LookupDefinition lookup = operation.Lookup ?? throw new InvalidOperationException($"Operation '{operation.Name}' declares no look-up.");
        Dictionary<string, JsonElement> values = Values(connection, OperationInput.WithoutNulls(operation.InputSchema, input), effectKey);
        values["reads"] = FrozenRequest.FromBytes(frozenRequest).Reads;
        PageResult? page = null;
        try
        {
            ConnectorRequest request = RequestBuilder.Build(connection, lookup.Request, values);
            page = await pages.ReadAsync(connection, request, lookup.Items, permitHeld: true, cancellationToken);
            if (page.Exchange.Outcome != OperationOutcome.Confirmed)
            {
                // A search that is refused says nothing about the change; one that was never made is not even inconclusive.
                OperationOutcome outcome = page.Exchange.Outcome is OperationOutcome.RateLimited or OperationOutcome.NotSent ? page.Exchange.Outcome : OperationOutcome.Unknown;
                return Answer(connection, page.Exchange with { Outcome = outcome }, null, null);
            }
            values["response"] = page.Response;
            if (lookup.Found.Evaluate(values, cancellationToken) is not { } found)
            {
                return Answer(connection, page.Exchange with { Outcome = OperationOutcome.NotFound }, null, null);
            }
            JsonElement output = ConnectorJson.ToElement(found);
            return Answer(connection, page.Exchange, output, ReferenceOf(operation, values, output));
        }
        catch (MappingException e)
        {
            Exchange exchange = page?.Exchange ?? new Exchange(OperationOutcome.Unknown, null, null, null, null, TimeSpan.Zero);
            return Answer(connection, NotUnderstood(exchange, e.Diagnostic), null, null);
        }
    }

    /// <summary>A subject has changed at the remote system: forget what was read of it.</summary>
    public void SubjectChanged(string connectionId, string subject) => cache.Drop(connectionId, subject);

    private async Task<Preparation> FreezeAsync(Connection connection, ConnectorOperation operation, Dictionary<string, JsonElement> values, JsonElement found, ConnectorHost host)
    {
        values["reads"] = found;
        if (Refusals.First(operation, values) is { } refused)
        {
            return Problem(refused);
        }
        ConnectorRequest? request = operation switch
        {
            { PreparedByCode: true } => await PrepareByCodeAsync(connection, operation, values["input"], host),
            { Request: { } template } => RequestBuilder.Build(connection, template, values),
            _ => null,
        };
        if (request is null)
        {
            return Frozen(new FrozenRequest("", "", [], [], found));
        }
        List<KeyValuePair<string, string>> headers = [.. request.Headers];
        if (operation.IdempotencyHeader is { } name && operation.EffectFor(connection) == EffectClass.Keyed)
        {
            string key = values["effect"].GetProperty("key").GetString()!;
            headers.Add(new(name, RequestBuilder.CheckedHeader(connection, name, key)));
        }
        return Frozen(new FrozenRequest(request.Method, request.Url.AbsoluteUri, headers, request.Body.ToArray(), found));
    }

    private async Task<ConnectorRequest> PrepareByCodeAsync(Connection connection, ConnectorOperation operation, JsonElement input, ConnectorHost host)
    {
        try
        {
            return await connection.Connector.Calls.RunAsync(() => ((IPreparesRequests)connection.Connector.Code!).Prepare(operation.Name, input, host));
        }
        catch (Exception e)
        {
            hosts.Failed(connection, nameof(IPreparesRequests.Prepare), e);
            throw new MappingException(CodeFailed(connection, operation, "prepared a request", e), e);
        }
    }

    private async Task<OperationAnswer> UnderstoodAsync(Connection connection, ConnectorOperation operation, Dictionary<string, JsonElement> values, Exchange exchange)
    {
        try
        {
            JsonElement output = operation.PreparedByCode
                ? await ReadByCodeAsync(connection, operation, values["input"], exchange.Response!)
                : OutputOf(connection, operation, values, exchange.Response!);
            return Answer(connection, exchange, output, ReferenceOf(operation, values, output));
        }
        catch (MappingException e)
        {
            // It was processed, but nobody can say what came of it: a write is not confirmed by an answer that cannot be read.
            return Answer(connection, NotUnderstood(exchange, e.Diagnostic), null, null);
        }
    }

    private async Task<JsonElement> ReadByCodeAsync(Connection connection, ConnectorOperation operation, JsonElement input, ConnectorResponse response)
    {
        try
        {
            return await connection.Connector.Calls.RunAsync(() => ((IPreparesRequests)connection.Connector.Code!).Read(operation.Name, input, response, hosts.For(connection)));
        }
        catch (Exception e)
        {
            hosts.Failed(connection, nameof(IPreparesRequests.Read), e);
            throw new MappingException(CodeFailed(connection, operation, "read an answer", e), e);
        }
    }

    private static JsonElement OutputOf(Connection connection, ConnectorOperation operation, Dictionary<string, JsonElement> values, ConnectorResponse response)
    {
        JsonElement body = AnswerReader.Body(connection.Connector, response)
            ?? throw new MappingException(new Diagnostic("invalid_json", DiagnosticSeverity.Error, AnswerReader.Unreadable, "", null, null, null, DiagnosticFault.Remote));
        return ConnectorJson.ToElement(operation.Output!.Evaluate(new Dictionary<string, JsonElement>(values) { ["response"] = AnswerReader.Value(response, body) }));
    }

    private static OperationAnswer OfReadsAlone(ConnectorOperation operation, Dictionary<string, JsonElement> values)
    {
        try
        {
            JsonElement output = ConnectorJson.ToElement(operation.Output!.Evaluate(values));
            return new(OperationOutcome.Confirmed, output, ReferenceOf(operation, values, output), null, TimeSpan.Zero, null, null, null, null);
        }
        catch (MappingException e)
        {
            return new(OperationOutcome.Rejected, null, null, null, TimeSpan.Zero, e.Diagnostic.Code, e.Diagnostic.ToString(), null, null);
        }
    }

    private static string? ReferenceOf(ConnectorOperation operation, Dictionary<string, JsonElement> values, JsonElement output) =>
        operation.Reference is { } mapping
            ? ConnectorJson.Text(ConnectorJson.ToElement(mapping.Evaluate(new Dictionary<string, JsonElement> { ["input"] = values["input"], ["output"] = output })))
            : null;

    /// <summary>Sends, and sees to it that nothing is read from the cache that is older than what this changes.</summary>
    private async Task<Exchange> ChangeAsync(
        Connection connection, ConnectorOperation operation, JsonElement input, ConnectorRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? touched = Touched(operation, input);
        foreach (string subject in touched ?? [])
        {
            cache.BeginChange(connection.Id, subject);
        }
        bool unchanged = false;
        try
        {
            Exchange exchange = await sender.SendAsync(connection, request, timeout, cancellationToken);
            unchanged = exchange.Outcome is not (OperationOutcome.Confirmed or OperationOutcome.Unknown);
            return exchange;
        }
        finally
        {
            if (touched is null && !unchanged)
            {
                // Which subject changed cannot be said, so nothing of the connection may be used again.
                cache.DropAll(connection.Id);
            }
            foreach (string subject in touched ?? [])
            {
                if (!unchanged)
                {
                    cache.Drop(connection.Id, subject);
                }
                cache.EndChange(connection.Id, subject);
            }
        }
    }

    /// <summary>What an operation changes; null when that cannot be said.</summary>
    private static IReadOnlyList<string>? Touched(ConnectorOperation operation, JsonElement input)
    {
        try
        {
            var values = new Dictionary<string, JsonElement> { ["input"] = input };
            return [.. operation.Touches.Select(t => ConnectorJson.Text(ConnectorJson.ToElement(t.Evaluate(values)))).OfType<string>()];
        }
        catch (MappingException)
        {
            return null;
        }
    }

    private OperationAnswer Answer(Connection connection, Exchange exchange, JsonElement? output, string? reference) => new(
        exchange.Outcome, output, reference, exchange.Response?.Status, exchange.Elapsed, exchange.Code, exchange.Message, exchange.RetryAt,
        exchange.Response is { } response ? AnswerReader.Record(response, text => secrets.Mask(connection, text)) : null)
    {
        IsPermanent = exchange is { Outcome: OperationOutcome.NotSent, Permanent: true },
    };

    private static Exchange NotUnderstood(Exchange exchange, Diagnostic why) =>
        exchange with { Outcome = OperationOutcome.Unknown, Code = "answer_not_understood", Message = why.ToString() };

    private static Diagnostic CodeFailed(Connection connection, ConnectorOperation operation, string doing, Exception e) =>
        new("connector_failed", DiagnosticSeverity.Error, $"Code of connector '{connection.Connector.Name}' failed while it {doing} of '{operation.Name}'.", CodeStuckException.Said(e), null, null, null, DiagnosticFault.Connector);

    private static Dictionary<string, JsonElement> Values(Connection connection, JsonElement input, string effectKey) => new()
    {
        ["input"] = input,
        ["settings"] = connection.Settings,
        ["effect"] = ConnectorJson.ToElement(new JsonObject { ["key"] = effectKey }),
    };

    private static Preparation Problem(Diagnostic problem) => new(null, problem, null, null, false);

    private static Preparation Frozen(FrozenRequest frozen) => new(frozen.ToBytes(), null, null, null, false);
}

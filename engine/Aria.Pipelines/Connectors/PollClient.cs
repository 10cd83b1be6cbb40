using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Performs the requests of a feed. Remembers nothing: what is known stands in the position it is given.</summary>
internal sealed class PollClient(PageReader pages, IRateBudgets budgets, TimeProvider time)
{
    // A feed's own 'next' that is a URL.
    private static readonly Paging Linked = new("next", null, null, "");

    /// <summary>Reads the page that a position stands at.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="poll">The feed.</param>
    /// <param name="position">Where reading stands.</param>
    /// <param name="replay">True to ask for what may have been given out before and was not stored.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<PollPage> ReadAsync(Connection connection, PollDefinition poll, PollPosition position, bool replay, CancellationToken cancellationToken)
    {
        try
        {
            if (poll.Each is { } each && position.Parents is null)
            {
                (IReadOnlyList<JsonElement> parents, PollPage? none) = await ParentsAsync(connection, poll, each, position, cancellationToken);
                if (none is not null)
                {
                    return none;
                }
                position = position with { Parents = parents };
            }
            Dictionary<string, JsonElement> values = new() { ["settings"] = connection.Settings, ["poll"] = Values(poll, position, time.GetUtcNow()) };
            RequestTemplate? replayed = replay && poll.Cursor is PollCursor.Queue { Replay: { } again } && position.After is not null ? again : null;
            ConnectorRequest request = RequestBuilder.Build(connection, replayed ?? poll.Request, values);
            if (position.Next is { } link && (poll.Linked || link.StartsWith("http", StringComparison.Ordinal)))
            {
                if ((poll.Linked ? connection.Connector.Http.Paging! : Linked).Follow(request.Url, link) is not { } url)
                {
                    return PollPage.Failed(NotUnderstood("The link to the next page leads to another host."));
                }
                request = request with { Url = url };
            }
            // The first page gives its turn up; behind it waiting is better than reading again what was read, which would use the budget up once more.
            DateTimeOffset waitUntil = position.Page > 1 || position.Parents is not null ? time.GetUtcNow() + PageReader.Patience : default;
            PageResult page = await pages.ReadAsync(connection, request, items: null, permitHeld: false, cancellationToken, waitUntil, poll.Ready);
            if (replayed is not null && page.Exchange.Outcome == OperationOutcome.Rejected)
            {
                return await ReadAsync(connection, poll, position, replay: false, cancellationToken) with { IsMissing = position.Given is not null };
            }
            // What had a list when the pass began is gone.
            PollPage understood = position.Parents is not null && page.Exchange is { Outcome: OperationOutcome.Rejected, Response: { Status: 404 or 410 } gone }
                ? new PollPage([], AnswerReader.Value(gone, ConnectorJson.Null), false, null)
                : Understood(connection, poll, position, values, page);
            return understood.HasMore && understood.Next == position.Next ? PollPage.Failed(NotUnderstood("The source names the same page again as the next one.")) : OfEach(position, understood);
        }
        catch (MappingException e)
        {
            return PollPage.Failed(NotUnderstood(e.Diagnostic.ToString()));
        }
    }

    /// <summary>Asks for what a queue gave out last, and makes the queue when its reading begins or the source does not know it any more.</summary>
    public async Task<QueueStand> FindQueueAsync(Connection connection, PollDefinition poll, PollPosition position, CancellationToken cancellationToken)
    {
        var queue = (PollCursor.Queue)poll.Cursor;
        try
        {
            QueueStand? made = queue.Open is { } first && position.After is null ? await AskAsync(connection, poll, position, first, queue.Position!, cancellationToken) : null;
            if (queue.Given is not { } given || made is { Failure: not { Outcome: OperationOutcome.Rejected } })
            {
                return (made ?? new QueueStand(null)) with { IsNew = made is not null };
            }
            QueueStand found = await AskAsync(connection, poll, position, given.Request, given.Value, cancellationToken);
            if (found.Failure is not { Outcome: OperationOutcome.Rejected } || queue.Open is not { } open)
            {
                return found;
            }
            return made ?? (await AskAsync(connection, poll, position, open, queue.Position!, cancellationToken) with { IsNew = true });
        }
        catch (MappingException e)
        {
            return new QueueStand(null) { Failure = NotUnderstood(e.Diagnostic.ToString()) };
        }
    }

    /// <summary>Completes a record. Waits for its permits: what was read of the page would be lost otherwise.</summary>
    /// <returns>The event's payload (the record itself when it is gone meanwhile), or why there is none.</returns>
    public async Task<(JsonElement Payload, Exchange? Failure)> CompleteAsync(Connection connection, PollDetail detail, JsonElement item, CancellationToken cancellationToken)
    {
        try
        {
            Dictionary<string, JsonElement> values = new() { ["settings"] = connection.Settings, ["item"] = item };
            ConnectorRequest request = RequestBuilder.Build(connection, detail.Request, values);
            PageResult page = await SendAsync(connection, request, cancellationToken);
            if (page.Exchange.Outcome != OperationOutcome.Confirmed)
            {
                return page.Exchange.Response is { Status: 404 or 410 } ? (item, null) : (default, page.Exchange);
            }
            values["response"] = page.Response;
            return (detail.Value is { } value ? ConnectorJson.ToElement(value.Evaluate(values, cancellationToken)) : page.Response.GetProperty("body"), null);
        }
        catch (MappingException e)
        {
            return (default, NotUnderstood(e.Diagnostic.ToString()));
        }
    }

    /// <summary>Tells the source that a page is stored.</summary>
    /// <returns>Why it could not be told; null when it was.</returns>
    public async Task<Exchange?> AcknowledgeAsync(
        Connection connection, PollDefinition poll, PollPosition position, PollPage page, CancellationToken cancellationToken)
    {
        try
        {
            Dictionary<string, JsonElement> values = new()
            {
                ["settings"] = connection.Settings, ["poll"] = Values(poll, position, time.GetUtcNow()), ["response"] = page.Response, ["item"] = page.Items[0],
            };
            PageResult told = await SendAsync(connection, RequestBuilder.Build(connection, poll.Acknowledge!, values), cancellationToken);
            // Gone already: an earlier acknowledgement arrived although its answer did not.
            return told.Exchange.Outcome == OperationOutcome.Confirmed || told.Exchange.Response is { Status: 404 or 410 } ? null : told.Exchange;
        }
        catch (MappingException e)
        {
            return NotUnderstood(e.Diagnostic.ToString());
        }
    }

    /// <summary>The records that have lists of their own; or the page that a pass without any consists of, or why they are not known.</summary>
    private async Task<(IReadOnlyList<JsonElement> Parents, PollPage? None)> ParentsAsync(
        Connection connection, PollDefinition poll, PollEach each, PollPosition position, CancellationToken cancellationToken)
    {
        Dictionary<string, JsonElement> values = new() { ["settings"] = connection.Settings, ["poll"] = Values(poll, position, time.GetUtcNow()) };
        PageResult list = await pages.ReadAsync(connection, RequestBuilder.Build(connection, each.Request, values), each.Paged ? connection.Connector.Http.Paging!.Items : null, permitHeld: false, cancellationToken);
        if (list.Exchange.Outcome != OperationOutcome.Confirmed)
        {
            return ([], PollPage.Failed(list.Exchange));
        }
        return Items(list.Response.GetProperty("body"), each.Items) switch
        {
            null => ([], PollPage.Failed(NotUnderstood($"The answer holds no records at '{each.Items}', which 'each' names."))),
            [] => ([], new PollPage([], list.Response, false, null)),
            var parents => (parents, null),
        };
    }

    /// <summary>A page of one of several lists: behind its end comes the next list.</summary>
    private static PollPage OfEach(PollPosition position, PollPage page)
    {
        if (position.Parents is not { } parents || page.Failure is not null)
        {
            return page;
        }
        IReadOnlyList<JsonElement> left = page.HasMore ? parents : [.. parents.Skip(1)];
        return page with { Parents = left, BeginsAnother = !page.HasMore && left.Count > 0, HasMore = left.Count > 0 };
    }

    private async Task<QueueStand> AskAsync(
        Connection connection, PollDefinition poll, PollPosition position, RequestTemplate template, CompiledMapping value, CancellationToken cancellationToken)
    {
        Dictionary<string, JsonElement> values = new() { ["settings"] = connection.Settings, ["poll"] = Values(poll, position, time.GetUtcNow()) };
        PageResult page = await pages.ReadAsync(connection, RequestBuilder.Build(connection, template, values), items: null, permitHeld: false, cancellationToken);
        return page.Exchange.Outcome == OperationOutcome.Confirmed
            ? new QueueStand(ConnectorJson.Text(value, new Dictionary<string, JsonElement> { ["response"] = page.Response }))
            : new QueueStand(null) { Failure = page.Exchange };
    }

    private async Task<PageResult> SendAsync(Connection connection, ConnectorRequest request, CancellationToken cancellationToken)
    {
        while (await budgets.TakeAsync(connection.Budget, cancellationToken) is { } refused)
        {
            TimeSpan wait = refused.At - time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken);
        }
        return await pages.ReadAsync(connection, request, items: null, permitHeld: true, cancellationToken);
    }

    private static PollPage Understood(Connection connection, PollDefinition poll, PollPosition position, Dictionary<string, JsonElement> values, PageResult page)
    {
        if (IsExpired(connection.Connector, poll, page))
        {
            return new PollPage([], default, false, null) { TokenExpired = true };
        }
        if (page.Exchange.Outcome != OperationOutcome.Confirmed)
        {
            return PollPage.Failed(page.Exchange);
        }
        values["response"] = page.Response;
        if (Items(poll, values, page) is not { } items)
        {
            return PollPage.Failed(NotUnderstood(poll.Records is null ? $"The answer holds no records at '{poll.Items}'." : "What 'items' makes of the answer is no list."));
        }
        string? next = poll.Linked ? connection.Connector.Http.Paging!.Next(connection, page.Exchange.Response!, page.Response, position.Page)
            : poll.Next is { } mapping ? ConnectorJson.Text(mapping, values) : null;
        return new PollPage([.. items.Where(i => IsWanted(poll, values, i))], page.Response, !string.IsNullOrEmpty(next), next);
    }

    private static bool IsExpired(Connector connector, PollDefinition poll, PageResult page)
    {
        if (poll.Cursor is not PollCursor.Token { Expired: { } expired } || page.Exchange.Response is not { } response)
        {
            return false;
        }
        JsonElement body = AnswerReader.Body(connector, response) ?? ConnectorJson.Null;
        return IsTrue(expired, new Dictionary<string, JsonElement> { ["response"] = AnswerReader.Value(response, body) });
    }

    private static IReadOnlyList<JsonElement>? Items(PollDefinition poll, Dictionary<string, JsonElement> values, PageResult page) =>
        poll.Records is { } mapping ? Items(ConnectorJson.ToElement(mapping.Evaluate(values)), "") : Items(page.Response.GetProperty("body"), poll.Items);

    /// <summary>The records; null when the answer is not of this shape. Nothing at all (204, an empty object) is no records.</summary>
    private static IReadOnlyList<JsonElement>? Items(JsonElement body, string pointer)
    {
        if (body.ValueKind == JsonValueKind.Null || (pointer.Length > 0 && body.ValueKind == JsonValueKind.Object && !body.EnumerateObject().Any()))
        {
            return [];
        }
        return JsonPointer.Find(body, pointer) switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
            { ValueKind: JsonValueKind.Object } one => [one],
            { ValueKind: JsonValueKind.Null } => [],
            _ => null,
        };
    }

    private static bool IsWanted(PollDefinition poll, Dictionary<string, JsonElement> values, JsonElement item) =>
        poll.When is not { } condition || IsTrue(condition, new Dictionary<string, JsonElement> { ["settings"] = values["settings"], ["item"] = item });

    private static bool IsTrue(CompiledMapping condition, Dictionary<string, JsonElement> values) =>
        condition.Evaluate(values) is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static JsonElement Values(PollDefinition poll, PollPosition position, DateTimeOffset now)
    {
        TimeFormat format = poll.Cursor is PollCursor.Timestamp timestamp ? timestamp.Format : TimeFormat.Iso;
        string? pattern = (poll.Cursor as PollCursor.Timestamp)?.Pattern;
        return ConnectorJson.ToElement(new JsonObject
        {
            ["since"] = position.From is { } from ? PollTime.Write(from, format, pattern) : null,
            ["until"] = position.Until is { } until ? PollTime.Write(until, format, pattern) : null,
            ["now"] = PollTime.Write(now, format, pattern),
            ["token"] = position.Token,
            ["after"] = position.After,
            ["given"] = position.Given,
            ["page"] = position.Page,
            ["next"] = position.Next,
            ["parent"] = position.Parents is [var parent, ..] ? ConnectorJson.ToNode(parent) : null,
        });
    }

    private static Exchange NotUnderstood(string message) =>
        new(OperationOutcome.Unknown, null, "answer_not_understood", message, null, TimeSpan.Zero) { Fault = DiagnosticFault.Connector };
}

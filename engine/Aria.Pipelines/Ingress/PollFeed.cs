using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Ingress;

/// <summary>What every feed works with.</summary>
/// <param name="Store">Where cursors stand.</param>
/// <param name="Intake">Where events go.</param>
/// <param name="Client">The requests.</param>
/// <param name="Time">The clock.</param>
internal sealed record PollParts(IStore Store, EventIntake Intake, PollClient Client, TimeProvider Time);

/// <summary>
/// Reads one event of one connection, a page at a time. Each page's events and the cursor behind them are one commit, so wherever it is stopped
/// it goes on without losing or doubling any.
/// </summary>
/// <param name="parts">What it works with.</param>
/// <param name="eventType">The event that the feed belongs to.</param>
/// <param name="cursor">Name of its cursor: the event, or <see cref="Backfill"/> of it.</param>
internal sealed class PollFeed(PollParts parts, string eventType, string cursor)
{
    // Times that sources give may be a little ahead; a position this far ahead was made by a clock that was wrong.
    private static readonly TimeSpan FarAhead = TimeSpan.FromHours(1);
    private PollPosition? _position;
    private bool _isResuming = true;

    /// <summary>Name of the cursor of an event's backfill.</summary>
    public static string Backfill(string eventType) => $"{eventType} backfill";

    /// <summary>Reads one page.</summary>
    public async Task<PollStep> StepAsync(Connection connection, CancellationToken cancellationToken)
    {
        ConnectorEvent feed = connection.Connector.Events[eventType];
        PollDefinition poll = feed.PollFor(connection)!;
        PollPosition position = await StandAsync(connection, poll, cancellationToken).ConfigureAwait(false);
        if (position.Ended)
        {
            return PollStep.Finished;
        }
        bool replay = _isResuming;
        DateTimeOffset asked = parts.Time.GetUtcNow();
        if (poll.Cursor is PollCursor.Timestamp timestamp && position.Since is { } since && since > asked + timestamp.Skew + FarAhead)
        {
            await KeepAsync(connection, position.Restarted with { Since = asked }, [], [], cancellationToken).ConfigureAwait(false);
            return new PollStep(true) { SetBackFrom = since };
        }
        // Whatever goes wrong from here on, the next step begins with what is in the store.
        _position = null;
        _isResuming = true;
        if (replay && poll.Cursor is PollCursor.Queue { Open: not null } or PollCursor.Queue { Given: not null })
        {
            QueueStand stand = await parts.Client.FindQueueAsync(connection, poll, position, cancellationToken).ConfigureAwait(false);
            if (stand.Failure is { } unknown)
            {
                return PollStep.Failed(unknown);
            }
            if (stand.IsNew || position.After is null)
            {
                // Durable before the first reading: an answer that is lost is told from one that never was by what stands here.
                await KeepAsync(connection, position with { After = stand.Given ?? position.After }, [], [], cancellationToken).ConfigureAwait(false);
                return new PollStep(true) { IsMissing = stand.IsNew && position.After is not null };
            }
            replay = stand.Given is null || stand.Given != position.After;
            position = position with { Given = stand.Given };
        }
        PollPage page = await parts.Client.ReadAsync(connection, poll, position, replay, cancellationToken).ConfigureAwait(false);
        if (page.Failure is { } failure)
        {
            return PollStep.Failed(failure);
        }
        if (page.TokenExpired)
        {
            if (position.Token is null)
            {
                return PollStep.Failed(new Exchange(OperationOutcome.Unknown, null, "token_expired", "The source refuses a reading that carries no token.", null, TimeSpan.Zero));
            }
            await KeepAsync(connection, position.Restarted with { Token = null, Again = true }, [], [], cancellationToken).ConfigureAwait(false);
            return new PollStep(true);
        }
        if (page.HasMore && !page.BeginsAnother && page.Next == position.Next)
        {
            return PollStep.Failed(new Exchange(OperationOutcome.Unknown, null, "poll_endless", "The next page is the page that was read.", null, TimeSpan.Zero));
        }
        return await TakeAsync(connection, feed, position, page, asked, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PollStep> TakeAsync(
        Connection connection, ConnectorEvent feed, PollPosition position, PollPage page, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        PollDefinition poll = feed.PollFor(connection)!;
        (IReadOnlyList<JsonElement> wanted, IReadOnlyList<PolledRecord> records) = await SelectAsync(connection, poll, position, page, cancellationToken).ConfigureAwait(false);
        var events = new List<DecodedEvent>();
        foreach (JsonElement item in wanted)
        {
            JsonElement payload = item;
            if (poll.Detail is { } detail)
            {
                (payload, Exchange? missing) = await parts.Client.CompleteAsync(connection, detail, item, cancellationToken).ConfigureAwait(false);
                if (missing is not null)
                {
                    return PollStep.Failed(missing);
                }
            }
            events.Add(EventDecoder.DecodePolled(connection.Connector, feed, poll, item, payload, poll.Cursor.IsCompared && cursor == eventType ? position.Pass : null));
        }
        bool knownOnly = poll.Cursor is PollCursor.Diff { UntilKnown: true } && wanted.Count == 0 && !position.Silent && !position.Again;
        (PollPosition after, bool more) = PollProgress.After(poll, position, page, asked, endsHere: knownOnly);
        if (!more && cursor != eventType)
        {
            after = after with { Ended = true };
        }
        IReadOnlyList<AcceptedEvent> accepted = await KeepAsync(connection, after, events, records, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<JsonElement> fresh = [.. wanted.Where((_, i) => !accepted[i].IsDuplicate)];
        if (poll.Acknowledge is not null && page.Items.Count > 0
            && await parts.Client.AcknowledgeAsync(connection, poll, position, page, cancellationToken).ConfigureAwait(false) is { } untold)
        {
            _position = null;
            _isResuming = true;
            return PollStep.Failed(untold) with { Accepted = fresh.Count };
        }
        return new PollStep(more) { IsMissing = page.IsMissing, Accepted = fresh.Count, Lag = PollProgress.Lag(poll, fresh, parts.Time.GetUtcNow()) };
    }

    private async Task<IReadOnlyList<AcceptedEvent>> KeepAsync(
        Connection connection, PollPosition after, IReadOnlyList<DecodedEvent> events, IReadOnlyList<PolledRecord> records, CancellationToken cancellationToken)
    {
        IReadOnlyList<AcceptedEvent> accepted = await parts.Intake.AcceptAsync(
            connection.Id, "poll", events, new CursorMove(cursor, after.ToBytes(), records), cancellationToken).ConfigureAwait(false);
        _position = after;
        _isResuming = false;
        return accepted;
    }

    /// <summary>Where reading stands. A feed that never began begins now, and what is there already is no news.</summary>
    private async Task<PollPosition> StandAsync(Connection connection, PollDefinition poll, CancellationToken cancellationToken)
    {
        PollPosition? stored = _position;
        if (stored is null && await parts.Store.Cursors.ReadAsync(connection.Id, cursor, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            stored = PollPosition.FromBytes(bytes);
            stored = PollProgress.CanResume(poll) ? stored : stored.Restarted with { Again = stored.Again || (stored.Page > 1 && poll.Cursor is PollCursor.Diff) };
        }
        if (stored is null)
        {
            stored = poll.Cursor is PollCursor.Timestamp
                ? new PollPosition { Since = parts.Time.GetUtcNow() }
                : new PollPosition { Silent = poll.Cursor is not PollCursor.Queue };
            await parts.Intake.AcceptAsync(connection.Id, "poll", [], new CursorMove(cursor, stored.ToBytes(), []), cancellationToken).ConfigureAwait(false);
        }
        return PollProgress.Begin(poll, stored);
    }

    /// <summary>The records that are events, and those to remember.</summary>
    private async Task<(IReadOnlyList<JsonElement> Wanted, IReadOnlyList<PolledRecord> Records)> SelectAsync(
        Connection connection, PollDefinition poll, PollPosition position, PollPage page, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonElement> items = [.. page.Items.Where(i => PollProgress.IsNews(poll, position, i))];
        if (PollProgress.Remembered(poll, items) is not { } records)
        {
            return (position.Silent ? [] : items, []);
        }
        if (poll.Cursor is PollCursor.Token && !position.Again)
        {
            return (position.Silent ? [] : items, records);
        }
        IReadOnlyList<RecordChange> changes = await parts.Store.Cursors.CompareAsync(connection.Id, cursor, records, cancellationToken).ConfigureAwait(false);
        DiffEmit emit = poll.Cursor is PollCursor.Diff diff ? diff.Emit : DiffEmit.Any;
        IReadOnlyList<JsonElement> wanted = [.. items.Where((_, i) => !position.Silent && changes[i] != RecordChange.Same
            && (emit == DiffEmit.Any || (emit == DiffEmit.New) == (changes[i] == RecordChange.New)))];
        return (wanted, [.. records.Where((_, i) => changes[i] != RecordChange.Same)]);
    }
}

/// <summary>How reading a page ended.</summary>
/// <param name="HasMore">True when the next page can be read at once.</param>
internal sealed record PollStep(bool HasMore)
{
    /// <summary>There is nothing more to read, ever: a backfill is through.</summary>
    public static readonly PollStep Finished = new(false) { IsFinished = true };

    public bool IsFinished { get; init; }

    /// <summary>Events that were not known.</summary>
    public int Accepted { get; init; }

    /// <summary>True when the source has lost changes that were not read: nobody can say which.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Where the feed stood, when that was a time that has not come; it stands at now since.</summary>
    public DateTimeOffset? SetBackFrom { get; init; }

    /// <summary>How long the oldest change of the page had to wait until it was stored; null when the source does not say when it changed.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Why nothing was read; null when it was.</summary>
    public Exchange? Failure { get; init; }

    public static PollStep Failed(Exchange failure) => new(false) { Failure = failure };
}

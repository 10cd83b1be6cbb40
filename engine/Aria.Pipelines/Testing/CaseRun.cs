using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Testing;

/// <summary>
/// One case on the engine's own parts: intake, store, executor, ledger, client. Retries follow at once, because the clock moves to the
/// next one when nothing is ready; deadlines of waits pass only when the case says that time passes.
/// </summary>
internal sealed class CaseRun(CaseDefinition written, Pipeline pipeline, ServiceProvider services, CaseTargets targets, CaseNames names)
{
    private const int MaxRounds = 1000;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];
    private readonly IStore _store = services.GetRequiredService<IStore>();
    private readonly CaseClock _clock = services.GetRequiredService<CaseClock>();
    private readonly RunExecutor _executor = services.GetRequiredService<RunExecutor>();
    private readonly List<string> _problems = [];
    private string? _runId;
    private int _rounds;

    /// <summary>Plays the case to its end.</summary>
    public async Task<(CaseOutcome Outcome, IReadOnlyList<RunDetail> Runs)> PlayAsync(CancellationToken cancellationToken)
    {
        await PassAsync(written.Given, cancellationToken).ConfigureAwait(false);
        AcceptedEvent? accepted = await AcceptAsync(written.Event, cancellationToken).ConfigureAwait(false);
        if (accepted is not null)
        {
            names.Set(accepted.Id);
            _runId = accepted.RunIds.Count > 0 ? accepted.RunIds[0] : null;
            await SettleAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
            await PassAsync(written.Then, cancellationToken).ConfigureAwait(false);
        }
        _problems.AddRange(targets.Unanswered.Select(u => $"'{u}' was requested, and neither the case nor a sample of the connector answers it. Add an answer \"to\": \"{u}\"."));
        _problems.AddRange(targets.Unused.Select(u => $"The answer to '{u.To}' at line {u.Position.Line?.ToString(CultureInfo.InvariantCulture)} was never asked for. Remove it, or correct its 'to'."));
        return (await OutcomeAsync(accepted, cancellationToken).ConfigureAwait(false), await RunsAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task PassAsync(IReadOnlyList<CaseMoment> moments, CancellationToken cancellationToken)
    {
        foreach (CaseMoment moment in moments)
        {
            if (moment.Event is { } come)
            {
                await AcceptAsync(come, cancellationToken).ConfigureAwait(false);
                await SettleAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
            }
            else if (moment.After is { } after)
            {
                await LetPassAsync(_clock.GetUtcNow() + after, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Goes from one due time to the next, so that each thing happens when it would.</summary>
    private async Task LetPassAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        await SettleAsync(until, cancellationToken).ConfigureAwait(false);
        while (await _store.NextDueAsync(cancellationToken).ConfigureAwait(false) is { } next && next <= until && IsGoingOn())
        {
            _clock.MoveTo(next);
            await SettleAsync(until, cancellationToken).ConfigureAwait(false);
        }
        _clock.MoveTo(until);
        await SettleAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes until only waits are open, moving the clock to retries that are due before a time.</summary>
    private async Task SettleAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        while (IsGoingOn())
        {
            IReadOnlyList<RunLease> leases = await _store.LeaseRunsAsync("case", _clock.GetUtcNow(), LeaseTime, 1, cancellationToken).ConfigureAwait(false);
            foreach (RunLease lease in leases)
            {
                targets.IsKeeping = lease.RunId == _runId;
                await _executor.ExecuteAsync(lease, CancellationToken.None, cancellationToken).ConfigureAwait(false);
            }
            if (leases.Count > 0)
            {
                continue;
            }
            IReadOnlyList<RunSummary> ready = await _store.ListRunsAsync(new RunQuery(null, RunState.Ready, MaxRounds), cancellationToken).ConfigureAwait(false);
            if (ready.Min(r => r.DueUtc) is not { } due || due >= before)
            {
                return;
            }
            _clock.MoveTo(due);
        }
    }

    private bool IsGoingOn()
    {
        if (++_rounds == MaxRounds)
        {
            _problems.Add($"The run did not come to rest in {MaxRounds} rounds: it is tried again and again. Give fewer 'times' to an answer, or the step a retry that ends.");
        }
        return _rounds < MaxRounds;
    }

    private async Task<AcceptedEvent?> AcceptAsync(CaseEvent source, CancellationToken cancellationToken)
    {
        EventIntake intake = services.GetRequiredService<EventIntake>();
        if (source.Manual is { } subject)
        {
            if (pipeline.Manual is { } manual)
            {
                return await intake.SendAsync(pipeline, manual, subject, cancellationToken).ConfigureAwait(false);
            }
            _problems.Add($"Pipeline '{pipeline.Id}' has no manual trigger.");
            return null;
        }
        if (!pipeline.Connections.TryGetValue(source.Alias, out Connection? connection))
        {
            _problems.Add($"'{source.Alias}' is not one of the pipeline's connections. {Definitions.Suggestion.For(source.Alias, [.. pipeline.Connections.Keys])}");
            return null;
        }
        if (Body(source, connection) is not { } body)
        {
            return null;
        }
        var delivery = new Delivery("POST", Nothing, Nothing, body, _clock.GetUtcNow());
        IReadOnlyList<DecodedEvent> events = services.GetRequiredService<IWebhookReceiver>().Decode(connection, delivery).Events;
        if (events.Count == 0)
        {
            _problems.Add($"The delivery from '{source.Alias}' holds no event.");
            return null;
        }
        IReadOnlyList<AcceptedEvent> accepted = await intake.AcceptAsync(connection, delivery, events, cancellationToken).ConfigureAwait(false);
        return accepted.FirstOrDefault(a => a.RunIds.Count > 0) ?? accepted[0];
    }

    private byte[]? Body(CaseEvent source, Connection connection)
    {
        byte[]? body = source.Body;
        if (source.Sample is { } type)
        {
            IReadOnlyDictionary<string, ConnectorEvent> events = connection.Connector.Events;
            body = events.TryGetValue(type.Name, out ConnectorEvent? sampled) && sampled.Samples.Count > 0 ? sampled.Samples[0].Body : null;
            if (body is null)
            {
                _problems.Add($"Connector '{connection.Connector.Name}' has no sample of an event '{type.Name}'. {Definitions.Suggestion.For(type.Name, [.. events.Where(e => e.Value.Samples.Count > 0).Select(e => e.Key)])}");
                return null;
            }
        }
        return source.Merge is { } merge ? Merged(body!, merge, source) : body;
    }

    private byte[]? Merged(byte[] body, JsonElement merge, CaseEvent source)
    {
        try
        {
            return ConnectorJson.ToBytes(MergePatch.Apply(JsonNode.Parse(body), merge));
        }
        catch (JsonException e)
        {
            _problems.Add($"The event at line {source.Position.Line?.ToString(CultureInfo.InvariantCulture)} is not JSON, so nothing can be merged into it: {e.Message}");
            return null;
        }
    }

    private async Task<CaseOutcome> OutcomeAsync(AcceptedEvent? accepted, CancellationToken cancellationToken)
    {
        if (_runId is not null && await _store.FindRunAsync(_runId, cancellationToken).ConfigureAwait(false) is { } run)
        {
            return CaseOutcome.OfRun(run, targets, names, _problems);
        }
        return new CaseOutcome(accepted is { IsDuplicate: true } ? "duplicate" : accepted?.State ?? "unmatched", null, [], [], _problems);
    }

    private async Task<IReadOnlyList<RunDetail>> RunsAsync(CancellationToken cancellationToken)
    {
        var runs = new List<RunDetail>();
        foreach (RunSummary run in await _store.ListRunsAsync(new RunQuery(null, null, MaxRounds), cancellationToken).ConfigureAwait(false))
        {
            runs.Add((await _store.FindRunAsync(run.Id, cancellationToken).ConfigureAwait(false))!);
        }
        return runs;
    }
}

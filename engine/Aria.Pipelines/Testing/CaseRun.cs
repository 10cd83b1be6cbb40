using System.Globalization;
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
    private readonly IStore _store = services.GetRequiredService<IStore>();
    private readonly CaseClock _clock = services.GetRequiredService<CaseClock>();
    private readonly RunExecutor _executor = services.GetRequiredService<RunExecutor>();
    private readonly List<string> _problems = [];
    private string? _runId;
    private int _rounds;

    /// <summary>Answers of connections that the pipeline does not have under that name.</summary>
    private IEnumerable<CaseAnswer> Unknown => written.Answers.Where(a => !pipeline.Connections.ContainsKey(a.To.Alias));

    private CaseArrivals Arrivals => field ??= new CaseArrivals(pipeline, services, _problems);

    /// <summary>Plays the case to its end.</summary>
    public async Task<(CaseOutcome Outcome, IReadOnlyList<RunDetail> Runs)> PlayAsync(CancellationToken cancellationToken)
    {
        _problems.AddRange(Unknown.Select(a => CaseProblem.UnknownAlias(pipeline, a.To.Alias, a.Position)));
        await PassAsync(written.Given, cancellationToken).ConfigureAwait(false);
        AcceptedEvent? accepted = await ArriveAsync(written.Event, cancellationToken).ConfigureAwait(false);
        if (accepted is not null)
        {
            names.Set(accepted.Id);
            _runId = accepted.RunIds.Count > 0 ? accepted.RunIds[0] : null;
            await SettleAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
            await PassAsync(written.Then, cancellationToken).ConfigureAwait(false);
        }
        _problems.AddRange(targets.Unanswered.Select(u => $"'{u}' was requested, and neither the case nor a sample of the connector answers it. Add an answer \"to\": \"{u}\"."));
        _problems.AddRange(targets.Unused.Except(Unknown).Select(u => $"The answer to '{u.To}' at line {u.Position.Line?.ToString(CultureInfo.InvariantCulture)} was never asked for. Remove it, or correct its 'to'."));
        return (await OutcomeAsync(accepted, cancellationToken).ConfigureAwait(false), await RunsAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task PassAsync(IReadOnlyList<CaseMoment> moments, CancellationToken cancellationToken)
    {
        foreach (CaseMoment moment in moments)
        {
            if (moment.Event is { } come)
            {
                await ArriveAsync(come, cancellationToken).ConfigureAwait(false);
                await SettleAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
            }
            else if (moment.After is { } after)
            {
                await LetPassAsync(_clock.GetUtcNow() + after, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<AcceptedEvent?> ArriveAsync(CaseEvent source, CancellationToken cancellationToken)
    {
        if (source.Schedule is null)
        {
            return await Arrivals.AcceptAsync(source, cancellationToken).ConfigureAwait(false);
        }
        if (Arrivals.Due(source) is not var (schedule, due))
        {
            return null;
        }
        await LetPassAsync(due, cancellationToken).ConfigureAwait(false);
        return await Arrivals.FireAsync(schedule, due, source.Missed, cancellationToken).ConfigureAwait(false);
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
            IReadOnlyList<RunLease> leases = await _store.LeaseRunsAsync("case", _clock.GetUtcNow(), LeaseTime, 1, [], cancellationToken).ConfigureAwait(false);
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

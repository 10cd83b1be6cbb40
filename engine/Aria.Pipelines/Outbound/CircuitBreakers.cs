using Aria.Pipelines.Store;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Outbound;

/// <summary>
/// One breaker per account. An open one closes the account's persisted budget, so nothing is tried and no attempt is spent; when its time is
/// over one request probes, and the others follow only when it was answered.
/// </summary>
internal sealed partial class CircuitBreakers(IStore store, TimeProvider time, ILogger<CircuitBreakers> log)
{
    // A probe that never reports (its host login failed, its run was cancelled) must not close the account for ever.
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(5);

    // Who was refused asks again through the store: all at one moment, thousands would be all that the host does then.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(5);
    private readonly Dictionary<string, State> _states = [];

    // Whoever watched one open has to see it close.
    private readonly HashSet<string> _opened = [];

    /// <summary>The breakers that are not closed.</summary>
    public IReadOnlyList<BreakerStatus> Open
    {
        get
        {
            lock (_states)
            {
                return [.. _states.Where(s => s.Value.Until is not null)
                    .Select(s => new BreakerStatus(s.Key, s.Value.Until > time.GetUtcNow() ? "open" : "half_open", s.Value.Failures, s.Value.Until!.Value))];
            }
        }
    }

    /// <summary>The accounts whose breaker opened since the start, and whether it is closed again.</summary>
    public IReadOnlyList<(string Connection, bool IsClosed)> Opened
    {
        get
        {
            lock (_states)
            {
                return [.. _opened.Select(c => (c, !_states.TryGetValue(c, out State? state) || state.Until is null))];
            }
        }
    }

    /// <summary>Why a request may not be tried; null when it may. When it may although the breaker is not closed, it is the probe.</summary>
    public PermitRefusal? Refuse(BudgetScope scope)
    {
        lock (_states)
        {
            if (!_states.TryGetValue(scope.Connection, out State? state) || state.Until is not { } until)
            {
                return null;
            }
            DateTimeOffset now = time.GetUtcNow();
            if (IsAhead(until, now))
            {
                return Refuse(scope, state, until);
            }
            if (state.Probe is { } probe && (now - probe).Duration() < ProbeTime)
            {
                return Refuse(scope, state, now + Behind);
            }
            state.Probe = now;
            return null;
        }
    }

    /// <summary>The probe got no permit: another request may be it.</summary>
    public void GiveUp(BudgetScope scope)
    {
        lock (_states)
        {
            if (_states.TryGetValue(scope.Connection, out State? state))
            {
                state.Probe = null;
            }
        }
    }

    /// <inheritdoc cref="IRateBudgets.ReportAsync"/>
    public async ValueTask ReportAsync(BudgetScope scope, bool answered, CancellationToken cancellationToken)
    {
        if (answered)
        {
            if (Close(scope))
            {
                LogClosed(log, scope.Connection);
            }
        }
        else if (Fail(scope) is { } opened)
        {
            LogOpened(log, scope.Connection, opened.Failures, opened.Until);
            await store.LimitBudgetAsync(scope.Connection, opened.Until, null, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    private static PermitRefusal Refuse(BudgetScope scope, State state, DateTimeOffset earliest) =>
        new(scope.IsUrgent ? earliest : state.Turn(earliest, Apart), PermitRefusal.BreakerOpen);

    /// <summary>True for a time that has not come. What is further away than any breaker stays open was said before the clock was set back.</summary>
    private static bool IsAhead(DateTimeOffset until, DateTimeOffset now) => now < until && until - now <= BreakerTerms.Longest;

    /// <returns>True when it had been open.</returns>
    private bool Close(BudgetScope scope)
    {
        lock (_states)
        {
            return _states.Remove(scope.Connection, out State? state) && state.Until is not null;
        }
    }

    /// <returns>How it opened; null when it did not open by this failure.</returns>
    private (int Failures, DateTimeOffset Until)? Fail(BudgetScope scope)
    {
        lock (_states)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (!_states.TryGetValue(scope.Connection, out State? state))
            {
                _states[scope.Connection] = state = new State();
            }
            if (state.Until is { } opened && IsAhead(opened, now))
            {
                // It left before the breaker opened.
                return null;
            }
            state.Failures++;
            state.Probe = null;
            if (state.Failures < scope.Breaker.Failures)
            {
                return null;
            }
            TimeSpan open = scope.Breaker.OpenFor * Math.Pow(2, Math.Min(state.Failures - scope.Breaker.Failures, 10));
            DateTimeOffset until = now + (open > BreakerTerms.Longest ? BreakerTerms.Longest : open);
            state.Until = until;
            _opened.Add(scope.Connection);
            return (state.Failures, until);
        }
    }

    private sealed class State
    {
        public int Failures { get; set; }

        public DateTimeOffset? Until { get; set; }

        public DateTimeOffset? Probe { get; set; }

        private DateTimeOffset LastTurn { get; set; } = DateTimeOffset.MinValue;

        /// <summary>When the next one that was refused comes back: no earlier than that, and behind the one before.</summary>
        public DateTimeOffset Turn(DateTimeOffset earliest, TimeSpan apart)
        {
            LastTurn = LastTurn < earliest ? earliest : LastTurn + apart;
            return LastTurn;
        }
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "Connection {Connection} did not answer {Failures} times in a row: nothing is sent to it until {Until:O}, then one request tries. What needs it waits in the store")]
    private static partial void LogOpened(ILogger log, string connection, int failures, DateTimeOffset until);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Information, Message = "Connection {Connection} answers again")]
    private static partial void LogClosed(ILogger log, string connection);
}

/// <summary>A breaker that is not closed.</summary>
/// <param name="Connection">The account.</param>
/// <param name="State"><c>open</c> or <c>half_open</c>.</param>
/// <param name="Failures">Requests in a row that were not answered.</param>
/// <param name="Until">When one request probes.</param>
internal sealed record BreakerStatus(string Connection, string State, int Failures, DateTimeOffset Until);

using System.Collections.Concurrent;
using System.Globalization;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Sends one request with credentials, once; again only when the login was refused and could be renewed. Tells the budget what the target says.</summary>
internal sealed class RequestSender(IHttpPath http, IRateBudgets budgets, Authenticator authenticator, ConnectionSecrets secrets, TimeProvider time)
{
    // A target that limits without saying for how long is left alone this long.
    private static readonly TimeSpan UnsaidWait = TimeSpan.FromSeconds(30);

    // One that says "now" again and again is asked after 1, 2, 4 … seconds.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private const int MostDoublings = 9;

    // Larger numbers are points in time.
    private const double FarAway = 1_000_000_000;

    private readonly ConcurrentDictionary<string, int> _refusals = new();
    private readonly RequestSlots _slots = new(time);

    /// <summary>Sends a request whose permit the caller has taken.</summary>
    public async Task<Exchange> SendAsync(Connection connection, ConnectorRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Authenticated first = await authenticator.ApplyAsync(connection, request, null, cancellationToken);
        if (first.Request is not { } ready)
        {
            return first.Failure!;
        }
        (Exchange exchange, bool reauthenticate) = await SendOnceAsync(connection, ready, first.Policy, timeout, cancellationToken);
        if (!reauthenticate || !Authenticator.CanRenew(connection))
        {
            return exchange;
        }
        // The login first: if there is no permit now, the next try has a good token and needs only one.
        Authenticated second = await authenticator.ApplyAsync(connection, request, first, cancellationToken);
        if (second.Request is not { } again)
        {
            return second.Failure!;
        }
        return await budgets.TakeAsync(connection.Budget, cancellationToken) is { } later
            ? Exchange.OverBudget(later)
            : (await SendOnceAsync(connection, again, second.Policy, timeout, cancellationToken)).Exchange;
    }

    private async Task<(Exchange Exchange, bool Reauthenticate)> SendOnceAsync(Connection connection, ConnectorRequest request, TargetPolicy policy, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        HttpDefinition definition = connection.Connector.Http;
        using IDisposable? slot = await _slots.EnterAsync(connection, cancellationToken);
        if (slot is null)
        {
            return (Exchange.OverBudget(new PermitRefusal(time.GetUtcNow() + ShortestWait, PermitRefusal.Budget)), false);
        }
        HttpAnswer answer = await http.SendAsync(request, policy, timeout ?? definition.Timeout, cancellationToken);
        if (answer.Response is not { } response)
        {
            if (answer.Code is not ("ssrf_blocked" or "plain_http_refused" or "invalid_header_value" or "response_too_large"))
            {
                await budgets.ReportAsync(connection.Budget, answered: false, cancellationToken);
            }
            bool permanent = answer.Code is "ssrf_blocked" or "plain_http_refused" or "invalid_header_value";
            OperationOutcome none = answer.MayHaveArrived ? OperationOutcome.Unknown : permanent ? OperationOutcome.Rejected : OperationOutcome.NotSent;
            var failed = new Exchange(none, null, answer.Code, Masked(connection, answer.Detail), null, answer.Elapsed)
            {
                Permanent = permanent,
                Fault = permanent ? DiagnosticFault.Operator : DiagnosticFault.Remote,
            };
            return (failed, false);
        }
        Verdict verdict = AnswerClassifier.Classify(definition.Errors, response, r => AnswerReader.Body(connection.Connector, r));
        AnswerKind kind = verdict.Kind;
        await budgets.ReportAsync(connection.Budget, answered: response.Status < 500 || kind != AnswerKind.Unknown, cancellationToken);
        DateTimeOffset? retryAt = await TellBudgetAsync(connection, response, verdict, cancellationToken);
        OperationOutcome outcome = kind switch
        {
            AnswerKind.Success => OperationOutcome.Confirmed,
            AnswerKind.RateLimited => OperationOutcome.RateLimited,
            AnswerKind.Unknown => OperationOutcome.Unknown,
            _ => OperationOutcome.Rejected,
        };
        string? code = kind == AnswerKind.Success ? null : AnswerClassifier.Code(kind, response.Status);
        return (new Exchange(outcome, response, code, Masked(connection, verdict.Message), retryAt, answer.Elapsed), kind == AnswerKind.Reauthenticate);
    }

    private async Task<DateTimeOffset?> TellBudgetAsync(Connection connection, ConnectorResponse response, Verdict verdict, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        AnswerKind kind = verdict.Kind;
        (int? remaining, DateTimeOffset? reset) = RateSignals.Named(response, connection.Connector.Http, now);
        if (remaining is { } left)
        {
            await budgets.ObserveRemainingAsync(connection.Budget, left, cancellationToken);
        }
        if (remaining == 0 && reset > now && kind != AnswerKind.RateLimited)
        {
            await budgets.BlockAsync(connection.Budget, reset.Value, cancellationToken);
        }
        DateTimeOffset? said = Said(connection.Connector.Http, response, verdict, now) ?? (kind == AnswerKind.RateLimited && reset > now ? Earlier(reset.Value, now + AnswerClassifier.LongestWait) : null);
        if (kind != AnswerKind.RateLimited)
        {
            _refusals.TryRemove(connection.Id, out _);
            return kind == AnswerKind.Unknown ? said : null;
        }
        int refusals = _refusals.AddOrUpdate(connection.Id, 1, (_, n) => Math.Min(n + 1, MostDoublings));
        if (said is null || said < now + ShortestWait)
        {
            await budgets.SlowAsync(connection.Budget, cancellationToken);
        }
        DateTimeOffset until = said ?? now + UnsaidWait;
        if (until < now + ShortestWait)
        {
            until = now + (ShortestWait * (1 << (refusals - 1)));
        }
        await budgets.BlockAsync(connection.Budget, until, cancellationToken);
        return until;
    }

    /// <summary>When the target wants to be asked again, in the words of the connector: a rule's, a header of its own, <c>Retry-After</c>.</summary>
    private static DateTimeOffset? Said(HttpDefinition http, ConnectorResponse response, Verdict verdict, DateTimeOffset now)
    {
        DateTimeOffset? ruled = verdict.Wait is { } wait
            ? double.TryParse(wait, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < FarAway ? now.AddSeconds(seconds) : AnswerClassifier.RetryAt(wait, now) ?? PollTime.Read(ConnectorJson.ToElement(wait))
            : null;
        DateTimeOffset? at = ruled ?? (http.RetryAfter is { } named ? RateSignals.At(response, named, now) : null) ?? AnswerClassifier.RetryAfter(response, now);
        return at is { } some ? Earlier(some < now ? now : some, now + AnswerClassifier.LongestWait) : null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private string? Masked(Connection connection, string? text) => text is null ? null : secrets.Mask(connection, text);
}

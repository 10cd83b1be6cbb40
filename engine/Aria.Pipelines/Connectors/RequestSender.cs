using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>Sends one request with credentials, once; again only when the login was refused and could be renewed. Tells the budget what the target says.</summary>
internal sealed class RequestSender(IHttpPath http, IRateBudgets budgets, Authenticator authenticator, ConnectionSecrets secrets, TimeProvider time)
{
    // A target that limits without saying for how long is left alone this long.
    private static readonly TimeSpan UnsaidWait = TimeSpan.FromSeconds(30);

    /// <summary>Sends a request whose permit the caller has taken.</summary>
    public async Task<Exchange> SendAsync(Connection connection, ConnectorRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Authenticated first = await authenticator.ApplyAsync(connection, request, null, cancellationToken);
        if (first.Request is not { } ready)
        {
            return first.Failure!;
        }
        (Exchange exchange, bool reauthenticate) = await SendOnceAsync(connection, ready, timeout, cancellationToken);
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
            : (await SendOnceAsync(connection, again, timeout, cancellationToken)).Exchange;
    }

    private async Task<(Exchange Exchange, bool Reauthenticate)> SendOnceAsync(Connection connection, ConnectorRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        HttpDefinition definition = connection.Connector.Http;
        HttpAnswer answer = await http.SendAsync(request, connection.Policy, timeout ?? definition.Timeout, cancellationToken);
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
        (AnswerKind kind, string? message) = AnswerClassifier.Classify(definition.Errors, response, r => AnswerReader.Body(connection.Connector, r));
        await budgets.ReportAsync(connection.Budget, answered: response.Status < 500 || kind != AnswerKind.Unknown, cancellationToken);
        DateTimeOffset? retryAt = await TellBudgetAsync(connection, response, kind, cancellationToken);
        OperationOutcome outcome = kind switch
        {
            AnswerKind.Success => OperationOutcome.Confirmed,
            AnswerKind.RateLimited => OperationOutcome.RateLimited,
            AnswerKind.Unknown => OperationOutcome.Unknown,
            _ => OperationOutcome.Rejected,
        };
        string? code = kind == AnswerKind.Success ? null : AnswerClassifier.Code(kind, response.Status);
        return (new Exchange(outcome, response, code, Masked(connection, message), retryAt, answer.Elapsed), kind == AnswerKind.Reauthenticate);
    }

    private async Task<DateTimeOffset?> TellBudgetAsync(Connection connection, ConnectorResponse response, AnswerKind kind, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        (int? remaining, DateTimeOffset? reset) = RateSignals.Read(response, connection.Connector.Http.RemainingHeader, now);
        if (remaining is { } left)
        {
            await budgets.ObserveRemainingAsync(connection.Budget, left, cancellationToken);
        }
        if (remaining == 0 && reset > now && kind != AnswerKind.RateLimited)
        {
            await budgets.BlockAsync(connection.Budget, reset.Value, cancellationToken);
        }
        DateTimeOffset? said = AnswerClassifier.RetryAfter(response, now) ?? (kind == AnswerKind.RateLimited && reset > now ? Earlier(reset.Value, now + AnswerClassifier.LongestWait) : null);
        if (kind != AnswerKind.RateLimited)
        {
            return kind == AnswerKind.Unknown ? said : null;
        }
        if (said is null)
        {
            await budgets.SlowAsync(connection.Budget, cancellationToken);
        }
        DateTimeOffset until = said ?? now + UnsaidWait;
        await budgets.BlockAsync(connection.Budget, until, cancellationToken);
        return until;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private string? Masked(Connection connection, string? text) => text is null ? null : secrets.Mask(connection, text);
}

using System.Globalization;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Polly;
using Polly.Retry;

namespace Aria.Pipelines.Connectors;

/// <summary>Sends one request with credentials, once; again only when the login was refused and could be renewed. Tells the budget what the target says.</summary>
internal sealed class RequestSender(IHttpPath http, IRateBudgets budgets, Authenticator authenticator, ConnectionSecrets secrets, TimeProvider time)
{
    // A target that limits without saying for how long is left alone this long.
    private static readonly TimeSpan UnsaidWait = TimeSpan.FromSeconds(30);

    // The only retry inside an attempt (R5): no connection was made, so the target has seen nothing. Everything else is tried again through the store.
    private readonly ResiliencePipeline<HttpAnswer> _connecting = new ResiliencePipelineBuilder<HttpAnswer> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<HttpAnswer>
        {
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result is { MayHaveArrived: false, Code: "not_connected" }),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

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
        if (await budgets.TakeAsync(connection.Budget, cancellationToken) is { } later)
        {
            return Exchange.OverBudget(later);
        }
        Authenticated second = await authenticator.ApplyAsync(connection, request, first, cancellationToken);
        return second.Request is { } again ? (await SendOnceAsync(connection, again, timeout, cancellationToken)).Exchange : second.Failure!;
    }

    private async Task<(Exchange Exchange, bool Reauthenticate)> SendOnceAsync(Connection connection, ConnectorRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        HttpDefinition definition = connection.Connector.Http;
        HttpAnswer answer = await _connecting.ExecuteAsync(
            async token => await http.SendAsync(request, connection.Policy, timeout ?? definition.Timeout, token), cancellationToken);
        if (answer.Response is not { } response)
        {
            bool permanent = answer.Code is "ssrf_blocked" or "plain_http_refused" or "invalid_header_value";
            OperationOutcome none = answer.MayHaveArrived ? OperationOutcome.Unknown : permanent ? OperationOutcome.Rejected : OperationOutcome.NotSent;
            var failed = new Exchange(none, null, answer.Code, Masked(connection, answer.Detail), null, answer.Elapsed)
            {
                Permanent = permanent,
                Fault = permanent ? DiagnosticFault.Operator : DiagnosticFault.Remote,
            };
            return (failed, false);
        }
        (AnswerKind kind, string? message) = AnswerClassifier.Classify(definition.Errors, response);
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
        if (connection.Connector.Http.RemainingHeader is { } name
            && DeliveryHeaders.Find(response.Headers, name) is [{ } text]
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int remaining))
        {
            await budgets.ObserveRemainingAsync(connection.Budget, remaining, cancellationToken);
        }
        DateTimeOffset? said = AnswerClassifier.RetryAfter(response, now);
        if (kind != AnswerKind.RateLimited)
        {
            return kind == AnswerKind.Unknown ? said : null;
        }
        DateTimeOffset until = said ?? now + UnsaidWait;
        await budgets.BlockAsync(connection.Budget, until, cancellationToken);
        return until;
    }

    private string? Masked(Connection connection, string? text) => text is null ? null : secrets.Mask(connection, text);
}

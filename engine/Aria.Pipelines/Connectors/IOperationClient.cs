using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Performs operations: prepares frozen requests, sends them, understands answers, finds effects again.</summary>
internal interface IOperationClient
{
    /// <summary>Checks the input, does the prerequisite reads (cached, budgeted), applies refusals and builds the request.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="operation">What to do.</param>
    /// <param name="input">The step's input.</param>
    /// <param name="effectKey">Deterministic key of the effect, for idempotency headers and markers.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<Preparation> PrepareAsync(Connection connection, ConnectorOperation operation, JsonElement input, string effectKey, CancellationToken cancellationToken);

    /// <summary>The same without network, clock or secrets: reads give their samples. For plans.</summary>
    Preparation PrepareOffline(Connection connection, ConnectorOperation operation, JsonElement input, string effectKey);

    /// <summary>Authenticates and sends frozen bytes once (again only after a refused login), classifies the answer and reads the output. A null <c>timeout</c> is the connector's.</summary>
    Task<OperationAnswer> SendAsync(Connection connection, ConnectorOperation operation, JsonElement input, byte[] frozenRequest, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>Searches for an effect whose outcome is unknown. The frozen request holds the values of its reads.</summary>
    Task<OperationAnswer> LookUpAsync(Connection connection, ConnectorOperation operation, JsonElement input, string effectKey, byte[] frozenRequest, CancellationToken cancellationToken);
}

/// <summary>What came of preparing: exactly one of request, problem and retry code is given.</summary>
/// <param name="Frozen">The frozen request (see <see cref="FrozenRequest"/>), which holds the values of reads that its output needs.</param>
/// <param name="Problem">Why it can never work as asked: bad input, refused, mapping failed. The step fails.</param>
/// <param name="RetryAt">Earliest time to try again, when the target or a budget said so.</param>
/// <param name="RetryCode">Why to try again: a read was limited or failed in passing.</param>
/// <param name="CountsAsAttempt">True when the failed read uses up the retry allowance (not for rate limits).</param>
internal sealed record Preparation(byte[]? Frozen, Diagnostic? Problem, DateTimeOffset? RetryAt, string? RetryCode, bool CountsAsAttempt)
{
    /// <summary>What the read met, for people; no secrets.</summary>
    public string? RetryMessage { get; init; }
}

/// <summary>How sending or looking up ended.</summary>
/// <param name="Outcome">The classified outcome.</param>
/// <param name="Output">The operation's output when confirmed or found.</param>
/// <param name="Reference">Id of the thing made, when known.</param>
/// <param name="Status">HTTP status, when there was an answer.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Code">Code of the failure; null on success.</param>
/// <param name="Message">For people: what the remote system said; no secrets.</param>
/// <param name="RetryAt">Earliest time of another try, when the target or a budget said so.</param>
/// <param name="Response">Masked answer as JSON for the record; null when there was none.</param>
internal sealed record OperationAnswer(
    OperationOutcome Outcome,
    JsonElement? Output,
    string? Reference,
    int? Status,
    TimeSpan Elapsed,
    string? Code,
    string? Message,
    DateTimeOffset? RetryAt,
    byte[]? Response)
{
    /// <summary>True for a request that was not sent, and will not be until somebody changes the configuration: a secret is missing, a login is refused.</summary>
    public bool IsPermanent { get; init; }
}

internal enum OperationOutcome
{
    /// <summary>Done, or found.</summary>
    Confirmed,

    /// <summary>Definitely refused.</summary>
    Rejected,

    /// <summary>Definitely not processed: never connected, blocked before sending.</summary>
    NotSent,

    /// <summary>Definitely not processed: over a limit; does not use up the retry allowance.</summary>
    RateLimited,

    /// <summary>May or may not have been processed. For a look-up: inconclusive.</summary>
    Unknown,

    /// <summary>Look-up only: it is not there.</summary>
    NotFound,
}

using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Connectors;

/// <summary>What came of one request, logins included, before its body is read.</summary>
/// <param name="Outcome"><see cref="OperationOutcome.Confirmed"/> means: answered and classified as success.</param>
/// <param name="Response">The answer; null when there was none.</param>
/// <param name="Code">Code of the failure; null on success.</param>
/// <param name="Message">For people; no secrets.</param>
/// <param name="RetryAt">Earliest time of another try, when the target or a budget said so.</param>
/// <param name="Elapsed">How long the request took.</param>
internal sealed record Exchange(OperationOutcome Outcome, ConnectorResponse? Response, string? Code, string? Message, DateTimeOffset? RetryAt, TimeSpan Elapsed)
{
    /// <summary>Who can mend a failure.</summary>
    public DiagnosticFault Fault { get; init; } = DiagnosticFault.Remote;

    /// <summary>True when trying again without a change of configuration cannot help.</summary>
    public bool Permanent { get; init; }

    /// <summary>True for a request that has to wait for its turn, which nobody has to mend.</summary>
    public bool IsOverBudget => Code == PermitRefusal.Budget;

    /// <summary>A request that never left because its credentials could not be had.</summary>
    public static Exchange NoCredentials(string code, string message, bool permanent) =>
        new(OperationOutcome.NotSent, null, code, message, null, TimeSpan.Zero) { Fault = permanent ? DiagnosticFault.Operator : DiagnosticFault.Remote, Permanent = permanent };

    /// <summary>A request that may not leave now.</summary>
    public static Exchange OverBudget(PermitRefusal refused) => new(
        OperationOutcome.RateLimited,
        null,
        refused.Code,
        refused.Code == PermitRefusal.BreakerOpen ? "The system does not answer and is left alone for a while." : "The request budget is used up.",
        refused.At,
        TimeSpan.Zero);
}

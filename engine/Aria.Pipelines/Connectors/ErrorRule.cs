using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Classifies an answer.</summary>
/// <param name="From">First status it fits.</param>
/// <param name="To">Last status it fits.</param>
/// <param name="Kind">What such an answer means; null leaves that to the defaults.</param>
/// <param name="Message">JSON pointer to the remote system's message in the body; null for none.</param>
internal sealed record ErrorRule(int From, int To, AnswerKind? Kind, string? Message)
{
    /// <summary>Condition over <c>response</c>, for systems whose status does not say it; null for every answer of these statuses.</summary>
    public CompiledMapping? When { get; init; }
}

internal enum AnswerKind
{
    Success,
    Rejected,
    RateLimited,
    Reauthenticate,
    Unknown,
}

using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Classifies an answer.</summary>
/// <param name="From">First status it fits.</param>
/// <param name="To">Last status it fits.</param>
/// <param name="Kind">What such an answer means; null leaves that to the defaults.</param>
/// <param name="Message">JSON pointer to the remote system's message in the body, or <c>header:Name</c>; null for none.</param>
internal sealed record ErrorRule(int From, int To, AnswerKind? Kind, string? Message)
{
    /// <summary>Condition over <c>response</c>: the rule fits only when it is true. Null for always.</summary>
    public CompiledMapping? When { get; init; }

    /// <summary>Over <c>response</c>: the seconds to wait, or the time to wait for; null where no header and nothing else says it.</summary>
    public CompiledMapping? Wait { get; init; }
}

internal enum AnswerKind
{
    Success,
    Rejected,
    RateLimited,
    Reauthenticate,
    Unknown,
}

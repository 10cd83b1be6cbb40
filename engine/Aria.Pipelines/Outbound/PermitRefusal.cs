namespace Aria.Pipelines.Outbound;

/// <summary>Why a request may not leave now.</summary>
/// <param name="At">When to ask again.</param>
/// <param name="Code"><c>budget</c>, or <c>breaker_open</c>.</param>
internal sealed record PermitRefusal(DateTimeOffset At, string Code)
{
    /// <summary>The budget is used up, or kept for others.</summary>
    public const string Budget = "budget";

    /// <summary>The remote system does not answer.</summary>
    public const string BreakerOpen = "breaker_open";
}

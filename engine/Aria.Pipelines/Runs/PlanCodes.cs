namespace Aria.Pipelines.Runs;

/// <summary>What a plan says about the event as a whole.</summary>
internal static class PlanCodes
{
    public const string NoEvent = "plan_no_event";
    public const string Skipped = "plan_skipped";
}

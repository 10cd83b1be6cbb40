namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>The webhook actions the sandbox sends; the vendor documents more.</summary>
public static class GreenhouseActions
{
    /// <summary>Known actions. <c>update_candidate</c> has a constructed shape.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "new_candidate_application", "application_updated", "candidate_stage_change", "update_candidate", "hire_candidate", "reject_candidate",
    ];

    internal static void Check(IEnumerable<string> actions)
    {
        if (actions.Except(All).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"The sandbox sends no action '{unknown}'. It sends: {string.Join(", ", All)}.", nameof(actions));
        }
    }
}

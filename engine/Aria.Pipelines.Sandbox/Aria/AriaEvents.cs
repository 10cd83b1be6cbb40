namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>The four webhook events of ARIA's guide.</summary>
public static class AriaEvents
{
    /// <summary>An invitation was sent.</summary>
    public const string Invited = "interview.invited";

    /// <summary>The candidate has begun.</summary>
    public const string Started = "interview.started";

    /// <summary>There is a result.</summary>
    public const string Completed = "interview.completed";

    /// <summary>The candidate did not come.</summary>
    public const string NoShow = "interview.no_show";

    /// <summary>All four.</summary>
    public static IReadOnlyList<string> All { get; } = [Invited, Started, Completed, NoShow];
}

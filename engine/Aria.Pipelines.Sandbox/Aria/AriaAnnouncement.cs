namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>How a change is announced by webhook.</summary>
public sealed record AriaAnnouncement
{
    /// <summary>One webhook for the change.</summary>
    public static AriaAnnouncement Once { get; } = new();

    /// <summary>No webhook at all, as when one is lost for good.</summary>
    public static AriaAnnouncement None { get; } = new() { Copies = 0 };

    /// <summary>How often the same body is sent. Default 1.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>For a completion that was never announced as started: sends <c>interview.started</c> after <c>interview.completed</c>.</summary>
    public bool StartedAfterwards { get; init; }
}

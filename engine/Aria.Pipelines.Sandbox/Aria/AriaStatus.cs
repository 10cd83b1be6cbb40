namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>The status of an interview; in JSON <c>invited|started|completed|no_show|expired</c>.</summary>
public enum AriaStatus
{
    /// <summary>The candidate has the link.</summary>
    Invited,

    /// <summary>The candidate has begun.</summary>
    Started,

    /// <summary>There is a result.</summary>
    Completed,

    /// <summary>The candidate did not come.</summary>
    NoShow,

    /// <summary>Neither completed nor a no-show when the invitation ended.</summary>
    Expired,
}

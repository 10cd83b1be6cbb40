namespace Aria.Pipelines.Host.Demo;

/// <summary>What starts the invitation of an application.</summary>
internal enum DemoTrigger
{
    /// <summary>A recruiter moves it to Phone Screen.</summary>
    Stage,

    /// <summary>It is a new application of a requisition whose applicants are all invited.</summary>
    Application,

    /// <summary>A recruiter picks it by hand.</summary>
    Manual,
}

/// <summary>What the candidate does.</summary>
internal enum DemoEnding
{
    /// <summary>Takes the interview; ARIA reports it.</summary>
    Completes,

    /// <summary>Takes the interview; ARIA reports it twice, and the start after the end.</summary>
    CompletesOutOfOrder,

    /// <summary>Does not come; ARIA reports it.</summary>
    NoShow,

    /// <summary>Takes the interview; ARIA's report never comes.</summary>
    CompletesUnreported,

    /// <summary>Is not invited, because the person was already invited for this job.</summary>
    NotInvitedTwice,

    /// <summary>Is not invited, because the requisition is outside of the rollout.</summary>
    OutsideRollout,

    /// <summary>Cannot be invited: the e-mail address is not one. The recruiter gets a note.</summary>
    InvalidEmail,
}

/// <summary>One application of the demo.</summary>
internal sealed record DemoApplication(string First, string Last, string Email, string? Phone, long JobId, DemoTrigger Trigger, DemoEnding Ending)
{
    public string Name => Last.Length == 0 ? First : $"{First} {Last}";

    public bool IsInvited => Ending is not (DemoEnding.NotInvitedTwice or DemoEnding.OutsideRollout or DemoEnding.InvalidEmail);

    public bool IsCompleted => IsInvited && Ending != DemoEnding.NoShow;

    /// <summary>Score that ARIA gives, deterministic so that both sides can be compared.</summary>
    public decimal Score => 4 + ((First.Length + Last.Length) % 12 * 0.5m);

    public string Recommendation => Score >= 8 ? "advance" : Score >= 6 ? "maybe" : "pass";
}

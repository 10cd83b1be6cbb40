namespace Aria.Pipelines.Sandbox.Lever;

/// <summary>The account at one moment, for assertions.</summary>
public sealed record LeverSnapshot(IReadOnlyList<LeverOpportunityView> Opportunities, IReadOnlyList<LeverMoveView> Moves, int TokensIssued)
{
    /// <summary>The opportunity of this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public LeverOpportunityView Opportunity(string id) =>
        Opportunities.FirstOrDefault(o => o.Id == id) ?? throw new KeyNotFoundException($"There is no opportunity '{id}'.");
}

/// <summary>One opportunity, with what was written on it.</summary>
public sealed record LeverOpportunityView(
    string Id, string ApplicationId, string ContactId, string PostingId, string Stage, string? ArchiveReason,
    IReadOnlyList<string> Tags, IReadOnlyList<string> Links, IReadOnlyList<LeverNoteView> Notes, IReadOnlyList<LeverFeedbackView> Feedback);

/// <summary>One note.</summary>
public sealed record LeverNoteView(string Id, string UserId, string Value, bool Secret);

/// <summary>One feedback form; values by id of the field.</summary>
public sealed record LeverFeedbackView(string Id, string UserId, IReadOnlyDictionary<string, string?> Values, bool IsDraft);

/// <summary>One change of stage, by ids. <paramref name="OverHttp"/> is false for those made in process or over the control API.</summary>
public sealed record LeverMoveView(string OpportunityId, string FromStageId, string ToStageId, bool OverHttp);

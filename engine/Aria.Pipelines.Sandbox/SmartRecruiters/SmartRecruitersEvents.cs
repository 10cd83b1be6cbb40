namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>The event names of the Subscriptions API v201907.</summary>
public static class SmartRecruitersEvents
{
    /// <summary>All that a subscription may name.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "job.created", "job.updated", "job.status.updated", "job.hiring-team.updated", "job.ad.created", "job.ad.updated", "job.ad.postings.updated",
        "position.created", "position.updated", "position.deleted",
        "application.created", "application.status.updated", "application.fields.updated", "application.onboarding-status.updated",
        "application.attachment.created", "application.source.updated", "application.screening-answers.created", "application.screening-answers.updated",
        "candidate.created", "candidate.updated", "candidate.deleted",
        "offer.created", "offer.updated", "offer.approval.created", "offer.approval.approved", "offer.approval.rejected", "offer.approval.abandoned",
        "offer.approval.step.approved", "offer.approval.step.rejected", "offer.approver.skipped", "offer.approver.delegated", "offer.approval.comment.created",
        "job.approval.created", "job.approval.approved", "job.approval.rejected", "job.approval.abandoned", "job.approval.step.approved",
        "job.approval.step.rejected", "job.approver.skipped", "job.approver.delegated", "job.approval.comment.created",
        "review.created", "review.updated", "review.deleted",
        "onboarding.process.started", "onboarding.assignments.high-priority.completed", "onboarding.assignments.completed",
    ];

    /// <summary>Those that the sandbox sends by itself.</summary>
    public static IReadOnlyList<string> Sent { get; } =
    [
        "application.created", "application.status.updated", "application.fields.updated", "candidate.created", "candidate.updated", "candidate.deleted",
    ];
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary><c>PUT /candidates/{id}/jobs/{jobId}/status</c> <c>{status, subStatus?, reason?, startsOn?}</c> → 204. Used under the account's lock.</summary>
internal sealed class StatusWrite(Account account, HookFeed hooks)
{
    public Answer Handle(Application application, SandboxRequest request)
    {
        JsonObject body = Form.Object(request, "status", "subStatus", "reason", "startsOn");
        string status = Form.Text(body, "status");
        if (!Account.Statuses.Contains(status))
        {
            throw ApiError.Invalid($"'status' must be one of: {string.Join(", ", Account.Statuses)}.");
        }

        string? subStatus = SubStatus(application.Job, status, Form.OptionalText(body, "subStatus"));
        string? reason = Reason(status, Form.OptionalText(body, "reason"));
        string? startsOn = Form.OptionalText(body, "startsOn");
        if (startsOn is not null)
        {
            Form.Time("startsOn", startsOn);
        }

        account.StatusWrites++;
        bool changed = (application.Status, application.SubStatus) != (status, subStatus);
        if (changed)
        {
            application.Set(new StatusChange(account.Now, status, subStatus), reason, startsOn);
            application.Candidate.UpdatedOn = account.Now;
            hooks.StatusUpdated(application);
        }

        return Answer.Empty(204);
    }

    // The code for a sub-status that the hiring process does not have is not published.
    private static string? SubStatus(SmartRecruitersJobSeed job, string status, string? subStatus)
    {
        IReadOnlyList<string> known = job.SubStatusesOf(status);
        if (subStatus is not null && !known.Contains(subStatus))
        {
            throw ApiError.Invalid($"The hiring process of job {job.Id} has no sub-status '{subStatus}' for {status}.");
        }

        return subStatus is null && known.Count > 0 && job.SubStatusRequired
            ? throw ApiError.Refuse(400, "REQUIRED_SUB_STATUS_OMITTED", $"{status} needs one of: {string.Join(", ", known)}.") : subStatus;
    }

    private static string? Reason(string status, string? reason) => (status, reason) switch
    {
        (_, null) => null,
        ("REJECTED", SmartRecruitersSeeds.RejectionReasonId) or ("WITHDRAWN", SmartRecruitersSeeds.WithdrawalReasonId) => reason,
        ("REJECTED" or "WITHDRAWN", _) => throw ApiError.Refuse(400, "REASON_NOT_FOUND", $"There is no reason {reason} for {status}."),
        _ => throw ApiError.Refuse(400, "NO_REASON_SUPPORT_FOR_STATUS", $"{status} takes no reason."),
    };
}

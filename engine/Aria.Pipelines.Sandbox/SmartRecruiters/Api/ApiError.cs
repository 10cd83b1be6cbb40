using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>
/// Refusals in the form of the Customer API: <c>{"message","errors":[{"code","message"}]}</c>. Codes are the vendor's where the
/// documentation names one; those for bodies and parameters of a wrong form, and for 401 and 429, are not published and are a choice.
/// </summary>
internal static class ApiError
{
    public static Answer Of(int status, string code, string message) => Answer.Json(status, new JsonObject
    {
        ["message"] = message,
        ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }),
    });

    public static RefusedException Refuse(int status, string code, string message) => new(Of(status, code, message));

    /// <summary>400 for a body or parameter of a wrong form.</summary>
    public static RefusedException Invalid(string message) => Refuse(400, "INVALID_INPUT", message);

    public static RefusedException NoCandidate(string id) => Refuse(404, "CANDIDATE_NOT_FOUND", $"Candidate {id} does not exist.");

    public static RefusedException NotAssigned(string candidateId, string jobId) =>
        Refuse(404, "JOB_NOT_FOUND", $"Candidate {candidateId} is not assigned to job {jobId}.");
}

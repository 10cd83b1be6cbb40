using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary>Lever's forms of answers and refusals: <c>{"data":…}</c> and <c>{"code","message"}</c>. Codes other than ResourceNotFound are not confirmed by the vendor.</summary>
internal static class LeverAnswer
{
    public static Answer Data(int status, JsonNode data) => Answer.Json(status, new JsonObject { ["data"] = data });

    public static RefusedException BadRequest(string message) => Refused(400, "BadRequestError", message);

    public static RefusedException Forbidden(string message) => Refused(403, "ForbiddenError", message);

    public static RefusedException NotFound(string resource, string id) => Refused(404, "ResourceNotFound", $"{resource} {id} was not found");

    public static RefusedException Unauthorized() => new(Error(401, "UnauthorizedError", "Invalid credentials.").With("WWW-Authenticate", "Basic realm=\"lever\""));

    public static Answer Error(int status, string code, string message) =>
        Answer.Json(status, new JsonObject { ["code"] = code, ["message"] = message });

    private static RefusedException Refused(int status, string code, string message) => new(Error(status, code, message));
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary><c>{"error":{"code","message","field"?}}</c>.</summary>
internal static class AriaError
{
    public static Answer Of(int status, string code, string message, string? field = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (field is not null)
        {
            error["field"] = field;
        }

        return Answer.Json(status, new JsonObject { ["error"] = error });
    }

    /// <summary>422 for a value that is missing, unknown or wrong.</summary>
    public static RefusedException Invalid(string field, string message) => new(Of(422, "invalid_request", message, field));

    /// <summary>400 for a body that cannot be read.</summary>
    public static RefusedException Malformed(string message) => new(Of(400, "malformed_request", message));
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary>
/// The vendor's refusals: <c>{"errors":[{"errorMessage","errorCode"}]}</c>, mirrored in the header <c>X-Error</c>. Published codes: 0 internal, 1 required,
/// 2 not found, 3 no access (also 404), 6 credentials. Where no code is published there is none.
/// </summary>
internal static class ICimsError
{
    public static RefusedException Of(int status, string message, int? code = null) => new(Answer(status, message, code, null));

    /// <summary>A value that has not the format of its field.</summary>
    public static RefusedException Field(string field, string message, int? code = null) => new(Answer(400, message, code, field));

    public static RefusedException NotFound(string what) => Of(404, $"{what} not found", 2);

    public static Answer Answer(int status, string message, int? code, string? field)
    {
        var error = new JsonObject { ["errorMessage"] = message };
        if (code is { } number)
        {
            error["errorCode"] = number;
        }

        if (field is not null)
        {
            error["field"] = field;
        }

        return Serving.Answer.Json(status, new JsonObject { ["errors"] = new JsonArray(error) }).With("X-Error", message.ReplaceLineEndings(" "));
    }
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary>Refusals in the shape that is commonly seen; the vendor publishes none.</summary>
internal static class Refusal
{
    public static Answer Of(int status, string message) =>
        Answer.Json(status, new JsonObject { ["errorMessage"] = message, ["errorMessageKey"] = "errors.sandbox", ["errorCode"] = status });

    public static RefusedException With(int status, string message) => new(Of(status, message));
}

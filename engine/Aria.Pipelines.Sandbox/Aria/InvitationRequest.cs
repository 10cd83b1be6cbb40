using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>A checked body of <c>POST /v1/interviews</c>.</summary>
internal sealed record InvitationRequest(
    string Email, string Name, string? Phone, string JobId, string KitId, bool SendImmediately, string? ExternalId, string? Metadata)
{
    public static InvitationRequest Read(SandboxRequest request)
    {
        JsonObject body = ReadObject(request);
        Only(body, "", "candidate", "job_id", "interview_kit_id", "send_immediately", "external_id", "metadata");
        JsonObject candidate = body["candidate"] as JsonObject ?? throw AriaError.Invalid("candidate", "candidate must be an object.");
        Only(candidate, "candidate.", "email", "name", "phone");
        string email = Required(candidate, "candidate.", "email");
        if (EmailAddress.Problem(email) is { } problem)
        {
            throw AriaError.Invalid("candidate.email", $"candidate.email {problem}.");
        }

        bool send = body["send_immediately"] is not { } flag
            || (SandboxJson.Bool(flag) ?? throw AriaError.Invalid("send_immediately", "send_immediately must be true or false."));
        if (body["metadata"] is not (null or JsonObject))
        {
            throw AriaError.Invalid("metadata", "metadata must be an object.");
        }

        return new InvitationRequest(
            email, Required(candidate, "candidate.", "name"), Optional(candidate, "candidate.", "phone"),
            Required(body, "", "job_id"), Required(body, "", "interview_kit_id"), send,
            Optional(body, "", "external_id"), body["metadata"]?.ToJsonString());
    }

    public static JsonObject ReadObject(SandboxRequest request) =>
        request.MediaType != "application/json" ? throw AriaError.Malformed("Content-Type must be application/json.")
        : SandboxJson.TryReadObject(request.Body) ?? throw AriaError.Malformed("The body must be one JSON object without repeated members.");

    public static void Only(JsonObject body, string path, params string[] known)
    {
        if (body.FirstOrDefault(m => !known.Contains(m.Key)).Key is { } unknown)
        {
            throw AriaError.Invalid(path + unknown, $"{path}{unknown} is not known.");
        }
    }

    public static string Required(JsonObject body, string path, string name) =>
        Optional(body, path, name) ?? throw AriaError.Invalid(path + name, $"{path}{name} is required.");

    private static string? Optional(JsonObject body, string path, string name) =>
        body[name] is not { } node ? null
        : SandboxJson.Text(node) is { } text && !string.IsNullOrWhiteSpace(text) ? text
        : throw AriaError.Invalid(path + name, $"{path}{name} must be a string that is not blank.");
}

using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>How the vendor refuses.</summary>
internal static class ConfirmMessage
{
    public static RefusedException Refuse(SandboxRequest request, TimeProvider time, int status, string text) => new(Of(request, time, status, text));

    public static Answer Of(SandboxRequest request, TimeProvider time, int status, string text)
    {
        string code = status.ToString(CultureInfo.InvariantCulture);
        string now = Application.Time(time.GetUtcNow());
        return Answer.Json(status, new JsonObject
        {
            ["confirmMessage"] = new JsonObject
            {
                ["confirmMessageID"] = new JsonObject { ["idValue"] = "DB5DC903-0258-2CC1-2027-13830CA07E87", ["schemeName"] = "confirmMessageID", ["schemeAgencyName"] = "WFN" },
                ["createDateTime"] = now,
                ["requestReceiptDateTime"] = now,
                ["protocolStatusCode"] = new JsonObject { ["codeValue"] = code, ["shortName"] = code },
                ["requestStatusCode"] = new JsonObject { ["codeValue"] = "failed" },
                ["requestMethodCode"] = new JsonObject { ["codeValue"] = request.Method },
                ["requestLink"] = new JsonObject { ["href"] = request.Path, ["rel"] = "related", ["method"] = request.Method },
                ["resourceMessages"] = new JsonArray(new JsonObject
                {
                    ["resourceMessageID"] = new JsonObject { ["idValue"] = request.Path.TrimStart('/'), ["schemeName"] = "resourceMessageID", ["schemeAgencyName"] = "WFN" },
                    ["processMessages"] = new JsonArray(new JsonObject
                    {
                        ["resourceStatusCode"] = new JsonObject { ["codeValue"] = "error" },
                        ["userMessage"] = new JsonObject { ["messageTxt"] = text },
                    }),
                }),
            },
        });
    }
}

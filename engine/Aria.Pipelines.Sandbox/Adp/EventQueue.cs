using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>The client's queue: its head is given again and again until it is deleted. Used under the sandbox's lock.</summary>
internal sealed class EventQueue(AdpOptions options)
{
    public const string Path = "/core/v1/event-notification-messages";
    private readonly List<(string Id, JsonObject Message)> _messages = [];
    private long _last = 0x2020_6f3e;

    public int Count => _messages.Count;

    /// <summary>How often nothing was there.</summary>
    public int Empty { get; private set; }

    /// <summary>Questions that are held.</summary>
    public int Held { get; set; }

    public static bool Waits(SandboxRequest request) => request.Headers["prefer"].ToString() == "/adp/long-polling";

    /// <summary>Puts one message with these events at the end.</summary>
    public void Add(params IReadOnlyList<JsonObject> events) =>
        _messages.Add((string.Create(CultureInfo.InvariantCulture, $"0x_414d51205554494e464f4251362020{++_last:x8}"), new JsonObject { ["events"] = new JsonArray([.. events]) }));

    /// <summary>An event of now, as messages hold it.</summary>
    public JsonObject Event(string name, JsonObject eventContext, JsonObject output)
    {
        string now = SandboxJson.Seconds(options.Time.GetUtcNow());
        return new JsonObject
        {
            ["eventID"] = Guid.NewGuid().ToString(),
            ["serviceCategoryCode"] = new JsonObject { ["codeValue"] = "staffing" },
            ["eventNameCode"] = new JsonObject { ["codeValue"] = name },
            ["eventStatusCode"] = new JsonObject { ["codeValue"] = "COMPLETED", ["shortName"] = "Completed" },
            ["recordDateTime"] = now,
            ["creationDateTime"] = now,
            ["effectiveDateTime"] = now,
            ["originator"] = new JsonObject { ["associateOID"] = "G4XXXXXXXXXXXXXXX" },
            ["actor"] = new JsonObject { ["associateOID"] = "G4XXXXXXXXXXXXXXX" },
            ["data"] = new JsonObject { ["eventContext"] = eventContext, ["output"] = output },
            ["links"] = new JsonArray(),
        };
    }

    /// <summary>The head, which stays; 204 when there is none.</summary>
    public Answer Head()
    {
        if (_messages.Count == 0)
        {
            Empty++;
            return Answer.Empty(204);
        }

        return Answer.Json(200, _messages[0].Message.DeepClone()).With("adp-msg-msgid", _messages[0].Id);
    }

    public Answer Delete(SandboxRequest request, string id)
    {
        int index = _messages.FindIndex(m => m.Id == id);
        if (index < 0)
        {
            return ConfirmMessage.Of(request, options.Time, 404, "Requested message not found");
        }

        JsonObject message = _messages[index].Message;
        _messages.RemoveAt(index);
        return Answer.Json(200, message);
    }
}

using System.Text.Json.Nodes;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>Mistakes that authors of connectors make, each as a change to the Greenhouse connector, or to that of Orchard, which is asked.</summary>
internal static class SeededDefects
{
    private const string Mapping = "application-event.js";

    private static readonly Dictionary<string, Action<JsonNode>> Definitions = new()
    {
        ["an event without a description"] = c => Event(c).Remove("description"),
        ["a setting without help"] = c => c["settings"]!["userId"]!.AsObject().Remove("help"),
        ["a sample that is not what the output schema says"] = c => c["operations"]!["note.add"]!["sample"] = new JsonObject { ["note_id"] = 7 },
        ["a subject from a wrong path"] = c => Event(c)["subject"] = "application:{{ payload.application.id }}",
        ["a dedupe key that all events share"] = c => c["webhook"]!["dedupe"] = new JsonArray("/payload/nothing"),
        ["an event without correlation keys"] = c => Event(c).Remove("correlation"),
        ["an operation of the vocabulary left out"] = c => c["operations"]!.AsObject().Remove("note.add"),
        ["application.get without a candidate"] = c => c["operations"]!["application.get"]!["sample"]!.AsObject().Remove("candidate"),
        ["a result whose place nobody knows"] = c => Write(c)["landsIn"]!.AsObject().Remove("score"),
        ["a result without a recording"] = c =>
        {
            Write(c)["input"]!["properties"]!.AsObject().Remove("recording_url");
            Write(c)["landsIn"]!.AsObject().Remove("recording_url");
        },
        ["a separator that is in the signature itself"] = c => Signature(c)["separator"] = "a",
        ["a tolerance of a year"] = c =>
        {
            Signature(c)["timestamp"] = new JsonObject { ["header"] = "X-Time", ["tolerance"] = "365d" };
            Signature(c)["parts"] = new JsonArray("body", "timestamp");
        },
        ["a change that calls itself a read"] = c => Write(c)["effect"] = "read",
        ["a note that calls itself idempotent"] = c =>
        {
            c["operations"]!["note.add"]!["effect"] = "idempotent";
            c["operations"]!["note.add"]!.AsObject().Remove("lookup");
        },
        ["a move that calls itself idempotent"] = c =>
        {
            c["operations"]!["stage.move"]!["effect"] = "idempotent";
            c["operations"]!["stage.move"]!.AsObject().Remove("lookup");
        },
        ["a header that the system does not send"] = c => c["http"]!["limits"]!["remaining"] = "X-Quota-Left",
        ["an answer that the sender does not take"] = c => c["webhook"]!["ack"] = 202,
        ["changes that are told apart by their time alone"] = c => Event(c)["poll"]!["dedupe"] = new JsonArray("/attributes/updated-at"),
        ["a look-up that never finds"] = c => c["operations"]!["note.add"]!["lookup"]!["found"] = new JsonObject { ["$js"] = "null" },
        ["a class of answers that is never reached"] = c => c["http"]!["errors"] = new JsonArray(
            new JsonObject { ["status"] = "400-499", ["is"] = "rejected" }, new JsonObject { ["status"] = 423, ["is"] = "rateLimited" }),
        ["a refused token that is taken for a refusal"] = c => c["http"]!["errors"]!.AsArray().Insert(0, new JsonObject { ["status"] = 401, ["is"] = "rejected" }),
        ["a limit that is taken for a refusal"] = c => c["http"]!["errors"]!.AsArray().Insert(0, new JsonObject { ["status"] = 429, ["is"] = "rejected" }),
        ["a server's failure that is taken for a refusal"] = c => c["http"]!["errors"]!.AsArray().Insert(0, new JsonObject { ["status"] = "500-599", ["is"] = "rejected" }),
        ["a gateway's timeout that is taken for success"] = c => c["http"]!["errors"]!.AsArray().Insert(0, new JsonObject { ["status"] = 504, ["is"] = "success" }),
        ["a stage by another name"] = c =>
        {
            c["operations"]!["stage.move"]!["input"]!["properties"]!["stage"] = new JsonObject { ["type"] = "string" };
            c["operations"]!["stage.move"]!["input"]!["required"] = new JsonArray("application_id", "stage");
        },
        ["a status that is not taken"] = c => Write(c)["input"]!["properties"]!["status"]!["enum"] = new JsonArray("pending", "completed"),
        ["a request from a member that is not there"] = c => c["operations"]!["stage.move"]!["request"]!["body"] = new JsonObject { ["$js"] = "({ to: reads.stage.nothing.id })" },
        ["a note without its marker"] = c =>
        {
            c["settings"]!["noteUserId"]!["default"] = "1";
            c["operations"]!["note.add"]!["request"]!["body"]!["body"] = "{{ input.text }}";
        },
        ["no limit of requests"] = c => c["http"]!.AsObject().Remove("limits"),
        ["a token in a plain setting"] = c => c["settings"]!["partnerToken"] = new JsonObject { ["type"] = "string", ["help"] = "Token of the partner." },
    };

    private static readonly Dictionary<string, (string File, string Good, string Bad)> Mappings = new()
    {
        ["ids as numbers"] = (Mapping, "null : String(v);", "null : v;"),
        ["a member of the candidate left out"] = (Mapping, "    resume_url: resume?.url ?? null,\n", ""),
        ["an address that is taken for granted"] = (Mapping, "(c.email_addresses, settings.emailType)", "(c.email_addresses.filter(e => e.value), settings.emailType)"),
        ["members that are counted"] = (Mapping, "a.source?.name ?? a.source?.public_name ?? null", "String(Object.keys(a).length)"),
        ["a stage whose name is left out"] = (Mapping, "name: a.current_stage?.name ?? null", "name: null"),
        ["a stage that is not joined"] = ("included.js", "'stage-id': stage?.id ?? null }", "stage: null }"),
        ["names in small letters"] = (Mapping, "first_name: c.first_name ?? null", "first_name: c.first_name?.toLowerCase() ?? null"),
        ["names of candidates in small letters"] = ("application-get.js", ".join(' ')", ".join(' ').toLowerCase()"),
    };

    /// <summary>Makes a mistake in a connector's folder.</summary>
    public static void Make(string defect, string folder)
    {
        if (Definitions.TryGetValue(defect, out Action<JsonNode>? change))
        {
            string file = Path.Combine(folder, "connector.json");
            JsonNode connector = JsonNode.Parse(File.ReadAllText(file))!;
            change(connector);
            File.WriteAllText(file, connector.ToJsonString());
            return;
        }
        (string name, string good, string bad) = Mappings[defect];
        string script = Path.Combine(folder, name);
        string text = File.ReadAllText(script);
        text.ShouldContain(good);
        File.WriteAllText(script, text.Replace(good, bad, StringComparison.Ordinal));
    }

    private static JsonObject Event(JsonNode connector) => connector["events"]!["application.stage_changed"]!.AsObject();

    private static JsonObject Write(JsonNode connector) => connector["operations"]!["interview.write"]!.AsObject();

    private static JsonObject Signature(JsonNode connector) => connector["webhook"]!["signature"]!.AsObject();
}

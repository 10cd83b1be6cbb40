using System.Text.Json.Nodes;

namespace Aria.Pipelines.Plugins.Tests.Contract;

/// <summary>One mistake in a good connector folder.</summary>
/// <param name="Name">What is wrong, in few words.</param>
/// <param name="Rule">The rule that has to see it.</param>
/// <param name="Said">Part of what it has to say.</param>
/// <param name="Base">The good folder.</param>
/// <param name="Make">Makes the mistake in a copy of it: sees <c>connector.json</c>, and the folder.</param>
public sealed record SeededDefect(string Name, string Rule, string Said, string Base, Action<JsonObject, string> Make)
{
    private static readonly string[] Application = ["events", "application.stage_changed"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SeededDefect> All { get; } =
    [
        Json("a member is misspelt", "CB01", "is not known here", c => c["tittle"] = "x"),
        Json("a secret stands in a request", "CB01", "ARIA3005", c => Operation(c, "note.add")["request"]!["query"] = new JsonObject { ["key"] = "{{ settings.clientSecret }}" }),
        Json("a setting has no help", "CB02", "Setting 'resume' has no help", c => c["settings"]!["resume"]!.AsObject().Remove("help")),
        Json("an operation has no description", "CB02", "Operation 'note.add' has no description", c => Operation(c, "note.add").Remove("description")),
        Json("an event has no sample", "CB01", "An event needs at least one sample", c => Event(c)["samples"] = new JsonArray()),
        Json("an event has no correlation key", "CB03", "has no correlation key", c => Event(c).Remove("correlation")),
        Json("nothing says how an output looks", "CB04", "'application.get' declares no 'outputSchema'", c => Operation(c, "application.get").Remove("outputSchema")),
        Json("the subject reads a member that is not there", "CB05", "cannot be decoded (subject_failed)", c => Event(c)["subject"] = "application:{{ payload.payload.applications.id }}"),
        Json("a correlation key is empty", "CB06", "gives no 'application_id'", c => Event(c)["correlation"]!["application_id"] = "{{ payload.payload.application?.number }}"),
        Json("two events count as one", "CB07", "count as the same event", c => c["webhook"]!["dedupe"] = new JsonArray("/payload/version")),
        Json("an id is a number", "CB08", "'/application/id'", c => Event(c)["canonical"] = Canonical("id", new JsonObject { ["$js"] = "payload.payload.application.id" })),
        Json("a member is left out when it is unknown", "CB08", "'url' is missing", c => Event(c)["canonical"] = Canonical("url", null)),
        Json("the acknowledgement is no success", "CB01", "'ack' must be a 2xx status", c => c["webhook"]!["ack"] = 302),
        Json("an event's wire type counts as a ping", "CB09", "would be taken for a ping", c => c["webhook"]!["pings"]!.AsArray().Add("hire_candidate")),
        Json("an operation of the profile is missing", "CB15", "'note.add' is neither offered", c => c["operations"]!.AsObject().Remove("note.add")),
        Json("a status of the profile is not taken", "CB16", "no_show", c => Operation(c, "interview.write")["input"]!["properties"]!["status"]!["enum"] = new JsonArray("pending", "completed")),
        Json("application.get leaves a member out", "CB17", "'candidate' is missing", c => Operation(c, "application.get")["output"] = new JsonObject { ["application"] = null, ["job"] = null }),
        Json("the fallback is not there", "CB01", "no event or operation 'note.write'", c => c["cannot"] = new JsonObject { ["offer.write"] = new JsonObject { ["because"] = "It has no offers", ["instead"] = "note.write" } }),
        Json("a mapping fails", "CB18", "cannot be prepared", c => Operation(c, "stage.move")["request"]!["body"] = new JsonObject { ["$js"] = "({ to: reads.stage.nothing.id })" }),
        Json("a change calls itself a read", "CB19", "is of class read and sends PATCH", c => Operation(c, "interview.write")["effect"] = "read"),
        Json("a look-up has nothing to look for", "CB19", "by which its look-up could tell it", c => Operation(c, "note.add")["request"]!["body"]!["body"] = "{{ input.text }}"),
        Json("a server error counts as a refusal", "CB20", "Status 500 counts as rejected", c => c["http"]!["errors"]!.AsArray().Insert(0, Means("500-599", "rejected"))),
        Json("a limit counts as a refusal", "CB20", "Status 429 counts as rejected", c => c["http"]!["errors"]!.AsArray().Insert(0, Means("400-499", "rejected"))),
        Json("a gateway's timeout counts as a success", "CB20", "Status 504 counts as success", c => c["http"]!["errors"]!.AsArray().Insert(0, Means(504, "success"))),
        Json("a sample of an output is not as declared", "CB21", "is not as 'outputSchema' has it", c => Operation(c, "note.add")["sample"]!["note_id"] = "abc"),
        Json("unknown members are copied", "CB22", "Unknown members in the payload change", c => Event(c)["canonical"] = Canonical("source", new JsonObject { ["$js"] = "Object.keys(payload.payload.application).join()" })),
        Json("an optional member is relied on", "CB23", "the mapping fails", c => Event(c)["canonical"] = Canonical("source", new JsonObject { ["$js"] = "payload.payload.application.candidate.first_name.trim()" })),
        Json("a missing value becomes a text", "CB23", "is the text of a value that is not there", c => Event(c)["canonical"] = Canonical("url", new JsonObject { ["$js"] = "`${payload.payload.application.url}`" })),
        Json("names are cut down to ASCII", "CB24", "becomes", c => Event(c)["canonical"] = Canonical("source", null, "first_name: c.candidate.first_name?.replace(/[^ -~]/g, '?') ?? null")),
        Json("a read's optional member is relied on", "CB25", "the mapping fails", c => Operation(c, "application.get")["output"] = new JsonObject { ["$js"] = "({ application: { id: '1', status: reads.application.status.trim(), stage: null, applied_at: null, url: null, source: null }, candidate: { id: null, first_name: null, last_name: null, name: null, email: null, email_canonical: null, phone: null, resume_url: null, url: null }, job: { id: null, title: null, requisition_id: null } })" }),
    ];

    /// <summary>A mistake in the definition of the Greenhouse connector.</summary>
    private static SeededDefect Json(string name, string rule, string said, Action<JsonObject> make) => new(name, rule, said, "Greenhouse", (connector, _) => make(connector));

    private static JsonObject Event(JsonObject connector) => connector[Application[0]]![Application[1]]!.AsObject();

    private static JsonObject Operation(JsonObject connector, string name) => connector["operations"]![name]!.AsObject();

    private static JsonObject Means(JsonNode status, string meaning) => new() { ["status"] = status, ["is"] = meaning };

    /// <summary>A good canonical form but for one member of <c>application</c>, which is made by an expression or left out; or but for one of <c>candidate</c>.</summary>
    private static JsonObject Canonical(string member, JsonObject? expression, string? candidate = null)
    {
        string made = expression is null ? "" : $"{member}: {expression["$js"]},";
        string left = candidate is not null ? "" : $"delete r.application.{member};";
        return new JsonObject
        {
            ["$js"] = $$"""
                (() => {
                  const c = payload.payload.application;
                  const r = {
                    application: { id: String(c.id), status: c.status ?? null, stage: null, applied_at: null, url: null, source: null },
                    candidate: { id: null, first_name: null, last_name: null, name: null, email: null, email_canonical: null, phone: null, resume_url: null, url: null, {{candidate}} },
                    job: { id: null, title: null, requisition_id: null }
                  };
                  {{(expression is null ? left : $"Object.assign(r.application, {{ {made} }});")}}
                  return r;
                })()
                """,
        };
    }
}

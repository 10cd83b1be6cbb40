using System.Text.Json.Nodes;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What <c>connector.json</c> says of incoming events.</summary>
internal static class EventShapes
{
    public static readonly Shape Webhook = new("webhook", "How deliveries are verified, told apart and answered.",
    [
        Optional("signature", new JsonObject
        {
            ["description"] = "The signature over the raw bytes, or \"code\". Required unless there is a 'token'.",
            ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "code" }, Kind.Ref("signature")),
        }),
        Optional("token", Kind.Text("For a source that signs nothing: the setting of type secret whose value, 22 characters or more, ends the URL: /hooks/<connection>/<token>.").Example("hookToken")),
        Optional("ack", new JsonObject { ["description"] = "The status that the sender counts as success.", ["type"] = "integer", ["minimum"] = 200, ["maximum"] = 299, ["default"] = 200 }),
        Optional("headers", Kind.Texts("Headers that say what the body does not: the payload is then { headers, body }, with their names in lower case and null for an absent one, and samples have that form too.").Example(new JsonArray("event-name"))),
        Optional("handshake", Kind.Of("handshake", "A request without an event, by which the sender makes sure of the receiver.")),
        Required("type", Kind.Pointer("Where an event holds the vendor's word for its type.").Example("/action")),
        Optional("split", Kind.Pointer("Where a delivery holds an array of events; absent when it is one event.")),
        Optional("pings", Kind.Texts("Wire types that only test the connection.")),
        Optional("dedupe", Kind.List("Signed content that makes two deliveries the same event: \"body\", or JSON pointers into the event.", new JsonObject { ["type"] = "string", ["pattern"] = "^(body|/.*)$" }).Default(new JsonArray("body"))),
        Optional("encoding", Kind.OneOf("\"gzip\" when the source compresses its bodies; they are unpacked before anything else, so a signature is that of what was packed.", "gzip")),
        Optional("decode", Kind.OneOf("\"code\" when the connector's DLL turns the body into JSON.", "code")),
    ]);

    public static readonly Shape Handshake = new("handshake", "A request with this header is answered with the same header; nothing is stored.",
    [
        Required("header", Kind.Text("The header that is echoed.").Example("X-Hook-Secret")),
        Optional("status", new JsonObject { ["description"] = "The status that the sender wants.", ["type"] = "integer", ["minimum"] = 200, ["maximum"] = 299, ["default"] = 200 }),
    ]);

    public static readonly Shape Signature = new("signature", "An HMAC over ordered parts.",
    [
        Required("header", Kind.Text("Header that carries it.").Example("X-Signature")),
        Optional("prefix", new JsonObject
        {
            ["description"] = "Text before the signature, or several that are tried in order; \"\" allows none.",
            ["type"] = new JsonArray("string", "array"),
            ["items"] = new JsonObject { ["type"] = "string" },
        }),
        Optional("separator", Kind.Text("Between several signatures in the header, of which one has to be good.").Example(";")),
        Required("algorithm", Kind.OneOf("How it is computed.", "hmac-sha256", "hmac-sha512", "hmac-sha1")),
        Optional("encoding", Kind.OneOf("How it is written.", "hex", "base64").Default("hex")),
        Required("secret", Kind.Text("Setting of type secret; several active values are tried.").Example("webhookSecret")),
        Optional("parts", Kind.List("The signed parts in order; the body must be among them. 'header:Name?' counts as an empty text where the header is absent.", new JsonObject { ["type"] = "string", ["pattern"] = "^(body|header:.*|literal:.*)$" }).Default(new JsonArray("body"))),
        Optional("timestamp", Kind.Of("timestamp", "A signed time that must be recent.")),
    ]);

    public static readonly Shape Timestamp = new("timestamp", "A signed header with a Unix time in seconds.",
    [
        Required("header", Kind.Text("The header; it must be one of the signed parts.").Example("X-Timestamp")),
        Optional("tolerance", Kind.Duration("How far it may be off.").Default("5m")),
    ]);

    public static readonly Shape Event = new("event", "An event that the connector offers.",
    [
        Optional("wireType", Kind.Text("The vendor's own word for it; only an event with a feed of its own can do without.").Example("candidate_stage_change")),
        Optional("description", Kind.Text("What happened, in one sentence.")),
        Optional("poll", new JsonObject
        {
            ["description"] = "How it is found when the system does not send it; the name of the event whose feed also yields it; or several feeds among which a setting chooses.",
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Kind.Ref("poll"), Kind.Ref("pollChoice")),
        }),
        Required("subject", Kind.Value("Template over 'payload': what it is about.").Example("application:{{ payload.application_id }}")),
        Optional("correlation", Kind.Map("Keys that an await may match: templates over 'payload'.", Kind.Ref(Kind.ValueName))),
        Optional("enrich", new JsonObject
        {
            ["description"] = "Reads that complete an event whose delivery holds ids only, or is not signed; or the name of the event that has the same. Done before 'when', and kept; they see the payload as 'input'.",
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, new JsonObject { ["type"] = "array", ["items"] = Kind.Ref("read") }),
        }),
        Required("canonical", Kind.Value("Mapping over 'payload', 'settings' and, with 'enrich', 'reads' to what pipelines see; see schemas/recruiting/.")),
        Optional("schema", Kind.Schema("What the canonical form has to look like: a JSON Schema, or the name of a file with one. An event that does not fit is a warning of its runs.")),
        Required("samples", Kind.List("Deliveries from the vendor's documentation, or made ones.", new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Kind.Ref("constructed")) })),
    ]);

    public static readonly Shape Constructed = new("constructed", "A sample that was made because the vendor publishes none.",
    [
        Required("constructed", Kind.Text("Path relative to the connector folder.").Example("samples/moved.json")),
    ]);

    public static readonly IReadOnlyList<Shape> Parts = [Webhook, Handshake, Signature, Timestamp, Event, Constructed, .. PollShapes.Parts];
}

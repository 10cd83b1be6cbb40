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
            ["description"] = "The signature over the raw bytes, or \"code\". Required unless there is a 'jwt' or a 'token'.",
            ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "code" }, Kind.Ref("signature")),
        }),
        Optional("jwt", Kind.Of("jwt", "A JSON Web Token that signs the delivery.")),
        Optional("token", new JsonObject
        {
            ["description"] = "For a source that signs nothing: the setting of type secret whose value, 22 characters or more, ends the URL (/hooks/<connection>/<token>); or an object that says where else the token is.",
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Kind.Ref("token")),
            ["examples"] = new JsonArray("hookToken"),
        }),
        Optional("ack", new JsonObject
        {
            ["description"] = "The status that the sender counts as success, or an object with the body that it wants to read too.",
            ["anyOf"] = new JsonArray(AckStatus(), Kind.Ref("ack")),
            ["default"] = 200,
        }),
        Optional("form", Kind.Of("form", "Bodies are forms (application/x-www-form-urlencoded): an object with a text for each field, a list for one that comes several times.")),
        Optional("headers", Kind.Texts("Headers that say what the body does not: the payload is then { headers, body }, with their names in lower case and null for an absent one, and samples have that form too.").Example(new JsonArray("event-name"))),
        Optional("handshake", Kind.Of("handshake", "A request without an event, by which the sender makes sure of the receiver.")),
        Required("type", Kind.Pointer("Where an event holds the vendor's word for its type.").Example("/action")),
        Optional("split", Kind.Pointer("Where a delivery holds an array of events; absent when it is one event.")),
        Optional("pings", Kind.Texts("Wire types that only test the connection.")),
        Optional("pingWhen", Kind.Text("JavaScript expression over 'payload': true for a delivery that only tests the connection.").Example("Object.keys(payload.data ?? {}).length === 0")),
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
        Optional("header", Kind.Text("Header that carries it. Required unless 'json' says where it is.").Example("X-Signature")),
        Optional("json", Kind.Pointer("Where the body holds it.").Example("/signature")),
        Optional("prefix", new JsonObject
        {
            ["description"] = "Text before the signature, or several that are tried in order; \"\" allows none.",
            ["type"] = new JsonArray("string", "array"),
            ["items"] = new JsonObject { ["type"] = "string" },
        }),
        Optional("separator", Kind.Text("Between several signatures in the header, of which one has to be good.").Example(";")),
        Required("algorithm", Kind.OneOf("How it is computed.", "hmac-sha256", "hmac-sha512", "hmac-sha1")),
        Optional("encoding", Kind.OneOf("How it is written; base64hex is base64 of the hexadecimal text.", "hex", "base64", "base64hex").Default("hex")),
        Required("secret", Kind.Text("Setting of type secret; several active values are tried.").Example("webhookSecret")),
        Optional("key", Kind.OneOf("How the secret becomes the key.", "utf8", "hex", "base64").Default("utf8")),
        Optional("parts", Kind.List("The signed parts in order; the body must be among them unless every event has 'enrich'. 'json:/pointer' is a member of the body, 'header:Name?' counts as an empty text where the header is absent.", new JsonObject { ["type"] = "string", ["pattern"] = "^(body|timestamp|json:/.*|header:.*|literal:.*)$" }).Default(new JsonArray("body"))),
        Optional("timestamp", Kind.Of("timestamp", "A signed time that must be recent.")),
    ]);

    public static readonly Shape Timestamp = new("timestamp", "A signed time since 1970: in a header, in the body, or in the list of signatures.",
    [
        Optional("header", Kind.Text("The header; it must be one of the signed parts. Required unless 'json' or 'prefix' says where it is.").Example("X-Timestamp")),
        Optional("json", Kind.Pointer("Where the body holds it.").Example("/triggeredAt")),
        Optional("prefix", Kind.Text("What stands before it in the list of signatures; 'timestamp' is then a signed part.").Example("t=")),
        Optional("unit", Kind.OneOf("What it counts.", "seconds", "milliseconds").Default("seconds")),
        Optional("tolerance", Kind.Duration("How far it may be off.").Default("5m")),
    ]);

    public static readonly Shape Jwt = new("jwt", "A JSON Web Token (compact JWS) in a header or in the query. exp and nbf hold where they are there.",
    [
        Optional("header", Kind.Text("The header that carries it.").Example("Authorization")),
        Optional("query", Kind.Text("The parameter of the query that does.").Example("jwt")),
        Optional("prefix", Kind.Text("What stands before it.").Example("Bearer ")),
        Required("algorithm", Kind.OneOf("The algorithm; a token that names another one is refused.", "HS256", "HS512", "RS256", "RS512", "ES256")),
        Required("secret", Kind.Text("Setting of type secret: the shared secret, or the vendor's public key as PEM; several active values are tried.").Example("webhookKey")),
        Optional("tolerance", Kind.Duration("How far 'iat' may be off; without it a token needs 'exp'.").Example("5m")),
        Optional("claims", Kind.Map("What claims have to say: templates over 'settings'. Of a list, one has to say it.", Kind.Ref(Kind.ValueName))),
        Required("body", Kind.Of("jwtBody", "The claim that holds the hash of the body.")),
    ]);

    public static readonly Shape JwtBody = new("jwtBody", "The SHA-256 of the raw body, in a claim.",
    [
        Required("claim", Kind.Text("The claim.").Example("body_sha256")),
        Optional("encoding", Kind.OneOf("How it is written.", "hex", "base64", "base64url").Default("hex")),
    ]);

    public static readonly Shape Token = new("token", "A token of 22 characters or more that deliveries carry, in exactly one place.",
    [
        Required("setting", Kind.Text("Setting of type secret.").Example("hookToken")),
        Optional("header", Kind.Text("The header that is the token.").Example("X-Webhook-Token")),
        Optional("query", Kind.Text("The parameter of the query that is.").Example("key")),
        Optional("json", Kind.Pointer("Where the body holds it.")),
        Optional("basic", Kind.Flag("True for HTTP Basic; the secret is user:password.")),
    ]);

    public static readonly Shape Ack = new("ack", "How deliveries are answered.",
    [
        Optional("status", AckStatus()),
        Optional("body", Kind.Anything("What the sender wants to read; the engine's own answer when absent.")),
    ]);

    public static readonly Shape Form = new("form", "How a form becomes an event.",
    [
        Optional("json", Kind.Texts("Fields whose text is JSON.").Example(new JsonArray("payload"))),
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

    public static readonly IReadOnlyList<Shape> Parts = [Webhook, Handshake, Signature, Timestamp, Jwt, JwtBody, Token, Ack, Form, Event, Constructed, .. PollShapes.Parts];

    private static JsonObject AckStatus() => new() { ["description"] = "The status that the sender counts as success.", ["type"] = "integer", ["minimum"] = 200, ["maximum"] = 299, ["default"] = 200 };
}

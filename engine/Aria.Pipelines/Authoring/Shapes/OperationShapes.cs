using System.Text.Json.Nodes;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What <c>connector.json</c> says of operations.</summary>
internal static class OperationShapes
{
    public const string CodePattern = "^[a-z][a-z0-9_]{0,63}$";

    public static readonly Shape Operation = new("operation", "Something the connector can do.",
    [
        Optional("description", Kind.Text("What it does, in one sentence.")),
        Optional("effect", Effect()),
        Required("input", new JsonObject { ["description"] = "JSON Schema (2020-12) of the input.", ["type"] = new JsonArray("object", "boolean") }),
        Optional("reads", Kind.List("Reads that come first, in order; each sees the ones before it under 'reads'.", Kind.Ref("read"))),
        Optional("refuse", Kind.List("Reasons to stop before anything is sent.", Kind.Ref("refusal"))),
        Optional("request", new JsonObject
        {
            ["description"] = "The request, or \"code\"; absent when the reads are all there is.",
            ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "code" }, Kind.Ref("request")),
        }),
        Optional("parts", Kind.List("The changes it makes, in order, when it makes several; in place of 'effect', 'reads', 'request' and 'lookup'. Each is an effect of its own.", Kind.Ref("part"))),
        Optional("output", Kind.Value("Mapping over 'input', 'settings', 'reads' and 'response', or over 'input', 'settings' and 'parts'. Code makes it when the request is \"code\".")),
        Optional("outputSchema", Kind.Schema("What the output has to look like: a JSON Schema, or the name of a file with one. An output that does not fit is a warning of its step.")),
        Optional("reference", Kind.Value("Template over 'input' and 'output': id of the thing made.")),
        Required("sample", Kind.Anything("An example output, used by plans and tests.")),
        Optional("lookup", Kind.Of("lookup", "How to find the change again; needed for the class lookup.")),
        Optional("idempotency", Kind.Of("idempotency", "How the key travels; needed for the class keyed.")),
        Optional("touches", Kind.List("Subjects whose cached reads this operation makes stale: templates over 'input'.", Kind.Ref(Kind.ValueName))),
        Optional("scopes", Kind.Texts("Permissions that the account needs for it.")),
        Optional("causes", Kind.Texts("Events of this connector that it makes the system send.")),
        Optional("landsIn", Kind.Map("Where each input ends up in the system: one place, or a list of them.", Place())),
    ]);

    public static readonly Shape EffectSetting = new("effectSetting", "The class comes from a setting of the connection.",
    [
        Required("setting", Kind.Text("A string setting with a default, whose allowed values are effect classes.").Example("creation")),
    ]);

    public static readonly Shape Part = new("part", "One change of an operation that makes several: an effect with its own class and look-up, planned before the first of them is sent.",
    [
        Required("id", Kind.Text("Its name under 'parts', and in the path of its effect.", CodePattern).Example("note")),
        Optional("when", Kind.Text("JavaScript expression over 'input' and 'settings'; left out when it does not give true.")),
        Required("operation", Kind.Text("An operation of this connector that makes one request.").Example("note.add")),
        Required("with", Kind.Value("Its input: a mapping over 'input' and 'settings'.")),
    ]);

    public static readonly Shape Request = new("request", "A request: templates over 'input', 'settings', 'reads' and 'effect.key'.",
    [
        Required("method", Kind.OneOf("HTTP method.", "GET", "POST", "PUT", "PATCH", "DELETE")),
        Required("path", Kind.Value("Appended to the base URL; values are escaped as path segments.").Example("/notes/{{ input.note_id }}")),
        Optional("query", Kind.Map("Query parameters; a null value leaves one out.", Kind.Ref(Kind.ValueName))),
        Optional("arrays", Kind.OneOf("How a parameter or form field with several values is written: a=1&a=2, a[]=1&a[]=2 or a=1,2.", "repeat", "brackets", "comma").Default("repeat")),
        Optional("headers", Kind.Map("Further headers.", Kind.Ref(Kind.ValueName))),
        Optional("body", Kind.Value("JSON body; not with GET. At most one of body, form, multipart and text.")),
        Optional("form", Kind.Value("Fields of a form (application/x-www-form-urlencoded).")),
        Optional("multipart", Kind.Value("Fields of a form with files (multipart/form-data): texts, and { filename, type, text | base64 }.")),
        Optional("text", Kind.Value("A text as it is, such as XML; its Content-Type is a header.").Example(new JsonObject { ["$file"] = "envelope.scriban" })),
    ]);

    public static readonly Shape Read = new("read", "A read that an operation needs first.",
    [
        Required("id", Kind.Text("Its name under 'reads'.", CodePattern)),
        Optional("when", Kind.Text("JavaScript expression; when it gives false nothing is requested and the value is null.")),
        Required("request", Kind.Of("request", "The request.")),
        Optional("ready", Kind.Of("ready", "How to wait for an answer that the system makes meanwhile.")),
        Optional("paged", Kind.Flag("Follows all pages and joins their arrays.").Default(false)),
        Optional("items", Kind.Pointer("Where a page of this list holds its records, when that is not what http.paging says.").Example("/_embedded/statuses")),
        Optional("optional", Kind.Flag("True when 404 and 410 give null instead of a failure.").Default(false)),
        Optional("cache", Kind.Of("cache", "How long the answer may be used again.")),
        Optional("value", Kind.Value("Mapping over 'response' to what stands under 'reads'; the body when absent.")),
        Required("sample", Kind.Anything("An example value, used by plans.")),
    ]);

    public static readonly Shape Ready = new("ready", "How to wait for an answer that the system makes meanwhile, such as an export: 202 or 303 with the place where it will be, or a status in the body.",
    [
        Optional("when", Kind.Text("JavaScript expression over 'response': this is the answer; any status but 202 and 303 when absent.").Example("response.body.status === 'done'")),
        Optional("at", Kind.Value("Over 'response': where to ask next, on the same host; the header Location when absent.").Example("{{ response.body.statusUrl }}")),
        Optional("every", Kind.Duration("The pause before asking again, unless Retry-After says it.").Default("2s")),
        Optional("within", Kind.Duration("When to give up; at most 1m.").Default("1m")),
    ]);

    public static readonly Shape Cache = new("cache", "Keeps the answer of a GET request.",
    [
        Required("for", Kind.Duration("How long.").Example("5m")),
        Optional("subject", Kind.Value("Template over 'input' and 'reads': the subject whose change makes it stale.").Example("application:{{ input.application_id }}")),
    ]);

    public static readonly Shape Refusal = new("refusal", "A reason not to send.",
    [
        Required("code", Kind.Text("Stable code, snake_case.", CodePattern).Example("field_missing")),
        Optional("fault", Kind.OneOf("Who can put it right.", "author", "connector", "operator", "remote").Default("author")),
        Required("message", Kind.Value("Mapping over 'input', 'settings' and 'reads' that gives null, a message, or a list of messages.")),
    ]);

    public static readonly Shape Lookup = new("lookup", "How to find out whether a change was made.",
    [
        Required("request", Kind.Of("request", "The search.")),
        Optional("paged", Kind.Flag("Follows all pages and joins their arrays.").Default(false)),
        Optional("items", Kind.Pointer("Where a page of this list holds its records, when that is not what http.paging says.").Example("/_embedded/statuses")),
        Required("found", Kind.Value("Mapping that gives the operation's output when the change is found, null when not.")),
        Optional("delay", Kind.Duration("How long a change may stay invisible to the search.").Default("0s")),
    ]);

    public static readonly Shape Idempotency = new("idempotency", "How the system takes an idempotency key.",
    [
        Required("header", Kind.Text("Header that carries the key.").Example("Idempotency-Key")),
        Optional("validity", Kind.Duration("How long the system keeps it.").Default("24h")),
    ]);

    public static readonly IReadOnlyList<Shape> Parts = [Operation, EffectSetting, Part, Request, Read, Ready, Cache, Refusal, Lookup, Idempotency];

    private static JsonObject Place()
    {
        JsonObject one = Kind.OneOf("What the system calls a place for it; 'nowhere' when it has none.", "field", "note", "tag", "form", "stage", "assessment", "link", "file", "nowhere");
        return new JsonObject { ["anyOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["items"] = one.DeepClone() }) };
    }

    private static JsonObject Effect() => new()
    {
        ["description"] = "What may be done when an outcome is unknown. read: repeat. idempotent: send again. keyed: send again with the same key. lookup: look first. unsafe: a person decides.",
        ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray("read", "idempotent", "keyed", "lookup", "unsafe") }, Kind.Ref("effectSetting")),
    };
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What <c>connector.json</c> may hold, but for its operations.</summary>
internal static class ConnectorShapes
{
    public const string DottedPattern = "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$";

    public static readonly Shape Root = new("connector", "All that the engine knows of an external system.",
    [
        Required("connector", Kind.Text("The name that connections use.", "^[a-z][a-z0-9-]{0,63}$").Example("greenhouse")),
        Required("version", Kind.Text("Version of this definition, three numbers.", "^[0-9]{1,6}\\.[0-9]{1,6}\\.[0-9]{1,6}(-[0-9A-Za-z.-]{1,40})?$").Example("1.0.0")),
        Required("contract", Kind.Anything("Version of the contract between host and connectors.").Example(ConnectorContract.Version)),
        Required("title", Kind.Text("The system's name for people.").Example("Greenhouse")),
        Optional("description", Kind.Text("One sentence about the system and the interface used.")),
        Optional("code", Kind.Text("The connector's DLL, where JSON cannot say everything.").Example("Aria.Pipelines.Plugins.Sample.dll")),
        Optional("settings", Kind.Map("What a connection gives.", "^[a-z][A-Za-z0-9]{0,63}$", Kind.Ref("setting"))),
        Required("http", Kind.Of("http", "What holds for all requests.")),
        Optional("webhook", Kind.Of("webhook", "How events arrive.")),
        Optional("events", Kind.Map("Events by name: a noun and a verb, joined by a dot.", DottedPattern, Kind.Ref("event"))),
        Optional("operations", Kind.Map("Operations by name: a noun and a verb, joined by a dot.", DottedPattern, Kind.Ref("operation"))),
        Optional("cannot", Kind.Map("What of the shared vocabulary this system does not have: events, operations, and members of events such as candidate.resume_url. Lint says so where a pipeline asks for it.", DottedPattern, Kind.Ref("limitation"))),
        Optional("provision", Kind.List("What has to exist in the system before it works; 'aria new connection' shows it.", Kind.Ref("provision"))),
        Optional("checks", Kind.List("What 'aria lint --online' asks a live account.", Kind.Ref("check"))),
        Optional("personal", Kind.Texts("Members of its events that hold personal data, as paths.").Example(new System.Text.Json.Nodes.JsonArray("candidate.email"))),
    ]);

    public static readonly Shape Limitation = new("limitation", "Something that this system does not have.",
    [
        Required("because", Kind.Text("Why, in one sentence about the system.").Example("Its API has no call that moves an applicant to another step.")),
        Optional("instead", Kind.Text("The event or operation of this connector that serves in its place.", DottedPattern).Example("note.add")),
    ]);

    public static readonly Shape Provision = new("provision", "Something that has to exist in the system, such as a webhook subscription or a field.",
    [
        Required("id", Kind.Text("Its name.", Kind.IdentifierPattern).Example("webhook")),
        Required("instructions", Kind.Text("What a person does in the system, in one or two sentences; {url} is where deliveries go.").Example("Settings > Webhooks > Add: URL {url}, event 'candidate moved'. Keep the secret that is shown.")),
        Optional("check", Kind.Text("The check that tells whether it is there.").Example("webhook")),
    ]);

    public static readonly Shape Check = new("check", "A question to a live account: reads, and what they mean for the settings of a connection.",
    [
        Required("id", Kind.Text("Its name in findings.", Kind.IdentifierPattern).Example("fields")),
        Optional("description", Kind.Text("What it makes sure of, in one sentence.")),
        Required("reads", Kind.List("GET requests, in order; each sees the ones before it under 'reads'.", Kind.Ref("read"))),
        Optional("find", Kind.Value("Mapping over 'settings' and 'reads' to null or a list of { setting, message, value, known, severity }: the setting's path, what is wrong, and for 'did you mean' the value and the known ones. Absent: the reads have to be answered, that is all.")),
        Optional("scopes", Kind.Texts("Permissions that the account needs for it.")),
    ]);

    public static readonly Shape Setting = new("setting", "A setting that a connection gives.",
    [
        Required("type", Kind.OneOf("A secret is never written into a file and never seen by mappings other than http.auth.", "string", "number", "boolean", "object", "secret")),
        Optional("required", Kind.Flag("True when a connection must give it.").Default(false)),
        Optional("requiredWhen", Kind.Text("When a connection must give it: a JavaScript expression over 'settings', in which a secret that is given is a text and one that is not is null. For credentials of which a connection chooses one kind.").Example("settings.auth === 'oauth'")),
        Optional("default", Kind.Anything("Value when absent. The members of an object are merged one by one. Secrets have none.")),
        Optional("pattern", Kind.Text("Regular expression for strings.").Example("^[0-9]+$")),
        Optional("allowed", Kind.Texts("The allowed strings.")),
        Optional("help", Kind.Text("One sentence: what it is and where to find it in the system.")),
    ]);

    public static readonly Shape Http = new("http", "What holds for all requests.",
    [
        Required("baseUrl", Kind.Value("Template over 'settings'.").Example("{{ settings.baseUrl }}")),
        Optional("headers", Kind.Map("Headers of every request: templates over 'settings'.", Kind.Ref(Kind.ValueName))),
        Optional("format", Kind.OneOf("What answers are written in. \"xml\": mappings see names without prefix, attributes under @name, text beside them under #text, elements of one name as one value or a list, empty ones as null. \"code\": the connector's DLL writes the bodies of requests and reads those of answers.", "json", "xml", "code").Default("json")),
        Optional("auth", new JsonObject
        {
            ["description"] = "How requests carry credentials: one kind, or \"code\". Templates over 'settings' with secrets.",
            ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "code" }, Kind.Ref("auth")),
        }),
        Optional("clientCertificate", Kind.Of("clientCertificate", "Mutual TLS: the certificate that is shown on logins and all other requests.")),
        Optional("paging", Kind.Of("paging", "How lists are paged.")),
        Optional("errors", Kind.List("Rules in order; the first fitting one with 'is' classifies an answer. Defaults stand behind them.", Kind.Ref("error"))),
        Optional("limits", Kind.Of("budget", "The system's own limit, shared by all pipelines.")),
        Optional("timeout", Kind.Duration("How long one request may take, at most 90s.").Default("30s")),
    ]);

    public static readonly Shape Paging = new("paging", "How the pages of lists follow each other: by 'link' or by 'next'.",
    [
        Optional("link", Kind.Text("Relation of the next page in the Link header. Required unless there is 'next'.").Example("next")),
        Optional("next", Kind.Value("Over 'response', 'page.number' (from 1) and 'settings': the URL of the next page, or with 'parameter' its cursor, number or offset; null ends the list.").Example("{{ response.body?.nextCursor }}")),
        Optional("parameter", Kind.Text("Query parameter that chooses the page.").Example("cursor")),
        Optional("items", Kind.Pointer("Where a page holds its records; \"\" is the answer itself.").Example("/results")),
    ]);

    public static readonly Shape Budget = new("budget", "Requests in every rolling window.",
    [
        Required("requests", Kind.Count("Requests in the window.").Example(50)),
        Required("per", Kind.Duration("Length of the window.").Example("30s")),
        Optional("also", Kind.List("Further windows that hold at the same time, such as a quota of the hour.", Kind.Ref("window"))),
        Optional("concurrent", Kind.Count("Requests that may be under way at once.").Example(8)),
        Optional("remaining", Kind.Text("Header that tells how many are left in the first window.").Example("X-RateLimit-Remaining")),
        Optional("reset", Kind.Of("timeHeader", "Header that tells when there are more; X-RateLimit-Reset and RateLimit-Reset are known.")),
        Optional("retryAfter", Kind.Of("timeHeader", "Header that tells when to come again, where it is not Retry-After.")),
    ]);

    public static readonly Shape Window = new("window", "Requests in every rolling window.",
    [
        Required("requests", Kind.Count("Requests in the window.").Example(1000)),
        Required("per", Kind.Duration("Length of the window.").Example("1h")),
    ]);

    public static readonly Shape TimeHeader = new("timeHeader", "A header with a time.",
    [
        Required("header", Kind.Text("Its name.").Example("X-Rate-Limit-Try-Again-Seconds")),
        Required("unit", Kind.OneOf("What it holds: seconds or milliseconds from now, seconds or milliseconds since 1970, or a date.", "seconds", "milliseconds", "epoch", "date")),
    ]);

    public static readonly Shape Error = new("error", "Classifies an answer: needs 'is', 'message' or both.",
    [
        Required("status", new JsonObject
        {
            ["description"] = "An HTTP status, or a range such as \"400-499\".",
            ["type"] = new JsonArray("integer", "string"),
            ["minimum"] = 100,
            ["maximum"] = 599,
            ["pattern"] = "^[1-5][0-9]{2}-[1-5][0-9]{2}$",
        }),
        Optional("when", Kind.Text("JavaScript expression over 'response': the rule fits only when it gives true, so that a 200 can be an error.").Example("response.body?.success === false")),
        Optional("is", Kind.OneOf("What such an answer means.", "success", "rejected", "rateLimited", "reauthenticate", "unknown")),
        Optional("message", Kind.Text("Where the system's message stands: a JSON pointer into the body, or header:Name.", "^(/.*|header:.+)?$").Example("/error/message")),
        Optional("wait", Kind.Value("Over 'response': how many seconds to wait, or until when.").Example("{{ response.body.retry_in }}")),
    ]);

    public static readonly IReadOnlyList<Shape> Parts = [Setting, Limitation, Provision, Check, Http, Paging, Budget, Window, TimeHeader, Error, .. AuthShapes.Parts];
}

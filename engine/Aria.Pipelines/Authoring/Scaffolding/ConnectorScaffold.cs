using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>Writes a new connector: a folder that lints at once, with one event, its sample and two operations.</summary>
internal static partial class ConnectorScaffold
{
    /// <summary>The definition's file.</summary>
    public const string Definition = "connector.json";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Why a connector cannot have this name; null when it can.</summary>
    public static string? Obstacle(string plugins, string name) =>
        !NamePattern().IsMatch(name) ? $"'{name}' is not a connector name. Use lower-case letters, digits and '-', beginning with a letter."
        : Path.Exists(Path.Combine(plugins, FolderOf(name))) ? $"'{Path.Combine(plugins, FolderOf(name))}' exists already. Choose another name, or change that one."
        : null;

    /// <summary>The folder of a connector: my-ats is in MyAts.</summary>
    public static string FolderOf(string name) => string.Concat(name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(w => $"{char.ToUpperInvariant(w[0])}{w[1..]}"));

    /// <summary>A definition as a person would write it.</summary>
    public static string Text(JsonNode json) => json.ToJsonString(Layout) + "\n";

    /// <summary>The files of the template, by path in the folder.</summary>
    /// <param name="name">Name of the connector.</param>
    /// <param name="schema">Path of the schema of connectors, relative to the folder.</param>
    public static IReadOnlyDictionary<string, string> Files(string name, string schema) => new Dictionary<string, string>
    {
        [Definition] = Template.Replace("SCHEMA", schema, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal).Replace("TITLE", FolderOf(name), StringComparison.Ordinal),
        ["application-event.js"] = "const sent = payload;\n" + Canonical,
        ["application-get.js"] = "const sent = response.body;\n" + Canonical,
        ["samples/stage-changed.json"] = Sample,
    };

    private const string Template = """
        {
          "$schema": "SCHEMA",
          "connector": "NAME",
          "version": "0.1.0",
          "contract": 1,
          "title": "TITLE",
          "description": "The system, and which of its interfaces is used.",
          "settings": {
            "baseUrl": { "type": "string", "default": "https://api.example.com/v1", "help": "Base URL of the API." },
            "apiKey": { "type": "secret", "required": true, "help": "Where a person finds the key." },
            "webhookSecret": { "type": "secret", "help": "Where a person finds the secret that signs deliveries." }
          },
          "http": {
            "baseUrl": "{{ settings.baseUrl }}",
            "auth": { "bearer": { "token": "{{ settings.apiKey }}" } },
            "errors": [{ "status": "400-499", "message": "/message" }],
            "limits": { "requests": 60, "per": "1m" }
          },
          "webhook": {
            "signature": { "header": "X-Signature", "algorithm": "hmac-sha256", "secret": "webhookSecret" },
            "type": "/type",
            "dedupe": ["body"]
          },
          "events": {
            "application.stage_changed": {
              "wireType": "application.moved",
              "description": "An application reached another stage.",
              "subject": "application:{{ payload.application.id }}",
              "correlation": { "application_id": "{{ payload.application.id }}" },
              "canonical": { "$file": "application-event.js" },
              "samples": [{ "constructed": "samples/stage-changed.json" }]
            }
          },
          "operations": {
            "application.get": {
              "description": "Reads an application.",
              "effect": "read",
              "input": { "type": "object", "properties": { "application_id": { "type": "string" } }, "required": ["application_id"], "additionalProperties": false },
              "request": { "method": "GET", "path": "/applications/{{ input.application_id }}" },
              "output": { "$file": "application-get.js" },
              "sample": {
                "application": { "id": "a-1", "status": "active", "stage": { "id": null, "name": "Phone Screen" }, "applied_at": null, "url": null, "source": null },
                "candidate": { "id": "c-1", "first_name": "Ada", "last_name": "Byron", "name": "Ada Byron", "email": "Ada@example.com", "email_canonical": "ada@example.com", "phone": null, "resume_url": null, "url": null },
                "job": { "id": "j-1", "title": "Engineer", "requisition_id": null }
              }
            },
            "note.add": {
              "description": "Writes a note on an application.",
              "effect": "unsafe",
              "input": { "type": "object", "properties": { "application_id": { "type": "string" }, "text": { "type": "string" } }, "required": ["application_id", "text"], "additionalProperties": false },
              "request": { "method": "POST", "path": "/applications/{{ input.application_id }}/notes", "body": { "text": "{{ input.text }}" } },
              "output": { "note_id": "{{ response.body.id }}" },
              "reference": "{{ output.note_id }}",
              "sample": { "note_id": "n-1" }
            }
          },
          "cannot": {
            "application.created": { "because": "Not written yet.", "instead": "application.stage_changed" },
            "interview.write": { "because": "Not written yet.", "instead": "note.add" },
            "stage.move": { "because": "Not written yet.", "instead": "note.add" }
          }
        }

        """;

    private const string Canonical = """
        const application = sent.application ?? {};
        const candidate = sent.candidate ?? {};
        const job = sent.job ?? {};
        const text = v => v === null || v === undefined ? null : String(v);
        const name = [candidate.first_name, candidate.last_name].filter(n => n).join(' ');

        // What pipelines read: every member is there, null when unknown; ids are strings.
        return {
          application: {
            id: text(application.id),
            status: application.status ?? null,
            stage: { id: null, name: application.stage ?? null },
            applied_at: null,
            url: null,
            source: null
          },
          candidate: {
            id: text(candidate.id),
            first_name: candidate.first_name ?? null,
            last_name: candidate.last_name ?? null,
            name: name === '' ? null : name,
            email: candidate.email ?? null,
            email_canonical: canonicalEmail(candidate.email ?? null),
            phone: null,
            resume_url: null,
            url: null
          },
          job: { id: text(job.id), title: job.title ?? null, requisition_id: null }
        };

        """;

    private const string Sample = """
        {
          "type": "application.moved",
          "application": { "id": "a-1", "stage": "Phone Screen" },
          "candidate": { "id": "c-1", "first_name": "Ada", "last_name": "Byron", "email": "Ada@example.com" },
          "job": { "id": "j-1", "title": "Engineer" }
        }

        """;

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex NamePattern();
}

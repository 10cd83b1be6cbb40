using System.Text.Json.Nodes;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Faults.InProcess;

/// <summary>
/// The smallest workspace that has everything that can go wrong: one connector with an operation of each effect class, and one pipeline for
/// each, started by the event of the same name. In a temporary folder, removed afterwards.
/// </summary>
internal sealed class SmallWorkspace : IDisposable
{
    public const string Environment = "faults";
    public const string HookSecret = "small-hook-secret";

    /// <summary>Tries that a pipeline allows itself.</summary>
    public const int MaxTries = 6;

    /// <summary>The operations, each with the word the ledger has for its class.</summary>
    public static readonly IReadOnlyList<string> Operations = ["unsafe", "keyed", "idempotent", "lookup"];

    private readonly DirectoryInfo _folder;

    /// <param name="target">Where the connector's requests go.</param>
    /// <param name="under">Folder to be made in; null for the temporary one.</param>
    public SmallWorkspace(Uri target, string? under = null)
    {
        _folder = under is null ? Directory.CreateTempSubdirectory("aria-faults-") : Directory.CreateDirectory(Path.Combine(under, $"aria-faults-{Guid.NewGuid():N}"));
        Write("plugins/remote/connector.json", Connector());
        foreach (string operation in Operations)
        {
            Write($"plugins/remote/samples/{operation}.json", new JsonObject { ["op"] = operation, ["thing"] = "1", ["subject"] = "1" });
        }
        Write("pipelines/connections/remote.json", new JsonObject
        {
            ["connector"] = "remote",
            ["settings"] = new JsonObject { ["hook"] = "${secret:small-hook}" },
        });
        Write($"pipelines/environments/{Environment}.json", new JsonObject
        {
            ["allowLoopback"] = true,
            ["allowPlainHttp"] = true,
            ["connections"] = new JsonObject { ["remote"] = new JsonObject { ["settings"] = new JsonObject { ["baseUrl"] = target.ToString().TrimEnd('/') } } },
        });
        foreach (string operation in Operations)
        {
            Write($"pipelines/do-{operation}/pipeline.json", Pipeline(operation));
        }
    }

    public EngineOptions Options => new() { Workspace = At("pipelines"), Plugins = At("plugins"), Data = At("data"), Environment = Environment };

    public static MemorySecretSource Secrets { get; } = new(new Dictionary<string, string> { ["small-hook"] = HookSecret });

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, JsonObject content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content.ToJsonString());
    }

    private static JsonObject Pipeline(string operation) => new()
    {
        ["connections"] = new JsonObject { ["r"] = "remote" },
        ["triggers"] = new JsonArray(new JsonObject { ["on"] = $"r.thing.{operation}" }),
        ["steps"] = new JsonArray(new JsonObject
        {
            ["id"] = "do",
            ["action"] = $"r.thing.{operation}",
            ["with"] = new JsonObject { ["thing"] = "{{ event.thing }}" },
            ["retry"] = new JsonObject { ["max"] = MaxTries, ["delay"] = "10s" },
            ["timeout"] = "90s",
        }),
    };

    private static JsonObject Connector()
    {
        var events = new JsonObject();
        foreach (string operation in Operations)
        {
            events[$"thing.{operation}"] = new JsonObject
            {
                ["wireType"] = operation,
                ["description"] = "A thing is to be done",
                ["subject"] = "thing:{{ payload.subject }}",
                ["canonical"] = new JsonObject { ["thing"] = "{{ payload.thing }}" },
                ["samples"] = new JsonArray(new JsonObject { ["constructed"] = $"samples/{operation}.json" }),
            };
        }
        JsonObject connector = JsonNode.Parse(ConnectorJson)!.AsObject();
        connector["events"] = events;
        return connector;
    }

    private const string ConnectorJson = """
        {
          "connector": "remote", "version": "1.0.0", "contract": 1, "title": "Remote", "description": "A remote system that faults are done to",
          "settings": { "baseUrl": { "type": "string", "default": "https://remote.example" }, "hook": { "type": "secret", "required": true } },
          "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "webhook": {
            "signature": { "header": "X-Signature", "algorithm": "hmac-sha256", "encoding": "hex", "secret": "hook", "parts": [ "body" ] },
            "ack": 200, "type": "/op", "dedupe": [ "body" ]
          },
          "operations": {
            "thing.unsafe": {
              "effect": "unsafe", "input": { "type": "object" }, "request": { "method": "POST", "path": "/unsafe", "body": { "thing": "{{ input.thing }}" } },
              "output": { "id": { "$js": "response.body.id" } }, "sample": {}
            },
            "thing.keyed": {
              "effect": "keyed", "input": { "type": "object" }, "request": { "method": "POST", "path": "/keyed", "body": { "thing": "{{ input.thing }}" } },
              "output": { "id": { "$js": "response.body.id" } }, "sample": {}, "idempotency": { "header": "Idempotency-Key", "validity": "24h" }
            },
            "thing.idempotent": {
              "effect": "idempotent", "input": { "type": "object" }, "request": { "method": "PUT", "path": "/idempotent/{{ input.thing }}", "body": { "thing": "{{ input.thing }}" } },
              "output": { "id": { "$js": "response.body.id" } }, "sample": {}
            },
            "thing.lookup": {
              "effect": "lookup", "input": { "type": "object" },
              "request": { "method": "POST", "path": "/lookup", "body": { "thing": "{{ input.thing }}", "mark": "{{ effect.key }}" } },
              "output": { "id": { "$js": "response.body.id" } }, "sample": {},
              "lookup": {
                "request": { "method": "GET", "path": "/lookup", "query": { "mark": "{{ effect.key }}" } },
                "found": { "$js": "response.body.found ? { id: response.body.found } : null" }, "delay": "5s"
              }
            }
          }
        }
        """;
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A workspace with the stand's connection, a pipeline that takes its events, and one that writes a result. In a temporary folder, removed afterwards.</summary>
internal sealed class StandWorkspace : IDisposable
{
    /// <summary>The connection.</summary>
    public const string System = "system";

    /// <summary>The pipeline that takes events; its step <see cref="Seen"/> keeps them.</summary>
    public const string Watch = "watch";

    /// <summary>The step.</summary>
    public const string Seen = "seen";

    /// <summary>The pipeline that writes a result, started by hand.</summary>
    public const string WriteBack = "write-back";

    private const string Environment = "behaviour";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-behaviour-");
    private readonly string _plugins;

    public StandWorkspace(string connectorFolder, Connector connector, IConnectorStand stand, Uri address)
    {
        _plugins = Path.GetDirectoryName(connectorFolder)!;
        Write($"connections/{System}.json", stand.Connection.Replace(stand.BaseUrl.Authority, address.Authority, StringComparison.Ordinal));
        Write($"environments/{Environment}.json", """{ "allowLoopback": true, "allowPlainHttp": true }""");
        string[] events = [.. RecruitingShapes.Events.Where(connector.Events.ContainsKey)];
        if (events.Length > 0)
        {
            Write($"{Watch}/pipeline.json", new JsonObject
            {
                ["connections"] = new JsonObject { ["ats"] = System },
                ["triggers"] = new JsonArray([.. events.Select(e => (JsonNode)new JsonObject { ["on"] = $"ats.{e}" })]),
                ["steps"] = new JsonArray(new JsonObject { ["id"] = Seen, ["map"] = new JsonObject { ["$js"] = "event" } }),
            }.ToJsonString());
        }
        if (connector.Operations.ContainsKey("application.get") && connector.Operations.ContainsKey("interview.write"))
        {
            Write($"{WriteBack}/pipeline.json", Result(connector).ToJsonString());
        }
    }

    public EngineOptions Options => new()
    {
        Workspace = Path.Combine(_folder.FullName, "pipelines"),
        Plugins = _plugins,
        Data = Data,
        Environment = Environment,
    };

    /// <summary>The folder of the store.</summary>
    public string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The transcript that is written for an application.</summary>
    public static string TranscriptOf(string applicationId) => $"https://files.example.com/transcripts/{applicationId}";

    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Result(Connector connector)
    {
        var steps = new JsonArray(
            Step("pending", "interview.write", new JsonObject { ["status"] = "pending" }),
            Step("write", "interview.write", new JsonObject
            {
                ["status"] = "completed",
                ["score"] = 8,
                ["recommendation"] = "advance",
                ["transcript_url"] = TranscriptOf("{{ event.application.id }}"),
                ["recording_url"] = "https://files.example.com/recordings/{{ event.application.id }}",
            }));
        if (connector.Operations.ContainsKey("note.add"))
        {
            steps.Add(Step("note", "note.add", new JsonObject { ["text"] = "ARIA interview: needs attention." }));
        }
        steps.Add(new JsonObject { ["id"] = Seen, ["map"] = new JsonObject { ["$js"] = "event" } });
        return new JsonObject
        {
            ["connections"] = new JsonObject { ["ats"] = System },
            ["triggers"] = new JsonArray(new JsonObject { ["manual"] = new JsonObject { ["subject"] = "ats.application" } }),
            ["steps"] = steps,
        };
    }

    private static JsonObject Step(string id, string operation, JsonObject with)
    {
        with["application_id"] = "{{ event.application.id }}";
        return new JsonObject { ["id"] = id, ["action"] = $"ats.{operation}", ["with"] = with, ["retry"] = new JsonObject { ["max"] = 8, ["delay"] = "10s" } };
    }

    private void Write(string path, string content)
    {
        string target = Path.Combine(_folder.FullName, "pipelines", path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, content);
    }
}

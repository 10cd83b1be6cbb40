using System.Text.Json.Nodes;
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

    /// <summary>The pipeline that moves an application, started by hand; there once <see cref="AddMove"/> was called.</summary>
    public const string Relocate = "relocate";

    private const string Environment = "behaviour";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-behaviour-");
    private readonly string _plugins;

    public StandWorkspace(string connectorFolder, Connector connector, IConnectorStand stand, Uri address)
    {
        _plugins = Path.GetDirectoryName(connectorFolder)!;
        Write($"connections/{System}.json", stand.Connection.Replace(stand.BaseUrl.Authority, address.Authority, StringComparison.Ordinal));
        Write($"environments/{Environment}.json", """{ "allowLoopback": true, "allowPlainHttp": true }""");
        string[] events = [.. ((string[])[stand.Work.Created, stand.Work.Moved]).Where(connector.Events.ContainsKey)];
        if (events.Length > 0)
        {
            Write($"{Watch}/pipeline.json", new JsonObject
            {
                ["connections"] = new JsonObject { ["ats"] = System },
                ["triggers"] = new JsonArray([.. events.Select(e => (JsonNode)new JsonObject { ["on"] = $"ats.{e}" })]),
                ["steps"] = new JsonArray(new JsonObject { ["id"] = Seen, ["map"] = new JsonObject { ["$js"] = "event" } }),
            }.ToJsonString());
        }
        if (stand.Work.Steps is { } steps)
        {
            bool canRead = connector.Operations.ContainsKey($"{stand.Work.Noun}.get");
            Write($"{WriteBack}/pipeline.json", Pipeline(canRead ? ByHand(stand.Work.Noun) : new JsonObject { ["on"] = $"ats.{stand.Work.Created}" }, [.. JsonNode.Parse(steps)!.AsArray().Select(s => s!.DeepClone())]).ToJsonString());
        }
        else if (connector.Operations.ContainsKey("application.get") && connector.Operations.ContainsKey("interview.write"))
        {
            Write($"{WriteBack}/pipeline.json", Pipeline(ByHand(stand.Work.Noun), Result(connector)).ToJsonString());
        }
    }

    /// <summary>Adds a pipeline that moves an application to a stage. An engine that is open does not know it.</summary>
    public void AddMove(string stageId) =>
        Write($"{Relocate}/pipeline.json", Pipeline(ByHand("application"), [Step("move", "stage.move", new JsonObject { ["stage_id"] = stageId })]).ToJsonString());

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

    private static List<JsonNode> Result(Connector connector)
    {
        List<JsonNode> steps =
        [
            Step("pending", "interview.write", new JsonObject { ["status"] = "pending" }),
            Step("write", "interview.write", new JsonObject
            {
                ["status"] = "completed",
                ["score"] = 8,
                ["recommendation"] = "advance",
                ["transcript_url"] = TranscriptOf("{{ event.application.id }}"),
                ["recording_url"] = "https://files.example.com/recordings/{{ event.application.id }}",
            }),
        ];
        if (connector.Operations.ContainsKey("note.add"))
        {
            steps.Add(Step("note", "note.add", new JsonObject { ["text"] = "ARIA interview: needs attention." }));
        }
        return steps;
    }

    private static JsonObject ByHand(string noun) => new() { ["manual"] = new JsonObject { ["subject"] = $"ats.{noun}" } };

    private static JsonObject Pipeline(JsonObject trigger, IEnumerable<JsonNode> steps) => new()
    {
        ["connections"] = new JsonObject { ["ats"] = System },
        ["triggers"] = new JsonArray(trigger),
        ["steps"] = new JsonArray([.. steps, new JsonObject { ["id"] = Seen, ["map"] = new JsonObject { ["$js"] = "event" } }]),
    };

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

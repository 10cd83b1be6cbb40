using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Faults.Campaigns.WriteBack;

/// <summary>
/// The shipped connection of an ATS, pointed at its stand-in through a proxy, and one pipeline with everything that the shipped ones write.
/// In a temporary folder, removed afterwards.
/// </summary>
internal sealed class WriteBackWorkspace : IDisposable
{
    /// <summary>The pipeline, started by hand for an application.</summary>
    public const string Pipeline = "write-back";

    /// <summary>How often the engine may ask the stand-in in a second. The stand-in keeps its own limit; the vendor's in the engine would only make the campaign wait.</summary>
    public const int RequestsPerSecond = 100_000;

    /// <summary>Score that is written.</summary>
    public const decimal Score = 8;

    private const string Environment = "faults";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-faults-");

    /// <param name="system">The ATS.</param>
    /// <param name="proxy">Address that stands for the stand-in's own, in all of the connection's settings.</param>
    public WriteBackWorkspace(DemoSystem system, Uri proxy)
    {
        string connection = Path.Combine("pipelines", "connections", $"{system.Name}.json");
        Write(connection, File.ReadAllText(Path.Combine(Repository.Root, connection)));
        JsonObject overlay = JsonNode.Parse(system.Overlay.ToJsonString().Replace(system.BaseUrl.Authority, proxy.Authority, StringComparison.Ordinal))!.AsObject();
        overlay["limits"] = new JsonObject { ["requests"] = RequestsPerSecond, ["per"] = "1s" };
        Write($"pipelines/environments/{Environment}.json", new JsonObject
        {
            ["allowLoopback"] = true,
            ["allowPlainHttp"] = true,
            ["connections"] = new JsonObject { [system.Name] = overlay },
        }.ToJsonString());
        Write($"pipelines/{Pipeline}/pipeline.json", Definition(system).ToJsonString());
        Secrets = new MemorySecretSource(new Dictionary<string, string>(system.Secrets));
    }

    public EngineOptions Options => new()
    {
        Workspace = Path.Combine(_folder.FullName, "pipelines"),
        Plugins = Repository.Plugins,
        Data = Path.Combine(_folder.FullName, "data"),
        Environment = Environment,
    };

    public MemorySecretSource Secrets { get; }

    /// <summary>The transcript that is written for an application.</summary>
    public static string TranscriptOf(string applicationId) => $"https://files.example.com/transcripts/{applicationId}";

    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Definition(DemoSystem system) => new()
    {
        ["connections"] = new JsonObject { ["ats"] = system.Name },
        ["triggers"] = new JsonArray(new JsonObject { ["manual"] = new JsonObject { ["subject"] = "ats.application" } }),
        ["steps"] = new JsonArray(
        [
            Step("pending", "ats.interview.write", new JsonObject { ["status"] = "pending" }),
            Step("write", "ats.interview.write", new JsonObject
            {
                ["status"] = "completed",
                ["score"] = Score,
                ["recommendation"] = "advance",
                ["transcript_url"] = TranscriptOf("{{ event.application.id }}"),
                ["recording_url"] = "https://files.example.com/recordings/{{ event.application.id }}",
            }),
            Step("note", "ats.note.add", new JsonObject { ["text"] = "ARIA interview: needs attention." }),
            .. system.NextStage is { } stage ? [Step("move", "ats.stage.move", new JsonObject { ["stage_id"] = stage })] : Array.Empty<JsonObject>(),
        ]),
    };

    private static JsonObject Step(string id, string action, JsonObject with)
    {
        with["application_id"] = "{{ event.application.id }}";
        return new JsonObject { ["id"] = id, ["action"] = action, ["with"] = with, ["retry"] = new JsonObject { ["max"] = 8, ["delay"] = "10s" } };
    }

    private void Write(string path, string content)
    {
        string target = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, content);
    }
}

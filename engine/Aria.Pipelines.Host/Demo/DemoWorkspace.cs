using System.Text.Json.Nodes;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Host.Demo;

/// <summary>
/// The shipped workspace with an environment of its own, which points at the started sandboxes, and with its pipelines connected to the
/// ATS of the demo; in a temporary folder, removed afterwards.
/// </summary>
internal sealed class DemoWorkspace : IDisposable
{
    public const string Environment = "demo";
    public const string AriaHookSecret = "aria-demo-hook";

    /// <summary>The connection that a pipeline calls its ATS.</summary>
    private const string Role = "ats";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-demo-");

    /// <param name="workspace">The shipped workspace.</param>
    /// <param name="ats">Connection of the ATS.</param>
    /// <param name="overlay">What points it at the sandbox.</param>
    /// <param name="ariaApi">Base URL of ARIA's sandbox.</param>
    public DemoWorkspace(string workspace, string ats, JsonObject overlay, Uri ariaApi)
    {
        foreach (string file in Directory.EnumerateFiles(workspace, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Workspace, Path.GetRelativePath(workspace, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        foreach (string pipeline in Directory.EnumerateDirectories(Workspace).Select(f => Path.Combine(f, "pipeline.json")).Where(File.Exists))
        {
            Connect(pipeline, ats);
        }
        var environment = new JsonObject
        {
            ["allowLoopback"] = true,
            ["allowPlainHttp"] = true,
            ["connections"] = new JsonObject
            {
                [ats] = overlay,
                ["aria"] = new JsonObject { ["settings"] = new JsonObject { ["baseUrl"] = ariaApi.ToString() } },
            },
        };
        string environments = Path.Combine(Workspace, "environments");
        Directory.CreateDirectory(environments);
        File.WriteAllText(Path.Combine(environments, $"{Environment}.json"), environment.ToJsonString());
    }

    public string Workspace => Path.Combine(_folder.FullName, "pipelines");

    public string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Credentials that the sandboxes accept by default: those of the ATS, and those of ARIA.</summary>
    public static Dictionary<string, string> Credentials(IReadOnlyDictionary<string, string> ats) => new(ats)
    {
        ["aria-api-key"] = "aria-sandbox-key",
        ["aria-client-id"] = "aria-sandbox-client",
        ["aria-client-secret"] = "aria-sandbox-secret",
        ["aria-webhook"] = AriaHookSecret,
    };

    /// <summary>The same, as a host asks for them.</summary>
    public static MemorySecretSource Secrets(IReadOnlyDictionary<string, string> ats) => new(Credentials(ats));

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Another ATS is another connection, and nothing else.</summary>
    private static void Connect(string pipeline, string connection)
    {
        JsonObject definition = JsonNode.Parse(File.ReadAllText(pipeline))!.AsObject();
        if (definition["connections"] is JsonObject connections && connections.ContainsKey(Role))
        {
            connections[Role] = connection;
            File.WriteAllText(pipeline, definition.ToJsonString());
        }
    }
}

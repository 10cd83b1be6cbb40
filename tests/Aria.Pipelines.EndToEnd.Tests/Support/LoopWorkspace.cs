using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Support;

/// <summary>The shipped workspace, pointed at started sandboxes, with budgets that do not make a test wait.</summary>
internal sealed class LoopWorkspace : IDisposable
{
    private readonly DemoWorkspace _files;

    public LoopWorkspace(Uri greenhouseApi, Uri greenhouseToken, Uri ariaApi)
    {
        _files = new DemoWorkspace(Repository.Pipelines, GreenhouseDemo.Connector, new JsonObject { ["settings"] = GreenhouseDemo.SettingsFor(greenhouseApi, greenhouseToken) }, ariaApi);
        Overlay(environment => environment["connections"]!["greenhouse"]!["limits"] = new JsonObject { ["requests"] = 100_000, ["per"] = "1s" });
    }

    public string Folder => _files.Workspace;

    public string Data => _files.Data;

    /// <summary>Kind of the store.</summary>
    public string Store { get; set; } = "sqlite";

    public EngineOptions Options => new() { Workspace = Folder, Plugins = Repository.Plugins, Data = Data, Store = Store, Environment = DemoWorkspace.Environment };

    /// <summary>Changes the environment file.</summary>
    public void Overlay(Action<JsonObject> change) => Edit($"environments/{DemoWorkspace.Environment}.json", change);

    /// <summary>Changes a JSON file of the workspace.</summary>
    public void Edit(string file, Action<JsonObject> change)
    {
        string path = Path.Combine(Folder, file);
        JsonObject content = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(content);
        File.WriteAllText(path, content.ToJsonString());
    }

    public void Dispose() => _files.Dispose();
}

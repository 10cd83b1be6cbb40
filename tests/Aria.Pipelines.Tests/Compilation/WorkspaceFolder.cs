using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Compilation;

/// <summary>A small workspace that has nothing wrong with it, in a temporary folder, for tests to break.</summary>
internal sealed class WorkspaceFolder : IDisposable
{
    public const string Pipeline = """
        {
          "connections": { "ats": "greenhouse", "aria": "aria" },
          "triggers": [{ "on": "ats.application.created" }],
          "steps": [
            { "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }, { "id": "ask", "action": "aria.interview.get", "with": { "interview_id": "1" } }
          ]
        }
        """;

    public const string Greenhouse = """
        {
          "connector": "greenhouse",
          "settings": {
            "clientId": "${secret:id}", "clientSecret": "${secret:secret}", "webhookSecret": "${secret:hook}"
          }
        }
        """;

    public const string Aria = """
        { "connector": "aria", "settings": { "apiKey": "${secret:key}", "webhookSecret": "${secret:hook}" } }
        """;

    private static readonly Dictionary<string, Connector> Connectors = new()
    {
        ["greenhouse"] = Tests.Connectors.Plugins.Greenhouse,
        ["aria"] = Tests.Connectors.Plugins.Aria,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-workspace-");

    public WorkspaceFolder()
    {
        With("connections/greenhouse.json", Greenhouse);
        With("connections/aria.json", Aria);
        With("invite/pipeline.json", Pipeline);
    }

    public string Folder => _folder.FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public WorkspaceFolder With(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    public Workspace Compile(string environment = "production") => new WorkspaceCompiler(Connectors, new MappingCompiler()).Compile(Folder, "pipelines", environment);

    public string[] Findings(string environment = "production") => [.. Compile(environment).Findings.Select(f => f.ToString())];

    public void Dispose() => _folder.Delete(recursive: true);
}

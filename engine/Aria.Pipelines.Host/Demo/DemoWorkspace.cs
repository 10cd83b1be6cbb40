using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Host.Demo;

/// <summary>The shipped workspace with an environment of its own, which points at the started sandboxes; in a temporary folder, removed afterwards.</summary>
internal sealed class DemoWorkspace : IDisposable
{
    public const string Environment = "demo";
    public const string GreenhouseHookSecret = "greenhouse-demo-hook";
    public const string AriaHookSecret = "aria-demo-hook";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-demo-");

    public DemoWorkspace(string workspace, Uri greenhouseApi, Uri greenhouseToken, Uri ariaApi)
    {
        foreach (string file in Directory.EnumerateFiles(workspace, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Workspace, Path.GetRelativePath(workspace, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        var overlay = new JsonObject
        {
            ["allowLoopback"] = true,
            ["allowPlainHttp"] = true,
            ["connections"] = new JsonObject
            {
                ["greenhouse"] = new JsonObject
                {
                    ["settings"] = new JsonObject
                    {
                        ["baseUrl"] = greenhouseApi.ToString(),
                        ["tokenUrl"] = greenhouseToken.ToString(),
                        ["userId"] = GreenhouseSeeds.SiteAdminId.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    },
                },
                ["aria"] = new JsonObject { ["settings"] = new JsonObject { ["baseUrl"] = ariaApi.ToString() } },
            },
        };
        string environments = Path.Combine(Workspace, "environments");
        Directory.CreateDirectory(environments);
        File.WriteAllText(Path.Combine(environments, $"{Environment}.json"), overlay.ToJsonString());
    }

    public string Workspace => Path.Combine(_folder.FullName, "pipelines");

    public string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Credentials that the sandboxes accept by default.</summary>
    public static MemorySecretSource Secrets() => new(new Dictionary<string, string>
    {
        ["greenhouse-client-id"] = "greenhouse-sandbox-client",
        ["greenhouse-client-secret"] = "greenhouse-sandbox-secret",
        ["greenhouse-webhook"] = GreenhouseHookSecret,
        ["aria-api-key"] = "aria-sandbox-key",
        ["aria-webhook"] = AriaHookSecret,
    });

    public void Dispose() => _folder.Delete(recursive: true);
}

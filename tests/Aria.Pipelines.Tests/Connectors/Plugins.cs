using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The connectors of this repository, read from their folders, and connections to them.</summary>
internal static class Plugins
{
    private static readonly Lazy<Connector> LazyGreenhouse = new(() => Read("Greenhouse"));
    private static readonly Lazy<Connector> LazyAria = new(() => Read("Aria"));
    private static readonly Lazy<Connector> LazyICims = new(() => Read("ICims"));
    private static readonly Lazy<Connector> LazyJazzHR = new(() => Read("JazzHR"));
    private static readonly Lazy<Connector> LazyLever = new(() => Read("Lever"));
    private static readonly Lazy<Connector> LazySmartRecruiters = new(() => Read("SmartRecruiters"));

    public static Connector Greenhouse => LazyGreenhouse.Value;

    public static Connector Aria => LazyAria.Value;

    public static Connector ICims => LazyICims.Value;

    public static Connector JazzHR => LazyJazzHR.Value;

    public static Connector Lever => LazyLever.Value;

    public static Connector SmartRecruiters => LazySmartRecruiters.Value;

    public static string Root { get; } = FindRoot();

    public static Connector Read(IDefinitionFiles files, IConnector? code = null)
    {
        var bag = new DiagnosticBag();
        Connector? connector = ConnectorReader.Read(files, code, new MappingCompiler(), bag);
        bag.Items.Select(d => d.ToString()).ShouldBeEmpty();
        return connector.ShouldNotBeNull();
    }

    /// <summary>A connection with the connector's defaults, the given settings, and one secret per secret setting, named after it.</summary>
    public static Connection Connect(Connector connector, string settings = "{}", string id = "ats")
    {
        var all = new JsonObject();
        JsonObject given = JsonNode.Parse(settings)!.AsObject();
        foreach (SettingDefinition setting in connector.Settings.Values.Where(s => s.Type != "secret"))
        {
            JsonNode? value = setting.Default is { } otherwise ? JsonNode.Parse(otherwise.GetRawText()) : null;
            if (value is JsonObject members && given[setting.Name] is JsonObject changes)
            {
                foreach ((string name, JsonNode? member) in changes)
                {
                    members[name] = member?.DeepClone();
                }
            }
            else if (given.ContainsKey(setting.Name))
            {
                value = given[setting.Name]?.DeepClone();
            }
            all[setting.Name] = value;
        }
        Dictionary<string, IReadOnlyList<SecretName>> secrets = connector.Settings.Values
            .Where(s => s.Type == "secret").ToDictionary(s => s.Name, s => (IReadOnlyList<SecretName>)[new(s.Name)]);
        return new Connection(id, connector, JsonElement.Parse(all.ToJsonString()), secrets, connector.Http.Limit, new TargetPolicy(AllowLoopback: true, AllowPlainHttp: true));
    }

    private static Connector Read(string folder) => Read(new DefinitionFolder(Path.Combine(Root, "plugins", folder), $"plugins/{folder}"));

    private static string FindRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "global.json")))
        {
            at = at.Parent;
        }
        return at.ShouldNotBeNull().FullName;
    }
}

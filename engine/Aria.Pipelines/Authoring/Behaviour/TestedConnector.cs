using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>A connector folder, loaded as a host loads it, with an account that has the defaults and an invented secret for each secret setting.</summary>
internal sealed partial class TestedConnector : IDisposable
{
    // Settings without a default have to be something; the first that the pattern allows is taken.
    private static readonly string[] Plausible = ["example", "1", "https://example.com", "a@example.com", "EXAMPLE", "example.com", "00000000-0000-4000-8000-000000000000"];

    private readonly ServiceProvider _services;
    private readonly SourceDocument? _document;
    private readonly Dictionary<string, string> _secrets;
    private Connection? _account;
    private Connection? _fullAccount;

    private TestedConnector(PluginFolder folder, Connector? connector, LoadedPlugin? code, IReadOnlyList<Diagnostic> findings, SourceDocument? document)
    {
        (Folder, Definition, Code, Findings, _document) = (folder, connector, code, findings, document);
        _secrets = connector?.Settings.Values.Where(s => s.Type == "secret").ToDictionary(s => s.Name, s => $"behaviour-{s.Name}-0123456789abcdef") ?? [];
        _services = AriaPipelines.Offline(TimeProvider.System, new MemorySecretSource(_secrets));
    }

    /// <summary>Where it was found.</summary>
    public PluginFolder Folder { get; }

    /// <summary>The connector; null when it has errors.</summary>
    public Connector? Definition { get; }

    /// <summary>The same, for rules that are run only when there is one.</summary>
    public Connector Connector => Definition ?? throw new InvalidOperationException("The connector has errors.");

    /// <summary>Its DLL; null for a connector of JSON alone.</summary>
    public LoadedPlugin? Code { get; }

    /// <summary>What loading found.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; }

    /// <summary>Verifies and decodes.</summary>
    public IWebhookReceiver Receiver => _services.GetRequiredService<IWebhookReceiver>();

    /// <summary>Prepares operations.</summary>
    public IOperationClient Operations => _services.GetRequiredService<IOperationClient>();

    /// <summary>An account of it.</summary>
    public Connection Account => _account ??= new(
        Connector.Name,
        Connector,
        SettingsWith([]),
        Connector.Settings.Values.Where(s => s.Type == "secret").ToDictionary(s => s.Name, s => (IReadOnlyList<string>)[s.Name]),
        Connector.Http.Limit,
        TargetPolicy.PublicHttpsOnly);

    /// <summary>The same account with something in every setting that may be left out.</summary>
    public Connection FullAccount => _fullAccount ??= Account with { Settings = SettingsWith([], whole: true) };

    /// <summary>Loads a connector folder. What cannot be read is among <see cref="Findings"/>.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="displayPath">How findings name it.</param>
    /// <exception cref="DirectoryNotFoundException">It is no folder with a <c>connector.json</c>, or its name is not allowed.</exception>
    public static TestedConnector Load(string path, string displayPath)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string display = displayPath.Replace('\\', '/').TrimEnd('/');
        string parent = display.LastIndexOf('/') is > 0 and int slash ? display[..slash] : ".";
        var bag = new DiagnosticBag();
        PluginFolder folder = PluginFolder.Find(Path.GetDirectoryName(full) ?? full, parent, bag).FirstOrDefault(f => f.Directory == full)
            ?? throw new DirectoryNotFoundException($"'{displayPath}' is not a connector folder. Give a folder that holds a {ConnectorReader.FileName}.");
        bag = new DiagnosticBag();
        Reference? assembly = ConnectorReader.CodeFile(folder.Files);
        LoadedPlugin? code = assembly is { } named ? PluginLoader.Load(folder, named.Name, named.Position, bag) : null;
        Connector? connector = assembly is null || code is not null ? ConnectorReader.Read(folder.Files, code?.Connector, new MappingCompiler(), bag) : null;
        SourceDocument? document = folder.Files.Read(ConnectorReader.FileName) is { } bytes ? SourceDocument.Parse(folder.Files.PathOf(ConnectorReader.FileName), bytes, new DiagnosticBag()) : null;
        return new TestedConnector(folder, connector, code, bag.Items, document);
    }

    /// <summary>Where something stands in <c>connector.json</c>; the nearest place that encloses it when it is not there.</summary>
    public SourcePosition At(params ReadOnlySpan<string> members)
    {
        string pointer = "";
        foreach (string member in members)
        {
            pointer += $"/{SourceDocument.Escape(member)}";
        }
        return _document?.PositionOf(pointer) ?? new SourcePosition(Folder.Files.PathOf(ConnectorReader.FileName), 1, 1);
    }

    /// <summary>True when what a read gives is the vendor's answer or a part of it, and not something that the connector makes of it.</summary>
    /// <param name="owner"><c>events</c> or <c>operations</c>.</param>
    /// <param name="name">The event or operation.</param>
    /// <param name="reads"><c>enrich</c> or <c>reads</c>.</param>
    /// <param name="id">Id of the read.</param>
    public bool IsAsAnswered(string owner, string name, string reads, string id)
    {
        JsonCursor? list = _document?.Cursor.Optional(owner)?.Optional(name)?.Optional(reads);
        if (list is { Kind: JsonValueKind.String } same)
        {
            return IsAsAnswered(owner, same.Element.GetString()!, reads, id);
        }
        JsonCursor? read = list?.Items().Select(r => (JsonCursor?)r).FirstOrDefault(r => r!.Value.Optional("id")?.Element.ValueEquals(id) == true);
        return read?.Optional("value") is not { } value || PickPattern().IsMatch(value.Optional("$js")?.Element.GetString() ?? value.Element.GetRawText());
    }

    /// <summary>Gives a secret setting its values, newest first.</summary>
    /// <returns>The account that has them.</returns>
    public Connection With(string setting, params string[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _secrets[$"{setting}#{i}"] = values[i];
        }
        Connection account = Account;
        return account with { SecretNames = new Dictionary<string, IReadOnlyList<string>>(account.SecretNames) { [setting] = [.. values.Select((_, i) => $"{setting}#{i}")] } };
    }

    /// <summary>All settings but secrets: those given, else the default, else something plausible where one is required.</summary>
    /// <param name="given">By name; an object is merged into the default.</param>
    /// <param name="whole">True to give something for every setting.</param>
    public JsonElement SettingsWith(JsonObject given, bool whole = false)
    {
        var settings = new JsonObject();
        foreach (SettingDefinition setting in Connector.Settings.Values.Where(s => s.Type != "secret"))
        {
            JsonNode? value = setting.Default is { } otherwise ? ConnectorJson.ToNode(otherwise) : setting.Required || whole ? Invented(setting) : null;
            if (value is JsonObject members && given[setting.Name] is JsonObject changes)
            {
                foreach ((string name, JsonNode? change) in changes)
                {
                    members[name] = change?.DeepClone();
                }
            }
            else if (given.ContainsKey(setting.Name))
            {
                value = given[setting.Name]?.DeepClone();
            }
            settings[setting.Name] = value;
        }
        return ConnectorJson.ToElement(settings);
    }

    public void Dispose()
    {
        _services.Dispose();
        Code?.Dispose();
    }

    private static JsonNode? Invented(SettingDefinition setting) => setting.Type switch
    {
        "number" => 1,
        "boolean" => false,
        "object" => new JsonObject(),
        _ when setting.Allowed.Count > 0 => setting.Allowed[0],
        _ => Plausible.FirstOrDefault(t => setting.Pattern is not { } pattern || Regex.IsMatch(t, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))) ?? "example",
    };

    [GeneratedRegex("^\\s*(\\{\\{)?\\s*response\\.body(\\??\\.?\\[[0-9]+\\]|\\??\\.[A-Za-z_]+)*(\\s*\\?\\?\\s*null)?\\s*(\\}\\})?\\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PickPattern();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>A connector that is looked at: its definition with places, an account with made-up settings, and its interpreter without network and store.</summary>
internal sealed class ConnectorSubject
{
    /// <summary>The newest of the account's active secrets: good as a text, as hex and as Base64.</summary>
    public const string NewSecret = "0123456789abcdef0123456789abcdef";

    /// <summary>The active secret before the newest.</summary>
    public const string OldSecret = "fedcba9876543210fedcba9876543210";

    // What people put into settings; the first that a pattern allows is taken.
    private static readonly string[] Examples = ["sample", "1", "12345", "https://sample.example", "sample.example", "00000000-0000-0000-0000-000000000001", "a@sample.example"];

    private readonly JsonCursor _root;
    private readonly WebhookReceiver _receiver;

    private ConnectorSubject(Connector connector, JsonCursor root, TimeProvider time)
    {
        (Connector, _root, Time) = (connector, root, time);
        var secrets = new Dictionary<string, IReadOnlyList<SecretName>>();
        foreach (string name in connector.Settings.Values.Where(s => s.Type == "secret").Select(s => s.Name))
        {
            secrets[name] = connector.Webhook?.Jwt?.SecretSetting == name ? [new("new-key"), new("old-key")] : [new("new"), new("old")];
        }
        (NewSigner, OldSigner) = connector.Webhook?.Jwt is { } jwt ? (JwtSigner.Create(jwt.Algorithm, NewSecret), JwtSigner.Create(jwt.Algorithm, OldSecret)) : default;
        Connection = new Connection(connector.Name, connector, Settings(connector), secrets, null, TargetPolicy.PublicHttpsOnly);
        var values = new ConnectionSecrets(new MemorySecretSource(new Dictionary<string, string>
        {
            ["new"] = NewSecret, ["old"] = OldSecret, ["new-key"] = NewSigner?.Secret ?? NewSecret, ["old-key"] = OldSigner?.Secret ?? OldSecret,
        }), time, new NoSecretAudit());
        var network = new NoNetwork();
        Hosts = new ConnectorHosts(values, time, network, network, NullLoggerFactory.Instance);
        _receiver = new WebhookReceiver(values, Hosts, time);
    }

    public Connector Connector { get; }

    public Connection Connection { get; }

    public ConnectorHosts Hosts { get; }

    /// <summary>Signs with the newest key, where deliveries carry a JSON Web Token.</summary>
    public JwtSigner? NewSigner { get; }

    /// <summary>Signs with the key before it.</summary>
    public JwtSigner? OldSigner { get; }

    public TimeProvider Time { get; }

    /// <summary>Where it was loaded from; null for one that was read from files alone.</summary>
    public PluginFolder? Folder { get; private init; }

    /// <summary>Opens an installed connector.</summary>
    /// <param name="installed">The connector and its folder.</param>
    /// <param name="time">The clock of signatures.</param>
    public static ConnectorSubject Open(InstalledConnector installed, TimeProvider time) =>
        new(installed.Connector, Cursor(installed.Folder.Files), time) { Folder = installed.Folder };

    /// <summary>Where a value of the definition stands, or as near as anything written comes.</summary>
    public SourcePosition At(params ReadOnlySpan<string> path)
    {
        JsonCursor at = _root;
        foreach (string name in path)
        {
            if (at.Optional(name) is not { } inner)
            {
                break;
            }
            at = inner;
        }
        return at.Pointer.Length == 0 ? at.Position : at.NamePosition;
    }

    /// <summary>A sample as its source would send it, or as its feed would find it.</summary>
    public IReadOnlyList<DecodedEvent> Decode(ConnectorEvent definition, byte[] body)
    {
        if (!definition.IsPolled)
        {
            return _receiver.Decode(Connection, Delivered(body)).Events;
        }
        PolledArrival arrival = PolledArrival.Of(Connection, definition, body, pass: 1);
        return arrival.Event is { } decoded ? [decoded] : [EventDecoder.Quarantined(body, arrival.Refusal ?? "refused")];
    }

    /// <summary>The event as pipelines see it.</summary>
    /// <exception cref="Aria.Pipelines.Mapping.MappingException">The connector's mapping failed.</exception>
    public JsonElement Canonical(ConnectorEvent definition, DecodedEvent decoded) =>
        _receiver.Canonical(Connection, definition.Type, "sample", decoded.Body, definition.Enrich is null ? null : PrerequisiteReads.Samples(definition.Enrich.Reads));

    /// <summary>Verifies a delivery as the endpoint does.</summary>
    public Reception Receive(Delivery delivery, string? token = null) => _receiver.Receive(Connection, delivery, token);

    /// <summary>A delivery without headers.</summary>
    public Delivery Delivered(byte[] body) =>
        new("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), body, Time.GetUtcNow());

    private static JsonCursor Cursor(IDefinitionFiles files) =>
        SourceDocument.Parse(files.PathOf(ConnectorReader.FileName), files.Read(ConnectorReader.FileName)!, new DiagnosticBag())!.Cursor;

    private static JsonElement Settings(Connector connector)
    {
        var settings = new JsonObject();
        foreach (SettingDefinition setting in connector.Settings.Values.Where(s => s.Type != "secret"))
        {
            settings[setting.Name] = setting.Default is { } value ? JsonNode.Parse(value.GetRawText()) : Example(setting);
        }
        return JsonElement.Parse(settings.ToJsonString());
    }

    private static JsonNode? Example(SettingDefinition setting) => setting switch
    {
        { Required: false } => null,
        { Type: "number" } => 1,
        { Type: "boolean" } => true,
        { Type: "object" } => new JsonObject(),
        { Allowed.Count: > 0 } => setting.Allowed[0],
        { Pattern: { } pattern } => Array.Find(Examples, e => Regex.IsMatch(e, pattern, RegexOptions.None, TimeSpan.FromSeconds(10))) ?? Examples[0],
        _ => Examples[0],
    };
}

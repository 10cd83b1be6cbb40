using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>Writes a new connection: every required setting, secrets as references.</summary>
internal static class ConnectionScaffold
{
    /// <summary>Stands where a person must write a value.</summary>
    public const string Placeholder = "CHANGE-ME";

    private const string WebhookSecret = "webhookSecret";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="id">Id of the connection, in front of the names of its secrets.</param>
    /// <param name="connector">Its connector.</param>
    /// <param name="schema">Path of the schema, relative to the folder of connections.</param>
    public static string File(string id, Connector connector, string schema)
    {
        var settings = new JsonObject();
        foreach (SettingDefinition setting in Required(connector))
        {
            settings[setting.Name] = setting.Type switch
            {
                "secret" => $"${{secret:{SecretOf(id, setting)}}}",
                "number" => 0,
                "boolean" => false,
                "object" => new JsonObject(),
                _ => setting.Allowed.Count > 0 ? setting.Allowed[0] : Placeholder,
            };
        }
        return new JsonObject { ["$schema"] = schema, ["connector"] = connector.Name, ["settings"] = settings }.ToJsonString(Layout) + "\n";
    }

    /// <summary>The settings that the file holds and a person must see to, with what they are; then what has to exist in the system.</summary>
    public static IEnumerable<string> ToDo(string id, Connector connector) => Required(connector)
        .Select(s => s.Type == "secret" ? $"secret '{SecretOf(id, s)}': {s.Help}" : $"setting '{s.Name}' in the file: {s.Help}")
        .Concat(connector.Provisions.Select(p => $"in {connector.Title}: {p.Instructions.Replace("{url}", Hook(id, connector), StringComparison.Ordinal)}{(p.Check is null ? "" : $" ('aria lint --online' makes the check '{p.Check}')")}"));

    private static string Hook(string id, Connector connector) =>
        $"https://<your host>/hooks/{id}{(connector.Webhook?.Token is { Kind: TokenKind.Url } token ? $"/<{token.Setting}>" : "")}";

    /// <summary>What has to be given while everything else has its default.</summary>
    private static IEnumerable<SettingDefinition> Required(Connector connector)
    {
        var defaults = new JsonObject(connector.Settings.Values.Where(s => s.Type != "secret").Select(s => KeyValuePair.Create(s.Name, s.Default is { } value ? ConnectorJson.ToNode(value) : null)));
        return connector.Settings.Values.Where(s => s is { Required: true, Default: null } || s.RequiredWhen?.Holds(defaults, []) == true);
    }

    /// <summary>greenhouse and clientId make greenhouse-client-id. What signs deliveries is greenhouse-webhook, as sandbox and shipped connections call it.</summary>
    private static string SecretOf(string id, SettingDefinition setting)
    {
        var name = new StringBuilder(id.Replace('.', '-').Replace('_', '-')).Append('-');
        foreach (char letter in setting.Name == WebhookSecret ? "webhook" : setting.Name)
        {
            name.Append(char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : letter);
        }
        return name.ToString();
    }
}

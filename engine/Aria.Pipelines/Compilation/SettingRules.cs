using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Compilation;

/// <summary>What settings mean beyond their types: addresses that may be reached, members of tables, secrets of their own.</summary>
internal static class SettingRules
{
    /// <summary>Reports settings that are not given although the others call for them, such as the credentials of the chosen way to log in.</summary>
    /// <param name="definition">The connection.</param>
    /// <param name="connector">Its connector.</param>
    /// <param name="settings">What it gives that is no secret, with defaults.</param>
    /// <param name="secrets">Names of the secret settings that it gives.</param>
    /// <param name="given">As written.</param>
    /// <param name="bag">Receives the findings.</param>
    public static void Needed(
        ConnectionDefinition definition, Connector connector, JsonElement settings, IEnumerable<string> secrets, ILookup<string, JsonCursor> given, DiagnosticBag bag)
    {
        JsonObject values = JsonObject.Create(settings)!;
        foreach (SettingDefinition setting in connector.Settings.Values.Where(s => !given.Contains(s.Name)))
        {
            try
            {
                if (setting.RequiredWhen is { } need && need.Holds(values, secrets))
                {
                    bag.Error(PipelineCodes.MissingSetting, definition.Position, $"Connection '{definition.Id}' does not give the setting '{setting.Name}', which is needed when {need.Written}.", setting.Help);
                }
            }
            catch (MappingException e)
            {
                bag.AddRange([e.Diagnostic]);
            }
        }
    }

    /// <summary>Checks the settings of one connection.</summary>
    /// <param name="connector">Its connector.</param>
    /// <param name="given">As written, in the connection and then in the environment.</param>
    /// <param name="secrets">The secrets of each setting.</param>
    /// <param name="environment">Says which addresses may be reached.</param>
    /// <param name="bag">Receives the findings.</param>
    public static void Check(
        Connector connector, ILookup<string, JsonCursor> given, IReadOnlyDictionary<string, IReadOnlyList<SecretName>> secrets, EnvironmentDefinition environment, DiagnosticBag bag)
    {
        foreach (SettingDefinition setting in connector.Settings.Values)
        {
            if (setting.Type == "string" && setting.Default is { ValueKind: JsonValueKind.String } address && IsWeb(address.GetString()!) && given[setting.Name].LastOrDefault() is { Kind: JsonValueKind.String } url
                && !url.Element.GetString()!.Contains("${", StringComparison.Ordinal))
            {
                Address(setting, url, environment, bag);
            }
            if (setting.Type == "object" && setting.Default is { ValueKind: JsonValueKind.Object } table)
            {
                Table(setting, table, given[setting.Name], bag);
            }
        }
        Shared(given, secrets, bag);
    }

    private static bool IsWeb(string text) => text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static void Address(SettingDefinition setting, JsonCursor value, EnvironmentDefinition environment, DiagnosticBag bag)
    {
        string text = value.Element.GetString()!;
        if (!IsWeb(text) || !Uri.TryCreate(text, UriKind.Absolute, out Uri? url))
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"The setting '{setting.Name}' is an address, and '{text}' is none.", $"Write it whole, as {setting.Default!.Value.GetString()}.");
        }
        else if (url.IsLoopback && !environment.AllowLoopback)
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"'{text}' is this machine, and environment '{environment.Name}' does not allow it.", "Give the address in an environment with \"allowLoopback\": true, for example environments/sandbox.json.");
        }
        else if (url.Scheme == Uri.UriSchemeHttp && !environment.AllowPlainHttp)
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"'{text}' is plain HTTP, and environment '{environment.Name}' does not allow it.", "Write https, or give the address in an environment with \"allowPlainHttp\": true.");
        }
    }

    /// <summary>A table may hold more than its default does, but hardly a name that is nearly one of those.</summary>
    private static void Table(SettingDefinition setting, JsonElement table, IEnumerable<JsonCursor> values, DiagnosticBag bag)
    {
        string[] known = [.. table.EnumerateObject().Select(p => p.Name)];
        foreach ((string name, JsonCursor member) in values.Where(v => v.Kind == JsonValueKind.Object).SelectMany(v => v.Properties()).Where(p => !known.Contains(p.Name)))
        {
            string hint = Suggestion.For(name, known);
            if (hint.StartsWith("Did you mean", StringComparison.Ordinal))
            {
                bag.Warning(PipelineCodes.UnknownSetting, member.NamePosition, $"The setting '{setting.Name}' has no member '{name}'.", hint);
            }
        }
    }

    private static void Shared(ILookup<string, JsonCursor> given, IReadOnlyDictionary<string, IReadOnlyList<SecretName>> secrets, DiagnosticBag bag)
    {
        var owners = new Dictionary<string, string>();
        foreach ((string setting, IReadOnlyList<SecretName> names) in secrets)
        {
            foreach (string name in names.Select(n => n.Name).Distinct())
            {
                if (!owners.TryAdd(name, setting))
                {
                    bag.Warning(PipelineCodes.InvalidSetting, given[setting].Last().Position, $"The settings '{owners[name]}' and '{setting}' are the same secret '{name}'.", "Give each its own: who learns one of them must not know the other.");
                }
            }
        }
    }
}

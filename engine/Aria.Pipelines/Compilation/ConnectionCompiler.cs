using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Compilation;

/// <summary>Makes connections from what is written, the environment's overlay and the connector's defaults.</summary>
/// <param name="connectors">Connectors without errors, by name.</param>
/// <param name="faultyFolder">The folder of a connector that is installed and has errors; null for a name of none.</param>
/// <param name="environment">The overlay.</param>
/// <param name="bag">Receives what is wrong.</param>
internal sealed class ConnectionCompiler(
    IReadOnlyDictionary<string, Connector> connectors, Func<string, string?> faultyFolder, EnvironmentDefinition environment, DiagnosticBag bag)
{
    public Connection? Compile(ConnectionDefinition definition)
    {
        if (definition.Connector is not { } name)
        {
            return null;
        }
        if (!connectors.TryGetValue(name.Name, out Connector? connector))
        {
            (string summary, string detail) = faultyFolder(name.Name) is { } folder
                ? ($"Connector '{name.Name}' is installed and has errors of its own.", $"Mend what is said about '{folder}' first.")
                : ($"Connector '{name.Name}' is not installed.", Suggestion.For(name.Name, [.. connectors.Keys.Order(StringComparer.Ordinal)]));
            bag.Error(PipelineCodes.UnknownConnector, name.Position, summary, detail);
            return null;
        }
        ConnectionDefinition? overlay = environment.Connections.GetValueOrDefault(definition.Id);
        // As written in the connection, then in the environment, which wins member by member.
        ILookup<string, JsonCursor> given = definition.Settings.Concat(overlay?.Settings ?? new Dictionary<string, JsonCursor>()).ToLookup(s => s.Key, s => s.Value);
        (JsonElement settings, Dictionary<string, IReadOnlyList<SecretName>> secrets) = Settings(definition, connector, given);
        SettingRules.Needed(definition, connector, settings, secrets.Keys, given, bag);
        SettingRules.Check(connector, given, secrets, environment, bag);
        LimitDefinition? limit = overlay?.Limit ?? definition.Limit;
        return new Connection(
            definition.Id,
            connector,
            settings,
            secrets,
            limit is null ? connector.Http.Limit : new BudgetLimit(limit.Requests, limit.Window),
            new TargetPolicy(environment.AllowLoopback, environment.AllowPlainHttp))
        {
            MoreLimits = limit?.Also.Select(l => new BudgetLimit(l.Requests, l.Window)).ToArray() ?? connector.Http.MoreLimits,
            Scopes = definition.Scopes,
            Trust = (overlay?.Trust ?? definition.Trust) is { } trust ? new SecretNameReader(bag).Read("'trust'", trust) : [],
            Written = given,
            Position = definition.Position,
            AllowFrom = overlay?.AllowFrom ?? definition.AllowFrom,
            Breaker = (overlay?.Breaker ?? definition.Breaker) is { } breaker ? new BreakerTerms(breaker.Failures, breaker.OpenFor) : BreakerTerms.Default,
        };
    }

    private (JsonElement Settings, Dictionary<string, IReadOnlyList<SecretName>> Secrets) Settings(
        ConnectionDefinition definition, Connector connector, ILookup<string, JsonCursor> given)
    {
        foreach ((string name, JsonCursor value) in given.Where(g => !connector.Settings.ContainsKey(g.Key)).SelectMany(g => g.Select(v => (g.Key, v))))
        {
            bag.Error(PipelineCodes.UnknownSetting, value.NamePosition, $"Connector '{connector.Name}' has no setting '{name}'.", Suggestion.For(name, [.. connector.Settings.Keys]));
        }
        var settings = new JsonObject();
        var secrets = new Dictionary<string, IReadOnlyList<SecretName>>();
        foreach (SettingDefinition setting in connector.Settings.Values)
        {
            JsonCursor[] values = [.. given[setting.Name]];
            if (values.Length == 0)
            {
                if (setting.Required)
                {
                    bag.Error(PipelineCodes.MissingSetting, definition.Position, $"Connection '{definition.Id}' does not give the setting '{setting.Name}'.", setting.Help);
                }
                if (setting.Type != "secret")
                {
                    settings[setting.Name] = setting.Default is { } otherwise ? JsonNode.Parse(otherwise.GetRawText()) : null;
                }
            }
            else if (setting.Type == "secret")
            {
                secrets[setting.Name] = new SecretNameReader(bag).Read($"The setting '{setting.Name}'", values[^1]);
            }
            else if (Array.TrueForAll(values, value => IsValid(setting, value)))
            {
                settings[setting.Name] = Merge(setting, values);
            }
        }
        return (JsonSerializer.SerializeToElement(settings, CompilationJson.Default.JsonObject), secrets);
    }

    private bool IsValid(SettingDefinition setting, JsonCursor value)
    {
        bool typed = setting.Type switch
        {
            "string" => value.Kind == JsonValueKind.String,
            "number" => value.Kind == JsonValueKind.Number,
            "boolean" => value.Kind is JsonValueKind.True or JsonValueKind.False,
            _ => value.Kind == JsonValueKind.Object,
        };
        if (!typed)
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"The setting '{setting.Name}' is {(setting.Type == "object" ? "an" : "a")} {setting.Type}.", setting.Help);
            return false;
        }
        if (value.Kind != JsonValueKind.String)
        {
            return true;
        }
        string text = value.Element.GetString()!;
        if (SecretNameReader.IsReference(text))
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"The setting '{setting.Name}' is not a secret and cannot take one.", "A secret here would reach logs and stored requests.");
            return false;
        }
        if (setting.Allowed.Count > 0 && !setting.Allowed.Contains(text))
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"'{text}' is not allowed for the setting '{setting.Name}'.", Suggestion.For(text, [.. setting.Allowed]));
            return false;
        }
        if (setting.Pattern is { } pattern && !Fits(text, pattern))
        {
            bag.Error(PipelineCodes.InvalidSetting, value.Position, $"The setting '{setting.Name}' does not have the form {pattern}.", setting.Help);
            return false;
        }
        return true;
    }

    private static bool Fits(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        }
        catch (RegexMatchTimeoutException)
        {
            // A value that the pattern cannot decide about in time is not one that its author had in mind.
            return false;
        }
    }

    private static JsonNode? Merge(SettingDefinition setting, JsonCursor[] values)
    {
        IEnumerable<JsonElement> layers = [.. setting.Default is { } otherwise ? [otherwise] : Array.Empty<JsonElement>(), .. values.Select(v => v.Element)];
        JsonNode? merged = null;
        foreach (JsonNode? layer in layers.Select(l => JsonNode.Parse(l.GetRawText())))
        {
            if (merged is not JsonObject below || layer is not JsonObject members)
            {
                merged = layer;
                continue;
            }
            foreach ((string name, JsonNode? member) in members)
            {
                below[name] = member?.DeepClone();
            }
        }
        return merged;
    }
}

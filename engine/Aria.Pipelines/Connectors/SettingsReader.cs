using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>settings</c>.</summary>
internal static partial class SettingsReader
{
    public static IReadOnlyDictionary<string, SettingDefinition> Read(JsonCursor root, DiagnosticBag bag)
    {
        var settings = new Dictionary<string, SettingDefinition>();
        if (root.Optional("settings") is not { } owner || !owner.IsObject(bag))
        {
            return settings;
        }
        foreach ((string name, JsonCursor value) in owner.Properties())
        {
            if (!NamePattern().IsMatch(name))
            {
                bag.Error(ConnectorCodes.Name, value.NamePosition, $"'{name}' is not a name for a setting.", "Use camelCase letters and digits, beginning with a lower-case letter.");
            }
            if (value.IsObject(bag))
            {
                settings.TryAdd(name, ReadOne(name, value, bag));
            }
        }
        return settings;
    }

    /// <summary>The same settings with their conditions, which may speak of all of them.</summary>
    public static IReadOnlyDictionary<string, SettingDefinition> WithConditions(JsonCursor root, ConnectorSource source)
    {
        var settings = new Dictionary<string, SettingDefinition>(source.Settings);
        // A condition sees whether a secret is given, never what it is.
        ConnectorSource seeing = source.WithSecrets();
        foreach (SettingDefinition setting in source.Settings.Values)
        {
            if (root.Optional("settings")!.Value.Optional(setting.Name) is { } value && value.Optional("requiredWhen") is { Kind: JsonValueKind.String } written
                && seeing.OptionalCondition(value, "requiredWhen", "settings") is { } condition)
            {
                settings[setting.Name] = setting with { RequiredWhen = new SettingNeed(condition, written.Element.GetString()!) };
            }
        }
        return settings;
    }

    private static SettingDefinition ReadOne(string name, JsonCursor value, DiagnosticBag bag)
    {
        value.AllowOnly(bag, "type", "required", "requiredWhen", "default", "pattern", "allowed", "help");
        string type = value.Required("type", bag)?.OneOf(bag, "string", "number", "boolean", "object", "secret") ?? "string";
        IReadOnlyList<string> allowed = Texts(value, "allowed", bag);
        string? pattern = value.OptionalText("pattern", bag);
        if ((pattern is not null || allowed.Count > 0) && type != "string")
        {
            bag.Error(ConnectorCodes.Setting, value.Position, $"Setting '{name}' has a pattern or allowed values, but is of type '{type}'.", "Only strings have these.");
        }
        if (pattern is not null && !IsRegex(pattern))
        {
            bag.Error(ConnectorCodes.Setting, value.Optional("pattern")!.Value.Position, $"The pattern of setting '{name}' is not a regular expression.");
        }
        if (value.Optional("requiredWhen") is { } condition && condition.Text(bag) is not null && (value.Optional("required") ?? value.Optional("default")) is not null)
        {
            bag.Error(ConnectorCodes.Contradiction, condition.Position, $"Setting '{name}' has \"requiredWhen\" beside \"required\" or \"default\".", "It is always needed, needed under a condition, or never missing: leave the others out.");
        }
        JsonElement? otherwise = value.Optional("default") is { } d && CheckDefault(name, type, allowed, d, bag) ? d.Element.Clone() : null;
        return new SettingDefinition(name, type, value.OptionalFlag("required", false, bag), otherwise, pattern, allowed, value.OptionalText("help", bag) ?? "");
    }

    private static bool CheckDefault(string name, string type, IReadOnlyList<string> allowed, JsonCursor value, DiagnosticBag bag)
    {
        if (type == "secret")
        {
            bag.Error(ConnectorCodes.Setting, value.Position, $"Secret '{name}' has a default.", "A secret comes from the connection, by reference. Remove the default.");
            return false;
        }
        bool fits = value.Kind switch
        {
            JsonValueKind.String => type == "string",
            JsonValueKind.Number => type == "number",
            JsonValueKind.True or JsonValueKind.False => type == "boolean",
            JsonValueKind.Object => type == "object",
            _ => false,
        };
        if (!fits)
        {
            bag.Error(ConnectorCodes.Setting, value.Position, $"The default of setting '{name}' is not of type '{type}'.");
            return false;
        }
        if (allowed.Count > 0 && !allowed.Contains(value.Element.GetString()!))
        {
            bag.Error(ConnectorCodes.Setting, value.Position, $"The default of setting '{name}' is not one of the allowed values.", $"Allowed: {string.Join(", ", allowed)}.");
            return false;
        }
        return true;
    }

    /// <summary>An optional array of strings.</summary>
    public static IReadOnlyList<string> Texts(JsonCursor owner, string name, DiagnosticBag bag)
    {
        if (owner.Optional(name) is not { } value || !value.IsArray(bag))
        {
            return [];
        }
        return [.. value.Items().Select(i => i.Text(bag)).OfType<string>()];
    }

    private static bool IsRegex(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromMilliseconds(250));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,63}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex NamePattern();
}

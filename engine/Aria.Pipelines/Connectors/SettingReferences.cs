using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Finds <c>settings.name</c> and <c>settings["name"]</c> in templates and their files, and checks that the setting exists and may be seen there.</summary>
internal static partial class SettingReferences
{
    /// <summary>Reports settings that are not declared, and secrets where they are not allowed.</summary>
    public static void Check(ConnectorSource source, JsonCursor cursor, bool secretsAllowed)
    {
        foreach ((string name, SourcePosition at) in Find(cursor, source.Files))
        {
            if (!source.Settings.TryGetValue(name, out SettingDefinition? setting))
            {
                source.Bag.Error(ConnectorCodes.UnknownSetting, at, $"Setting '{name}' is not declared.", Suggestion.For(name, [.. source.Settings.Keys]));
            }
            else if (setting.Type == "secret" && !secretsAllowed)
            {
                source.Bag.Error(ConnectorCodes.SecretOutsideAuth, at, $"Secret '{name}' is used outside of http.auth.",
                    "Requests, events and outputs are stored. Credentials are added to a request only while it is sent: move this into http.auth.");
            }
        }
    }

    /// <summary>Names of the secret settings that a value refers to.</summary>
    public static IEnumerable<string> Secrets(ConnectorSource source, JsonCursor cursor) =>
        Find(cursor, source.Files).Select(f => f.Name).Where(n => source.Settings.TryGetValue(n, out SettingDefinition? s) && s.Type == "secret").Distinct();

    private static IEnumerable<(string Name, SourcePosition At)> Find(JsonCursor cursor, IDefinitionFiles files)
    {
        if (cursor.Kind == JsonValueKind.String)
        {
            return Names(cursor.Element.GetString()!).Select(n => (n.Name, cursor.Position));
        }
        if (cursor.Optional("$file") is { Kind: JsonValueKind.String } file)
        {
            return InFile(file.Element.GetString()!, files);
        }
        return cursor.Optional("$literal") is not null
            ? []
            : cursor.Properties().Select(p => p.Value).Concat(cursor.Items()).SelectMany(c => Find(c, files));
    }

    private static IEnumerable<(string Name, SourcePosition At)> InFile(string name, IDefinitionFiles files)
    {
        byte[]? bytes = files.Read(name);
        if (bytes is null)
        {
            yield break;
        }
        string text = Encoding.UTF8.GetString(bytes);
        foreach ((string setting, int index) in Names(text))
        {
            int line = text.AsSpan(0, index).Count('\n') + 1;
            int column = index - text.LastIndexOf('\n', Math.Max(0, index - 1), Math.Max(0, index));
            yield return (setting, new SourcePosition(files.PathOf(name), line, line == 1 ? index + 1 : column));
        }
    }

    private static IEnumerable<(string Name, int Index)> Names(string text) =>
        Reference().Matches(text).Select(m => (m.Groups["name"].Value, m.Index));

    [GeneratedRegex("""(?<![\w.$])settings\s*(\??\.\s*|\[\s*["'])(?<name>[A-Za-z_]\w*)""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Reference();
}

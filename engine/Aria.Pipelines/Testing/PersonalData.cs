using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Testing;

/// <summary>
/// Replaces what tells who somebody is by placeholders, the same one everywhere for the same value. An object with an e-mail address is a
/// person: every text in it is replaced, but for what an event says outside of a person, such as the stage of an application or the title of
/// a job. E-mail and web addresses are replaced wherever they stand.
/// </summary>
internal sealed partial class PersonalData
{
    private readonly Dictionary<string, string> _placeholders = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _counts = [];
    private readonly HashSet<string> _impersonal = [];

    /// <summary>The same value without personal data.</summary>
    /// <param name="value">The value.</param>
    /// <param name="seen">The event as pipelines see it, where one is known: a vendor may keep stage and job of a person inside of what is about the person.</param>
    public static JsonObject Replaced(JsonObject value, JsonNode? seen = null)
    {
        var data = new PersonalData();
        data.Except(seen, "", isPerson: false);
        data.Collect(value, "", isPerson: false);
        (string From, string To)[] replacements = [.. data._placeholders
            .SelectMany(p => new[] { (p.Key, p.Value), (Uri.EscapeDataString(p.Key), Uri.EscapeDataString(p.Value)) })
            .Distinct()
            .OrderByDescending(p => p.Item1.Length)];
        return (JsonObject)Replace(value, replacements)!;
    }

    private void Except(JsonNode? node, string path, bool isPerson)
    {
        switch (node)
        {
            case JsonObject members:
                bool person = isPerson || IsPerson(members);
                foreach ((string name, JsonNode? value) in members)
                {
                    Except(value, $"{path}/{name}", person);
                }
                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Except(item, path, isPerson);
                }
                break;
            case JsonValue scalar when scalar.TryGetValue(out string? text) && (!isPerson || Harmless().IsMatch(path)):
                _impersonal.Add(text);
                break;
        }
    }

    private static bool IsPerson(JsonObject members) => members.Any(m => m.Key.Contains("mail", StringComparison.OrdinalIgnoreCase));

    private void Collect(JsonNode? node, string path, bool isPerson)
    {
        switch (node)
        {
            case JsonObject members:
                bool person = isPerson || IsPerson(members);
                foreach ((string name, JsonNode? value) in members)
                {
                    Collect(value, $"{path}/{name}", person);
                }
                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Collect(item, path, isPerson);
                }
                break;
            case JsonValue scalar when scalar.TryGetValue(out string? text):
                Collect(text, path, isPerson);
                break;
        }
    }

    private void Collect(string text, string path, bool isPerson)
    {
        foreach (Match match in WebAddress().Matches(text))
        {
            Hold(match.Value, "url", n => $"https://example.com/{n}");
        }
        foreach (Match match in MailAddress().Matches(text))
        {
            Hold(match.Value, "email", n => $"person{n}@example.com");
        }
        if (!isPerson || text.Length < 2 || _impersonal.Contains(text) || WebAddress().IsMatch(text) || MailAddress().IsMatch(text) || Harmless().IsMatch(path) || Moment().IsMatch(text))
        {
            return;
        }
        if (path.Contains("phone", StringComparison.OrdinalIgnoreCase) || path.Contains("mobile", StringComparison.OrdinalIgnoreCase))
        {
            Hold(text, "phone", n => $"+1-555-01{n.PadLeft(2, '0')}");
        }
        else if (path.EndsWith("name", StringComparison.OrdinalIgnoreCase))
        {
            // A full name is made of its parts, so that it stays their sum.
            foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(p => p.Length > 1))
            {
                Hold(part, "name", n => $"Name{n}");
            }
        }
        else
        {
            Hold(text, "text", n => $"Text {n}");
        }
    }

    private void Hold(string value, string kind, Func<string, string> placeholder)
    {
        if (!_placeholders.ContainsKey(value))
        {
            int number = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            _placeholders[value] = placeholder(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static JsonNode? Replace(JsonNode? node, (string From, string To)[] replacements) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Replace(m.Value, replacements)))),
        JsonArray items => new JsonArray([.. items.Select(i => Replace(i, replacements))]),
        JsonValue scalar when scalar.TryGetValue(out string? text) => Replace(text, replacements),
        _ => node?.DeepClone(),
    };

    /// <summary>One pass from left to right, the longest value first, so that a placeholder is never replaced in turn.</summary>
    private static string Replace(string text, (string From, string To)[] replacements)
    {
        var result = new System.Text.StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            (string From, string To) found = Array.Find(replacements, r => StandsAt(text, i, r.From));
            result.Append(found.To ?? text[i].ToString());
            i += found.From?.Length ?? 1;
        }
        return result.ToString();
    }

    private static bool StandsAt(string text, int index, string value) =>
        string.Compare(text, index, value, 0, value.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (index == 0 || !char.IsLetterOrDigit(text[index - 1]) || !char.IsLetterOrDigit(value[0]))
        && (index + value.Length >= text.Length || !char.IsLetterOrDigit(text[index + value.Length]) || !char.IsLetterOrDigit(value[^1]));

    [GeneratedRegex("""https?://[^\s"'<>]+""", RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"[^\s@<>""',;:()]+@[^\s@<>""',;:()]+\.[^\s@<>""',;:()]+", RegexOptions.None, 10_000)]
    private static partial Regex MailAddress();

    // What identifies a record or says what kind it is is needed to play the case, and says nothing of a person by itself.
    [GeneratedRegex(@"(?:/id|_id|Id|/type|/status|/kind|_at|_date|/action|/event|/visibility)$", RegexOptions.None, 10_000)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$", RegexOptions.None, 10_000)]
    private static partial Regex Moment();
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Records;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary>A small part of Lucene's syntax: <c>field:value</c> and <c>field:"a text"</c> joined by AND, with a backslash before what would have a meaning.</summary>
internal static class Lucene
{
    private const string Joint = "AND ";

    public static Func<Record, bool> Read(string query, EntityType type)
    {
        var conditions = new List<Func<Record, bool>>();
        int at = 0;
        do
        {
            int colon = query.IndexOf(':', at);
            string name = colon < 0 ? "" : query[at..colon];
            Field field = type.Fields.GetValueOrDefault(name) ?? throw Wrong($"'{name}' is not in the index of {type.Name}");
            at = colon + 1;
            string value = Value(query, ref at);
            conditions.Add(r => Matches(r.Values[field.Name], value));
            while (at < query.Length && query[at] == ' ')
            {
                at++;
            }
            if (at < query.Length && string.CompareOrdinal(query, at, Joint, 0, Joint.Length) != 0)
            {
                throw Wrong($"'{query[at..]}' is not expected");
            }
            at += at < query.Length ? Joint.Length : 0;
        }
        while (at < query.Length);
        return r => conditions.TrueForAll(c => c(r));
    }

    private static string Value(string query, ref int at)
    {
        bool quoted = at < query.Length && query[at] == '"';
        var value = new StringBuilder();
        for (at += quoted ? 1 : 0; at < query.Length; at++)
        {
            char c = query[at];
            if (c == '\\' && at + 1 < query.Length)
            {
                value.Append(query[++at]);
            }
            else if (quoted ? c == '"' : c == ' ')
            {
                at += quoted ? 1 : 0;
                return value.ToString();
            }
            else if (!quoted && c is ':' or '"' or '(' or ')' or '[' or '{' or '*' or '?' or '~' or '^')
            {
                throw Wrong($"'{c}' has a meaning and is not marked by a backslash");
            }
            else
            {
                value.Append(c);
            }
        }
        return quoted ? throw Wrong("a text is not closed") : value.ToString();
    }

    private static bool Matches(JsonNode? found, string value) => found?.GetValueKind() switch
    {
        JsonValueKind.String => found.GetValue<string>().Equals(value, StringComparison.OrdinalIgnoreCase),
        JsonValueKind.True => value is "true" or "1",
        JsonValueKind.False => value is "false" or "0",
        JsonValueKind.Number => found.ToJsonString() == value,
        _ => false,
    };

    private static Serving.RefusedException Wrong(string what) => Refusal.With(400, $"Bad query: {what}.");
}

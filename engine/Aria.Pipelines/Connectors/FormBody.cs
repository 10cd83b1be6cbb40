using System.Text;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Connectors;

/// <summary>Makes JSON of a form (<c>application/x-www-form-urlencoded</c>).</summary>
internal static class FormBody
{
    // As many as a framework that reads forms allows.
    private const int MaxFields = 1024;

    /// <summary>The form as an object; null for what is JSON already (a sample, or what is stored), is no form, or holds fields that are not the JSON they should be.</summary>
    public static ReadOnlyMemory<byte>? Read(FormDefinition form, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty || StrictJson.Read(body).Code is null)
        {
            return null;
        }
        var members = new JsonObject();
        string[] pairs = Encoding.UTF8.GetString(body.Span).Split('&', MaxFields + 1);
        if (pairs.Length > MaxFields)
        {
            return null;
        }
        foreach (string pair in pairs)
        {
            string[] parts = pair.Split('=', 2);
            if (parts.Length < 2)
            {
                return null;
            }
            string name = Text(parts[0]);
            string text = Text(parts[1]);
            JsonNode? value = JsonValue.Create(text);
            if (form.Json.Contains(name))
            {
                StrictJson json = StrictJson.Read(Encoding.UTF8.GetBytes(text));
                if (json.Code is not null)
                {
                    return null;
                }
                value = ConnectorJson.ToNode(json.Root);
            }
            Add(members, name, value);
        }
        return ConnectorJson.ToBytes(members);
    }

    private static void Add(JsonObject members, string name, JsonNode? value)
    {
        if (!members.TryGetPropertyValue(name, out JsonNode? before))
        {
            members[name] = value;
        }
        else if (before is JsonArray list)
        {
            list.Add(value);
        }
        else
        {
            members[name] = new JsonArray(before?.DeepClone(), value);
        }
    }

    private static string Text(string coded) => Uri.UnescapeDataString(coded.Replace('+', ' '));
}

using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Records;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary>The <c>fields</c> parameter: names, with those of an association in parentheses.</summary>
internal sealed class FieldList
{
    private readonly List<(Field Field, FieldList? Within)> _fields = [];

    /// <summary>Reads the parameter for a type; refuses what the type does not have, and <c>*</c>.</summary>
    public static FieldList Read(string text, EntityType type)
    {
        int at = 0;
        FieldList list = Read(text, type, ref at);
        return text.Length > 0 && at == text.Length ? list : throw Refusal.With(400, "The parameter fields is missing or cannot be read.");
    }

    /// <summary>A record with these fields; its id is always there.</summary>
    public JsonObject Of(Record record, RecordBook book)
    {
        var shown = new JsonObject { ["id"] = record.Id };
        foreach ((Field field, FieldList? within) in _fields)
        {
            shown[field.Name] = field.Kind == FieldKind.ToOne && record.To(field.Name) is { } id && book.Find(field.Of!, id) is { } target
                ? within?.Of(target, book) ?? new JsonObject { ["id"] = id }
                : record.Values[field.Name]?.DeepClone();
        }
        return shown;
    }

    private static FieldList Read(string text, EntityType type, ref int at)
    {
        var list = new FieldList();
        do
        {
            int from = at;
            while (at < text.Length && text[at] is not (',' or '(' or ')'))
            {
                at++;
            }
            string name = text[from..at].Trim();
            Field field = type.Fields.GetValueOrDefault(name) ?? throw Refusal.With(400, $"Invalid field '{name}' of {type.Name}.");
            FieldList? within = null;
            if (at < text.Length && text[at] == '(')
            {
                at++;
                within = field.Of is { } target ? Read(text, EntityType.All[target], ref at) : throw Refusal.With(400, $"Field '{name}' has no fields.");
                if (at >= text.Length || text[at++] != ')')
                {
                    throw Refusal.With(400, "A parenthesis in fields is not closed.");
                }
            }
            list._fields.Add((field, within));
        }
        while (at < text.Length && text[at] == ',' && ++at > 0);
        return list;
    }
}

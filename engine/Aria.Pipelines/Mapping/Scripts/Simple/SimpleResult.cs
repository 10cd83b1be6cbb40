using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>Makes JSON of a simple script's result, just as <see cref="ScriptOutput"/> does of the engine's.</summary>
internal static class SimpleResult
{
    /// <summary>Whether the result becomes JSON without a question. What is in it more than once is looked at, and counted, as often.</summary>
    public static bool IsSure(SimpleFrame frame, object? value) => !ReferenceEquals(value, SimpleValues.Undefined) && IsSure(frame, value, 0);

    public static JsonNode? Convert(object? value, Evaluation evaluation)
    {
        switch (value)
        {
            case bool flag:
                return evaluation.Flag(flag);
            case double number:
                return evaluation.Number(number);
            case object?[] items:
                var list = new JsonArray();
                foreach (object? item in items)
                {
                    evaluation.Spend(1);
                    list.Add(Convert(item, evaluation));
                }
                return list;
            case OrderedDictionary<string, object?> members:
                var made = new JsonObject();
                foreach ((string name, object? member) in members)
                {
                    if (!ReferenceEquals(member, SimpleValues.Undefined))
                    {
                        evaluation.Spend(name.Length);
                        made[name] = Convert(member, evaluation);
                    }
                }
                return made;
            case JsonElement element:
                return Convert(element, evaluation);
            default:
                return evaluation.Text(value as string);
        }
    }

    private static JsonNode? Convert(JsonElement element, Evaluation evaluation)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    evaluation.Spend(1);
                    list.Add(Convert(item, evaluation));
                }
                return list;
            case JsonValueKind.Object:
                var made = new JsonObject();
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    evaluation.Spend(member.Name.Length);
                    made[member.Name] = Convert(member.Value, evaluation);
                }
                return made;
            case JsonValueKind.Number:
                return evaluation.Number(element.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return evaluation.Flag(element.GetBoolean());
            default:
                return evaluation.Text(element.GetString());
        }
    }

    private static bool IsSure(SimpleFrame frame, object? value, int depth) => value switch
    {
        _ when depth > MappingLimits.Depth || !frame.TrySpend(1) => false,
        object?[] items => Array.TrueForAll(items, i => IsSure(frame, i, depth + 1)),
        OrderedDictionary<string, object?> members => members.All(m => IsSure(frame, m.Value, depth + 1)),
        JsonElement element => IsSure(frame, element, depth),
        _ => true,
    };

    private static bool IsSure(SimpleFrame frame, JsonElement element, int depth) => element.ValueKind switch
    {
        _ when depth > MappingLimits.Depth || !frame.TrySpend(1) => false,
        JsonValueKind.Array => element.GetArrayLength() <= MappingLimits.ArrayLength && element.EnumerateArray().All(i => IsSure(frame, i, depth + 1)),
        JsonValueKind.Object => element.EnumerateObject().All(m => SimpleValues.IsOwnName(m.Name) && IsSure(frame, m.Value, depth + 1)),
        JsonValueKind.Number => SimpleValues.IsExact(element.GetDouble()),
        _ => true,
    };
}

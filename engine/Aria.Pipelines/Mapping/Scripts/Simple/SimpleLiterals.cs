using System.Text;
using System.Text.Json;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>A template literal, or texts with plus between them.</summary>
/// <param name="parts">What it is made of.</param>
/// <param name="needsText">True for plus: it adds numbers when neither side is a text.</param>
internal sealed class SimpleText(IReadOnlyList<SimpleNode> parts, bool needsText) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = null;
        var text = new StringBuilder();
        bool hasText = !needsText;
        foreach (SimpleNode part in parts)
        {
            if (!part.TryEvaluate(frame, out object? found) || !SimpleValues.TryText(found, out string? piece) || !frame.TrySpend(piece.Length))
            {
                return false;
            }
            hasText |= found is string;
            text.Append(piece);
        }
        value = text.ToString();
        return hasText;
    }
}

/// <summary>A list; items with three dots before them are lists that are put in.</summary>
internal sealed class SimpleList(IReadOnlyList<SimpleEntry> entries) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = null;
        var items = new List<object?>(entries.Count);
        foreach (SimpleEntry entry in entries)
        {
            if (!entry.Value.TryEvaluate(frame, out object? found))
            {
                return false;
            }
            if (!entry.IsSpread)
            {
                items.Add(found);
            }
            else if (SimpleValues.TryList(frame, found, out object?[]? more))
            {
                items.AddRange(more);
            }
            else
            {
                return false;
            }
        }
        value = items.ToArray();
        return items.Count <= MappingLimits.ArrayLength;
    }
}

/// <summary>An object; entries with three dots before them are objects whose members are put in.</summary>
internal sealed class SimpleObject(IReadOnlyList<SimpleEntry> entries) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        var made = new OrderedDictionary<string, object?>(entries.Count);
        value = made;
        foreach (SimpleEntry entry in entries)
        {
            if (!entry.Value.TryEvaluate(frame, out object? found) || (entry.IsSpread && !TrySpread(frame, made, found)))
            {
                return false;
            }
            if (!entry.IsSpread)
            {
                made[entry.Name] = found;
            }
        }
        return true;
    }

    private static bool TrySpread(SimpleFrame frame, OrderedDictionary<string, object?> made, object? found)
    {
        switch (found)
        {
            case OrderedDictionary<string, object?> members:
                foreach ((string name, object? value) in members)
                {
                    made[name] = value;
                }
                return frame.TrySpend(members.Count);
            case JsonElement { ValueKind: JsonValueKind.Object } members:
                foreach (JsonProperty member in members.EnumerateObject())
                {
                    if (!SimpleValues.IsOwnName(member.Name) || !SimpleValues.TryRead(frame, member.Value, out object? value) || !frame.TrySpend(1))
                    {
                        return false;
                    }
                    made[member.Name] = value;
                }
                return true;
            default:
                return SimpleValues.IsNothing(found) || found is bool;
        }
    }
}

/// <summary>One entry of a list or an object.</summary>
/// <param name="Name">Of the member; empty in lists and when it is spread.</param>
/// <param name="Value">What it holds.</param>
/// <param name="IsSpread">True with three dots.</param>
internal sealed record SimpleEntry(string Name, SimpleNode Value, bool IsSpread);

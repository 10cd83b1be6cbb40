using System.Text.Json;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>One link of a chain: a member, an item, or a call of a method. A question mark before it ends the chain where there is nothing.</summary>
/// <param name="target">What it is a link of.</param>
/// <param name="isOptional">True with a question mark.</param>
internal abstract class SimpleLink(SimpleNode target, bool isOptional) : SimpleNode
{
    public sealed override bool TryEvaluate(SimpleFrame frame, out object? value) => TryLink(frame, out value, out _);

    /// <param name="frame">The evaluation.</param>
    /// <param name="owner">What the link is of; neither null nor undefined.</param>
    /// <param name="value">What is found.</param>
    /// <returns>False when the engine has to decide.</returns>
    protected abstract bool TryFollow(SimpleFrame frame, object owner, out object? value);

    private bool TryLink(SimpleFrame frame, out object? value, out bool isCut)
    {
        isCut = false;
        bool isKnown = target is SimpleLink before ? before.TryLink(frame, out value, out isCut) : target.TryEvaluate(frame, out value);
        if (!isKnown || isCut)
        {
            return isKnown;
        }
        if (SimpleValues.IsNothing(value))
        {
            // The chain ends here; without the question mark it is an error, which the engine words.
            value = SimpleValues.Undefined;
            isCut = isOptional;
            return isCut;
        }
        return TryFollow(frame, value, out value);
    }
}

/// <summary>A member by its name.</summary>
internal sealed class SimpleMember(SimpleNode target, bool isOptional, string name) : SimpleLink(target, isOptional)
{
    /// <summary>A member of an object; its name is none that all objects have.</summary>
    public static bool TryFind(SimpleFrame frame, object owner, string name, out object? value)
    {
        value = SimpleValues.Undefined;
        switch (owner)
        {
            case JsonElement { ValueKind: JsonValueKind.Object } members:
                return frame.TrySpend(members.GetPropertyCount()) && (!members.TryGetProperty(name, out JsonElement found) || SimpleValues.TryRead(frame, found, out value));
            case OrderedDictionary<string, object?> made:
                if (made.TryGetValue(name, out object? member))
                {
                    value = member;
                }
                return true;
            default:
                return false;
        }
    }

    protected override bool TryFollow(SimpleFrame frame, object owner, out object? value)
    {
        if (name == "length" && Length(owner) is { } length)
        {
            value = (double)length;
            return true;
        }
        return TryFind(frame, owner, name, out value);
    }

    private static int? Length(object owner) => owner switch
    {
        string text => text.Length,
        object?[] items => items.Length,
        JsonElement { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        _ => null,
    };
}

/// <summary>An item by its number, or a member by a name that is computed.</summary>
internal sealed class SimpleIndex(SimpleNode target, bool isOptional, SimpleNode key) : SimpleLink(target, isOptional)
{
    protected override bool TryFollow(SimpleFrame frame, object owner, out object? value)
    {
        if (!key.TryEvaluate(frame, out value))
        {
            return false;
        }
        return value switch
        {
            // Half a character is in no name that JSON can hold, and asking for it throws.
            string name => SimpleValues.IsOwnName(name) && !name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && SimpleMember.TryFind(frame, owner, name, out value),
            double number when double.IsInteger(number) && number >= 0 => TryItem(frame, owner, number, out value),
            _ => false,
        };
    }

    private static bool TryItem(SimpleFrame frame, object owner, double number, out object? value)
    {
        value = SimpleValues.Undefined;
        switch (owner)
        {
            case JsonElement { ValueKind: JsonValueKind.Array } list:
                return number >= list.GetArrayLength() || (frame.TrySpend((int)number) && SimpleValues.TryRead(frame, list[(int)number], out value));
            case object?[] items:
                value = number < items.Length ? items[(int)number] : value;
                return true;
            default:
                return false;
        }
    }
}

using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>
/// JavaScript's values here: <see cref="Undefined"/>, null, a bool, double or string, the JSON of an object or list that came from outside, and what
/// the script made itself: an array of values, or an <see cref="OrderedDictionary{TKey, TValue}"/> of members. None of them ever changes.
/// </summary>
internal static class SimpleValues
{
    public static readonly object Undefined = new();

    private const double MaxSafeInteger = 9007199254740991;

    // Members that every object has through its prototype.
    private static readonly FrozenSet<string> Inherited = new[]
    {
        "constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
        "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a name is that of an object's own member only. JavaScript reorders names that are numbers, so those are left to it.</summary>
    public static bool IsOwnName(string name) => !Inherited.Contains(name) && !(name.Length > 0 && char.IsAsciiDigit(name[0]));

    public static bool IsNothing([NotNullWhen(false)] object? value) => value is null || ReferenceEquals(value, Undefined);

    public static bool IsPrimitive(object? value) => value is null or bool or double or string || ReferenceEquals(value, Undefined);

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        double number => number != 0,
        _ => !ReferenceEquals(value, Undefined),
    };

    /// <returns>False for a number that scripts see as a text or an error, and for a list they may not see.</returns>
    public static bool TryRead(SimpleFrame frame, JsonElement element, out object? value)
    {
        value = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            JsonValueKind.Number => element.GetDouble(),
            _ => element,
        };
        return value switch
        {
            double number => IsExact(number),
            JsonElement { ValueKind: JsonValueKind.Array } => HasVisibleLength(frame, element),
            _ => true,
        };
    }

    /// <summary>Whether a number of the JSON is the same number in a script.</summary>
    public static bool IsExact(double number) => Math.Abs(number) <= MaxSafeInteger;

    /// <summary>The items of a list.</summary>
    public static bool TryList(SimpleFrame frame, object? value, [NotNullWhen(true)] out object?[]? items)
    {
        items = value as object?[];
        if (value is not JsonElement { ValueKind: JsonValueKind.Array } list)
        {
            return items is not null && frame.TrySpend(items.Length);
        }
        items = new object?[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (!TryRead(frame, item, out items[i++]))
            {
                return false;
            }
        }
        return frame.TrySpend(items.Length);
    }

    /// <summary>The value as JavaScript writes it into a text. Fractions are left to the engine, as are objects and lists.</summary>
    public static bool TryText(object? value, [NotNullWhen(true)] out string? text)
    {
        text = value switch
        {
            string own => own,
            null => "null",
            bool flag => flag ? "true" : "false",
            double number when double.IsInteger(number) && IsExact(number) => ((long)number).ToString(CultureInfo.InvariantCulture),
            _ => ReferenceEquals(value, Undefined) ? "undefined" : null,
        };
        return text is not null;
    }

    // A list is given to a script with the lists that are its items.
    private static bool HasVisibleLength(SimpleFrame frame, JsonElement list) =>
        list.GetArrayLength() <= MappingLimits.ArrayLength && frame.TrySpend(list.GetArrayLength())
        && !list.EnumerateArray().Any(i => i.ValueKind == JsonValueKind.Array && !HasVisibleLength(frame, i));
}

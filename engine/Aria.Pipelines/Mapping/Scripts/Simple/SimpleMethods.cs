using System.Text;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>Methods of texts and lists that take values.</summary>
internal static class SimpleMethods
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "endsWith", "includes", "join", "slice", "startsWith", "toLowerCase", "trim",
    };

    public static bool TryText(SimpleFrame frame, string text, string name, object?[] arguments, out object? value)
    {
        value = null;
        if (!frame.TrySpend(text.Length))
        {
            return false;
        }
        value = (name, arguments) switch
        {
            ("trim", []) => Trim(text),
            ("toLowerCase", []) when Ascii.IsValid(text) => text.ToLowerInvariant(),
            ("startsWith", [string start]) => text.StartsWith(start, StringComparison.Ordinal),
            ("endsWith", [string end]) => text.EndsWith(end, StringComparison.Ordinal),
            ("includes", [string part]) => text.Contains(part, StringComparison.Ordinal),
            ("slice", [double from]) when IsWhole(from) => Slice(text, from, text.Length),
            ("slice", [double from, double to]) when IsWhole(from) && IsWhole(to) => Slice(text, from, to),
            _ => null,
        };
        return value is not null;
    }

    public static bool TryList(SimpleFrame frame, object?[] items, string name, object?[] arguments, out object? value)
    {
        value = null;
        switch (name, arguments)
        {
            case ("join", []):
                return TryJoin(frame, items, ",", out value);
            case ("join", [string separator]):
                return TryJoin(frame, items, separator, out value);
            case ("includes", [var sought]) when SimpleValues.IsPrimitive(sought):
                value = Array.Exists(items, i => Equals(i, sought));
                return true;
            default:
                return false;
        }
    }

    private static bool TryJoin(SimpleFrame frame, object?[] items, string separator, out object? value)
    {
        value = null;
        var text = new StringBuilder();
        for (int i = 0; i < items.Length; i++)
        {
            string? piece = "";
            if ((!SimpleValues.IsNothing(items[i]) && !SimpleValues.TryText(items[i], out piece)) || !frame.TrySpend(piece.Length + separator.Length))
            {
                return false;
            }
            text.Append(i > 0 ? separator : "").Append(piece);
        }
        value = text.ToString();
        return true;
    }

    private static string Slice(string text, double from, double to)
    {
        int start = Place(from, text.Length);
        int end = Place(to, text.Length);
        return start < end ? text[start..end] : "";
    }

    private static int Place(double index, int length) => (int)Math.Clamp(index < 0 ? length + index : index, 0, length);

    private static bool IsWhole(double number) => double.IsInteger(number);

    private static string Trim(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }
        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }
        return text[start..end];
    }

    // ECMA-262 12.2 and 12.3: the byte order mark counts, the control character 'next line' does not.
    private static bool IsSpace(char c) => c == '\uFEFF' || (char.IsWhiteSpace(c) && c != '\u0085');
}

using System.Globalization;
using System.Text;

namespace Aria.Pipelines.Schemas;

/// <summary>A set of code points: what <c>[…]</c>, <c>\d</c> and <c>\p{…}</c> stand for.</summary>
internal sealed class EcmaClass
{
    private const int Last = 0x10FFFF;

    private static readonly (int, int)[] Digits = [('0', '9')];
    private static readonly (int, int)[] Words = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    private static readonly (int, int)[] Spaces =
    [
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
        (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ];

    private static readonly Dictionary<string, string> Categories = new()
    {
        ["Letter"] = "L", ["Uppercase_Letter"] = "Lu", ["Lowercase_Letter"] = "Ll", ["Titlecase_Letter"] = "Lt", ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo", ["Mark"] = "M", ["Nonspacing_Mark"] = "Mn", ["Spacing_Mark"] = "Mc", ["Enclosing_Mark"] = "Me",
        ["Number"] = "N", ["Decimal_Number"] = "Nd", ["digit"] = "Nd", ["Letter_Number"] = "Nl", ["Other_Number"] = "No",
        ["Punctuation"] = "P", ["punct"] = "P", ["Connector_Punctuation"] = "Pc", ["Dash_Punctuation"] = "Pd", ["Open_Punctuation"] = "Ps",
        ["Close_Punctuation"] = "Pe", ["Initial_Punctuation"] = "Pi", ["Final_Punctuation"] = "Pf", ["Other_Punctuation"] = "Po",
        ["Symbol"] = "S", ["Math_Symbol"] = "Sm", ["Currency_Symbol"] = "Sc", ["Modifier_Symbol"] = "Sk", ["Other_Symbol"] = "So",
        ["Separator"] = "Z", ["Space_Separator"] = "Zs", ["Line_Separator"] = "Zl", ["Paragraph_Separator"] = "Zp",
        ["Other"] = "C", ["Control"] = "Cc", ["Format"] = "Cf", ["Private_Use"] = "Co", ["Unassigned"] = "Cn",
    };

    private readonly List<(int Low, int High)> _ranges = [];
    private readonly StringBuilder _categories = new();
    private bool _negated;

    /// <summary>Reads <c>\d \D \w \W \s \S \p{…} \P{…}</c> at a position, which then moves behind it; null when something else is there.</summary>
    public static EcmaClass? TryShorthand(string pattern, ref int at)
    {
        char letter = pattern[at + 1];
        if (!IsShorthand(letter))
        {
            return null;
        }
        at += 2;
        var set = new EcmaClass();
        switch (char.ToLowerInvariant(letter))
        {
            case 'd':
                set._ranges.AddRange(Digits);
                break;
            case 'w':
                set._ranges.AddRange(Words);
                break;
            case 's':
                set._ranges.AddRange(Spaces);
                break;
            default:
                set._categories.Append(CultureInfo.InvariantCulture, $"\\{letter}{{{PropertyName(pattern, ref at)}}}");
                return letter == 'P' ? set.WithAllBeyondBmp() : set;
        }
        return char.IsUpper(letter) ? set.Complement() : set;
    }

    public static bool IsShorthand(char letter) => letter is 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'p' or 'P';

    public void Add(int low, int high) => _ranges.Add((low, high));

    public void Add(EcmaClass other)
    {
        _ranges.AddRange(other._ranges);
        _categories.Append(other._categories);
    }

    /// <summary>Everything outside the set.</summary>
    public EcmaClass Negate()
    {
        _negated = true;
        return this;
    }

    /// <summary>The set for .NET, which sees characters beyond U+FFFF as two.</summary>
    public string ToRegex()
    {
        string bmp = BmpPart();
        List<(int Low, int High)> beyond = [.. (_negated ? Complement()._ranges : _ranges).Where(r => r.High > char.MaxValue)];
        List<string> choices = [];
        if (_negated)
        {
            choices.Add($@"[^{bmp}\uD800-\uDFFF]");
        }
        else if (bmp.Length > 0)
        {
            choices.Add($"[{bmp}]");
        }
        foreach ((int low, int high) in beyond)
        {
            choices.AddRange(Pairs(Math.Max(low, 0x10000), high));
        }
        return choices.Count switch
        {
            0 => "(?!)",
            1 => choices[0],
            _ => $"(?:{string.Join('|', choices)})",
        };
    }

    private string BmpPart()
    {
        var text = new StringBuilder();
        foreach ((int low, int high) in _ranges.Where(r => r.Low <= char.MaxValue))
        {
            int end = Math.Min(high, char.MaxValue);
            if (low < 0xD800 && end > 0xDFFF)
            {
                text.Append(CultureInfo.InvariantCulture, $@"\u{low:X4}-\uD7FF\uE000-\u{end:X4}");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $@"\u{low:X4}-\u{end:X4}");
            }
        }
        return text.Append(_categories).ToString();
    }

    private EcmaClass WithAllBeyondBmp()
    {
        Add(0x10000, Last);
        return this;
    }

    private EcmaClass Complement()
    {
        var rest = new EcmaClass();
        int next = 0;
        foreach ((int low, int high) in _ranges.Order())
        {
            if (low > next)
            {
                rest.Add(next, low - 1);
            }
            next = Math.Max(next, high + 1);
        }
        if (next <= Last)
        {
            rest.Add(next, Last);
        }
        return rest;
    }

    private static IEnumerable<string> Pairs(int low, int high)
    {
        while (low <= high)
        {
            int offset = low - 0x10000;
            bool wholeRows = offset % 0x400 == 0 && high - low >= 0x3FF;
            int end = wholeRows ? low + (((high - low + 1) / 0x400) * 0x400) - 1 : Math.Min(high, low | 0x3FF);
            string first = char.ConvertFromUtf32(low);
            string last = char.ConvertFromUtf32(end);
            yield return string.Create(CultureInfo.InvariantCulture, $@"[\u{(int)first[0]:X4}-\u{(int)last[0]:X4}][\u{(int)first[1]:X4}-\u{(int)last[1]:X4}]");
            low = end + 1;
        }
    }

    private static string PropertyName(string pattern, ref int at)
    {
        int end = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        if (end < 0)
        {
            throw new FormatException("'\\p' needs a name, as in '\\p{Letter}'");
        }
        string name = pattern[(at + 1)..end];
        at = end + 1;
        name = name.StartsWith("General_Category=", StringComparison.Ordinal) ? name[17..] : name.StartsWith("gc=", StringComparison.Ordinal) ? name[3..] : name;
        return Categories.TryGetValue(name, out string? known) ? known
            : Categories.ContainsValue(name) ? name
            : throw new FormatException($"the property '{name}' of '\\p' is not supported; use a general category such as 'Letter' or 'Nd'");
    }
}

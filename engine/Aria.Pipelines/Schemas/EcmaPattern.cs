using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Schemas;

/// <summary>
/// Rewrites a regular expression of ECMA-262 (with its "u" flag, as JSON Schema advises) for .NET, whose classes,
/// anchors and characters beyond U+FFFF differ: <c>\d</c> is ASCII, <c>$</c> is the very end, <c>.</c> takes a whole code point.
/// </summary>
internal sealed class EcmaPattern
{
    private const string Word = "[A-Za-z0-9_]";
    private static readonly string[] GroupStarts = ["(?:", "(?=", "(?!", "(?<"];

    private readonly string _pattern;
    private readonly StringBuilder _out = new();
    private int _at;

    private EcmaPattern(string pattern) => _pattern = pattern;

    /// <summary>Makes the regular expression; it matches anywhere in a text and gives up after the time limit.</summary>
    /// <param name="pattern">As written in the schema.</param>
    /// <param name="timeout">The time limit of one match.</param>
    /// <param name="regex">The regular expression, null when the pattern is not valid.</param>
    /// <param name="problem">What is wrong with the pattern, null when it is valid.</param>
    public static bool TryCreate(
        string pattern, TimeSpan timeout, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? problem)
    {
        regex = null;
        try
        {
            regex = Construct(new EcmaPattern(pattern).Rewrite(), timeout);
            problem = null;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            problem = e is RegexParseException parse ? ReasonOf(parse) : e.Message;
            return false;
        }
    }

    private static Regex Construct(string rewritten, TimeSpan timeout)
    {
        try
        {
            // Takes time in proportion to the text, whatever the pattern.
            return new Regex(rewritten, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, timeout);
        }
        catch (NotSupportedException)
        {
            // It looks around, refers back, or counts too far: only the backtracking engine can do that, under its time limit.
            return new Regex(rewritten, RegexOptions.CultureInvariant, timeout);
        }
    }

    private static string ReasonOf(RegexParseException e) =>
        string.Concat(e.Error.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString().ToLowerInvariant()));

    private string Rewrite()
    {
        while (_at < _pattern.Length)
        {
            char c = _pattern[_at];
            switch (c)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    Group();
                    break;
                case '$':
                    Take("\\z");
                    break;
                case '.':
                    Take(@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\n\r\u2028\u2029\uD800-\uDFFF])");
                    break;
                default:
                    Character();
                    break;
            }
        }
        return _out.ToString();
    }

    private void Take(string rewritten)
    {
        _at++;
        _out.Append(rewritten);
    }

    private void Character()
    {
        int point = NextCodePoint();
        _out.Append(point > char.MaxValue ? $"(?:{char.ConvertFromUtf32(point)})" : ((char)point).ToString());
    }

    private void Group()
    {
        bool plain = _at + 1 >= _pattern.Length || _pattern[_at + 1] != '?';
        string rest = _pattern[_at..];
        bool known = plain || GroupStarts.Any(start => rest.StartsWith(start, StringComparison.Ordinal));
        Take(known ? "(" : throw new FormatException("groups of this kind are not part of ECMA regular expressions"));
    }

    private void Escape()
    {
        char c = PeekEscape();
        if (c is 'b' or 'B')
        {
            _at++;
            Take(c == 'b' ? $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))" : $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))");
        }
        else if (c is 'k' or (>= '1' and <= '9'))
        {
            _at++;
            Take($"\\{c}");
        }
        else if (EcmaClass.TryShorthand(_pattern, ref _at) is { } shorthand)
        {
            _out.Append(shorthand.ToRegex());
        }
        else
        {
            int point = NextEscapedCodePoint();
            _out.Append(point > char.MaxValue ? $"(?:{char.ConvertFromUtf32(point)})" : string.Create(CultureInfo.InvariantCulture, $"\\u{point:X4}"));
        }
    }

    private void Class()
    {
        _at++;
        bool negated = _at < _pattern.Length && _pattern[_at] == '^';
        _at += negated ? 1 : 0;
        var set = new EcmaClass();
        while (_at < _pattern.Length && _pattern[_at] != ']')
        {
            ClassMember(set);
        }
        if (_at >= _pattern.Length)
        {
            throw new FormatException("a '[' has no ']'");
        }
        _at++;
        _out.Append((negated ? set.Negate() : set).ToRegex());
    }

    private void ClassMember(EcmaClass set)
    {
        if (_pattern[_at] == '\\' && PeekEscape() != 'b' && EcmaClass.TryShorthand(_pattern, ref _at) is { } shorthand)
        {
            set.Add(shorthand);
            return;
        }
        int low = ClassCodePoint();
        bool range = _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']';
        if (!range)
        {
            set.Add(low, low);
            return;
        }
        _at++;
        if (_pattern[_at] == '\\' && EcmaClass.IsShorthand(PeekEscape()))
        {
            // In [a-\d] the hyphen is itself.
            set.Add(low, low);
            set.Add('-', '-');
            return;
        }
        int high = ClassCodePoint();
        set.Add(low, high >= low ? high : throw new FormatException("a range in '[…]' runs backwards"));
    }

    private int ClassCodePoint()
    {
        if (_pattern[_at] != '\\')
        {
            return NextCodePoint();
        }
        if (PeekEscape() != 'b')
        {
            return NextEscapedCodePoint();
        }
        _at += 2;
        return '\b';
    }

    private char PeekEscape() =>
        _at + 1 < _pattern.Length ? _pattern[_at + 1] : throw new FormatException("it ends with a single '\\'");

    private int NextCodePoint()
    {
        bool pair = char.IsHighSurrogate(_pattern[_at]) && _at + 1 < _pattern.Length && char.IsLowSurrogate(_pattern[_at + 1]);
        int point = pair ? char.ConvertToUtf32(_pattern[_at], _pattern[_at + 1]) : _pattern[_at];
        _at += pair ? 2 : 1;
        return point;
    }

    /// <summary>Reads an escape that stands for one code point.</summary>
    private int NextEscapedCodePoint()
    {
        char c = PeekEscape();
        _at += 2;
        return c switch
        {
            't' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            '0' => '\0',
            'c' when _at < _pattern.Length && char.IsAsciiLetter(_pattern[_at]) => _pattern[_at++] % 32,
            'x' => Hex(2),
            'u' => Unicode(),
            _ when !char.IsLetterOrDigit(c) => c,
            _ => throw new FormatException($"'\\{c}' is not part of ECMA regular expressions"),
        };
    }

    private int Unicode()
    {
        if (_at < _pattern.Length && _pattern[_at] == '{')
        {
            int end = _pattern.IndexOf('}', _at);
            string digits = end < 0 ? "" : _pattern[(_at + 1)..end];
            _at = end + 1;
            return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int named) && named is >= 0 and <= 0x10FFFF
                ? named
                : throw new FormatException("'\\u{…}' needs the number of a character");
        }
        int high = Hex(4);
        bool pair = char.IsHighSurrogate((char)high) && string.CompareOrdinal(_pattern, _at, "\\u", 0, 2) == 0;
        if (!pair)
        {
            return high;
        }
        int before = _at;
        _at += 2;
        int low = Hex(4);
        if (char.IsLowSurrogate((char)low))
        {
            return char.ConvertToUtf32((char)high, (char)low);
        }
        _at = before;
        return high;
    }

    private int Hex(int length)
    {
        string digits = _at + length <= _pattern.Length ? _pattern.Substring(_at, length) : "";
        _at += length;
        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException($"an escape needs {length} hexadecimal digits");
    }
}

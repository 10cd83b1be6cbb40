namespace Aria.Pipelines.Schemas.Formats;

/// <summary>Dates and times of RFC 3339.</summary>
internal static class DateFormats
{
    public static bool IsDateTime(ReadOnlySpan<char> text) =>
        text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsDate(ReadOnlySpan<char> text) =>
        text.Length == 10 && text[4] == '-' && text[7] == '-'
        && TryDigits(text[..4], out int year) && TryDigits(text[5..7], out int month) && TryDigits(text[8..], out int day)
        && month is >= 1 and <= 12 && day >= 1 && day <= DaysIn(year, month);

    public static bool IsTime(ReadOnlySpan<char> text)
    {
        if (text.Length < 9 || text[2] != ':' || text[5] != ':'
            || !TryDigits(text[..2], out int hour) || !TryDigits(text[3..5], out int minute) || !TryDigits(text[6..8], out int second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }
        ReadOnlySpan<char> rest = text[8..];
        if (rest[0] == '.')
        {
            int fraction = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (fraction < 1)
            {
                return false;
            }
            rest = rest[(fraction + 1)..];
        }
        return TryOffset(rest, out int offset) && (second < 60 || IsLastMinuteOfDay((hour * 60) + minute - offset));
    }

    /// <summary>Leap seconds are inserted at midnight UTC only.</summary>
    private static bool IsLastMinuteOfDay(int minutesUtc) => (minutesUtc + 1) % (24 * 60) == 0;

    private static bool TryOffset(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is "Z" or "z")
        {
            return true;
        }
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryDigits(text[1..3], out int hours) || !TryDigits(text[4..], out int rest) || hours > 23 || rest > 59)
        {
            return false;
        }
        minutes = (text[0] == '-' ? -1 : 1) * ((hours * 60) + rest);
        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
            value = (value * 10) + (c - '0');
        }
        return true;
    }
}

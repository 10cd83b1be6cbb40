using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>A JSON number without rounding, whatever its size: small ones as decimals, others by their digits.</summary>
internal readonly struct ExactNumber
{
    private const int LongestDecimal = 28;

    private readonly decimal? _small;
    private readonly JsonElement _source;

    /// <param name="source">A JSON number.</param>
    public ExactNumber(JsonElement source)
    {
        _source = source;
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(source);
        _small = raw.Length <= LongestDecimal && raw.IndexOfAny("eE"u8) < 0 && source.TryGetDecimal(out decimal value) ? value : null;
    }

    /// <summary>True for 1, 1.0 and 1e3.</summary>
    public bool IsInteger
    {
        get
        {
            if (_small is { } small)
            {
                return decimal.IsInteger(small);
            }
            Expanded digits = Expand();
            return digits.Text.Length <= digits.Exponent || digits.Text.Length == 0;
        }
    }

    /// <summary>Negative when smaller than the other, zero when equal, positive when larger.</summary>
    public int Compare(ExactNumber other) =>
        _small is { } mine && other._small is { } theirs ? mine.CompareTo(theirs) : Expand().Compare(other.Expand());

    /// <summary>Equal for every spelling of one number.</summary>
    public int NumericHash()
    {
        Expanded digits = Expand();
        return HashCode.Combine(digits.IsNegative, digits.Exponent, digits.Text);
    }

    /// <summary>True when dividing by a positive number leaves nothing.</summary>
    public bool IsMultipleOf(ExactNumber divisor)
    {
        if (_small is { } mine && divisor._small is { } theirs)
        {
            return mine % theirs == 0;
        }
        Expanded value = Expand();
        Expanded by = divisor.Expand();
        long shift = value.LastDigit - by.LastDigit;
        if (value.Text.Length == 0 || shift < 0)
        {
            // The digits end in no zero, so nothing that needs further decimals to be even divides them.
            return value.Text.Length == 0;
        }
        var modulus = BigInteger.Parse(by.Text, CultureInfo.InvariantCulture);
        return (Remainder(value.Text, modulus) * BigInteger.ModPow(10, shift, modulus) % modulus).IsZero;
    }

    private static BigInteger Remainder(string digits, BigInteger modulus)
    {
        // By chunks, because parsing a very long number at once takes time with the square of its length.
        BigInteger rest = BigInteger.Zero;
        for (int at = 0; at < digits.Length; at += 18)
        {
            ReadOnlySpan<char> chunk = digits.AsSpan(at, Math.Min(18, digits.Length - at));
            rest = ((rest * BigInteger.Pow(10, chunk.Length)) + long.Parse(chunk, CultureInfo.InvariantCulture)) % modulus;
        }
        return rest;
    }

    private Expanded Expand()
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(_source);
        bool negative = raw[0] == '-';
        raw = negative ? raw[1..] : raw;
        int e = raw.IndexOfAny("eE"u8);
        long exponent = e < 0 ? 0 : ExponentOf(raw[(e + 1)..]);
        raw = e < 0 ? raw : raw[..e];
        int point = raw.IndexOf((byte)'.');
        exponent += point < 0 ? raw.Length : point;
        string all = Encoding.ASCII.GetString(raw).Replace(".", "", StringComparison.Ordinal);
        string withoutLeading = all.TrimStart('0');
        string text = withoutLeading.TrimEnd('0');
        return text.Length == 0 ? new Expanded(false, "", 0) : new Expanded(negative, text, exponent - (all.Length - withoutLeading.Length));
    }

    private static long ExponentOf(ReadOnlySpan<byte> text)
    {
        // Beyond any size that matters, so that an exponent of a hundred digits does not overflow.
        const long Huge = 1L << 60;
        bool negative = text[0] == '-';
        long size = long.TryParse(text[0] is (byte)'+' or (byte)'-' ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out long read)
            ? Math.Min(read, Huge)
            : Huge;
        return negative ? -size : size;
    }

    /// <summary>0.TEXT × 10^EXPONENT, TEXT without zeros at either end, empty for zero.</summary>
    private readonly record struct Expanded(bool IsNegative, string Text, long Exponent)
    {
        public long LastDigit => Exponent - Text.Length;

        public int Compare(Expanded other)
        {
            int sign = Sign.CompareTo(other.Sign);
            if (sign != 0)
            {
                return sign;
            }
            int size = Exponent.CompareTo(other.Exponent);
            size = size != 0 ? size : string.CompareOrdinal(Text, other.Text);
            return IsNegative ? -size : size;
        }

        private int Sign => Text.Length == 0 ? 0 : IsNegative ? -1 : 1;
    }
}

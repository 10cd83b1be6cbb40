using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Testing;

/// <summary>Writes an expectation into the file of a case; every other byte of the file stays as its author wrote it.</summary>
internal static class CaseFile
{
    private const string Member = "expect";

    /// <summary>The file with another expectation.</summary>
    /// <param name="utf8">A readable case.</param>
    /// <param name="expect">What it shall expect.</param>
    public static byte[] WithExpectation(byte[] utf8, JsonObject expect)
    {
        ReadOnlySpan<byte> bom = Encoding.UTF8.Preamble;
        int offset = utf8.AsSpan().StartsWith(bom) ? bom.Length : 0;
        (int start, int end, bool isThere) = Place(utf8.AsSpan(offset));
        string written = CaseLayout.Pretty(expect, 1, Member.Length + 6);
        string inserted = isThere ? written : $",\n  \"{Member}\": {written}";
        return [.. utf8[..(offset + start)], .. Encoding.UTF8.GetBytes(inserted), .. utf8[(offset + end)..]];
    }

    /// <summary>Where the value stands, or behind which member it belongs.</summary>
    private static (int Start, int End, bool IsThere) Place(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        int lastEnd = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isWanted = reader.ValueTextEquals(Member);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            lastEnd = (int)reader.BytesConsumed;
            if (isWanted)
            {
                return (start, lastEnd, true);
            }
        }
        return (lastEnd, lastEnd, false);
    }
}

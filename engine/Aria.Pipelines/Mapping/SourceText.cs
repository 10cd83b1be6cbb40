using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Mapping;

/// <summary>The text of a script or template, and where its characters stand in the author's file.</summary>
internal sealed class SourceText
{
    private readonly SourcePosition _start;
    private readonly string? _rawJson;

    private SourceText(string text, SourcePosition start, string? rawJson)
    {
        Text = text;
        _start = start;
        _rawJson = rawJson;
    }

    public string Text { get; }

    /// <summary>Where the whole text begins.</summary>
    public SourcePosition Start => _start;

    public static SourceText OfFile(string path, string text) => new(text, new SourcePosition(path, 1, 1), null);

    /// <summary>The text inside a JSON string; positions count through its escapes.</summary>
    public static SourceText OfJsonString(JsonCursor value) => new(value.Element.GetString()!, value.Position, value.Element.GetRawText());

    /// <param name="offset">UTF-16 offset in <see cref="Text"/>; values outside are moved to its nearest end.</param>
    public SourcePosition At(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        if (_rawJson is not null)
        {
            return _start with { Column = _start.Column + RawOffset(_rawJson, offset) };
        }
        ReadOnlySpan<char> before = Text.AsSpan(0, offset);
        return _start with { Line = before.Count('\n') + 1, Column = offset - before.LastIndexOf('\n') };
    }

    /// <param name="line">1-based line in <see cref="Text"/>.</param>
    /// <param name="column">0-based column in that line.</param>
    public SourcePosition At(int line, int column)
    {
        int offset = 0;
        for (int i = 1; i < line; i++)
        {
            int newline = Text.IndexOf('\n', offset);
            if (newline < 0)
            {
                return At(Text.Length);
            }
            offset = newline + 1;
        }
        return At(offset + Math.Max(0, column));
    }

    private static int RawOffset(string raw, int offset)
    {
        int at = 1;
        for (int i = 0; i < offset; i++)
        {
            at += raw[at] != '\\' ? 1 : raw[at + 1] == 'u' ? 6 : 2;
        }
        return at;
    }
}

using System.Text;
using System.Text.Json;

namespace Aria.Pipelines.Definitions;

/// <summary>A parsed JSON file that remembers where every value and property name stands.</summary>
internal sealed class SourceDocument
{
    private const int MaxDepth = 64;
    private readonly byte[] _utf8;
    private readonly List<int> _lineStarts = [0];
    private readonly Dictionary<string, int> _values = [];
    private readonly Dictionary<string, int> _names = [];
    private int _read;

    private SourceDocument(string file, byte[] utf8)
    {
        File = file;
        _utf8 = utf8;
        for (int i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == (byte)'\n')
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    public string File { get; }

    public JsonElement Root { get; private set; }

    public JsonCursor Cursor => new(this, Root, "");

    /// <summary>Parses a file. Syntax errors and duplicate properties become findings; null means there is nothing to read.</summary>
    public static SourceDocument? Parse(string file, byte[] utf8, DiagnosticBag bag)
    {
        ReadOnlySpan<byte> bom = [0xEF, 0xBB, 0xBF];
        byte[] text = utf8.AsSpan().StartsWith(bom) ? utf8[3..] : utf8;
        var document = new SourceDocument(file, text);
        try
        {
            // GetString is what finds lone surrogates and bad UTF-8; JsonDocument alone accepts them.
            document.Index(bag);
            document.Root = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth }).RootElement;
            return document;
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0);
            int offset = document.LineStart(line) + (int)(e.BytePositionInLine ?? 0);
            string reason = e.Message.Split(" LineNumber:", 2)[0];
            bag.Error(DefinitionCodes.Syntax, document.Position(Math.Min(offset, text.Length)), "The file is not valid JSON.", reason);
        }
        catch (InvalidOperationException e)
        {
            bag.Error(DefinitionCodes.Syntax, document.Position(document._read), "The file contains text that is not valid Unicode.", e.Message);
        }
        return null;
    }

    /// <summary>Where the value at a JSON pointer begins; the nearest enclosing value when the pointer names nothing.</summary>
    public SourcePosition PositionOf(string pointer) => Find(_values, pointer);

    /// <summary>Where the property name at a JSON pointer begins; falls back to the value.</summary>
    public SourcePosition NameOf(string pointer) =>
        _names.TryGetValue(pointer, out int offset) ? Position(offset) : PositionOf(pointer);

    private SourcePosition Find(Dictionary<string, int> offsets, string pointer)
    {
        while (true)
        {
            if (offsets.TryGetValue(pointer, out int offset))
            {
                return Position(offset);
            }
            int slash = pointer.LastIndexOf('/');
            if (slash < 0)
            {
                return new SourcePosition(File, 1, 1);
            }
            pointer = pointer[..slash];
        }
    }

    private int LineStart(int line) => line < _lineStarts.Count ? _lineStarts[line] : _utf8.Length;

    private SourcePosition Position(int offset)
    {
        int index = _lineStarts.BinarySearch(offset);
        int line = index >= 0 ? index : ~index - 1;
        int start = _lineStarts[line];
        return new SourcePosition(File, line + 1, Encoding.UTF8.GetCharCount(_utf8, start, offset - start) + 1);
    }

    private void Index(DiagnosticBag bag)
    {
        var reader = new Utf8JsonReader(_utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var open = new Stack<Level>();
        while (reader.Read())
        {
            int offset = _read = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Level level = open.Peek();
                    string name = reader.GetString()!;
                    string pointer = $"{level.Pointer}/{Escape(name)}";
                    if (!level.Names.Add(name))
                    {
                        bag.Error(DefinitionCodes.DuplicateProperty, Position(offset), $"Property '{name}' appears twice.", "Remove one of the two; the last one does not silently win.");
                    }
                    _names.TryAdd(pointer, offset);
                    level.Next = pointer;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    string at = PointerOfValue(open);
                    _values.TryAdd(at, offset);
                    open.Push(new Level(at, reader.TokenType == JsonTokenType.StartArray));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        _ = reader.GetString();
                    }
                    _values.TryAdd(PointerOfValue(open), offset);
                    break;
            }
        }
    }

    private static string PointerOfValue(Stack<Level> open)
    {
        if (!open.TryPeek(out Level? level))
        {
            return "";
        }
        return level.IsArray ? $"{level.Pointer}/{level.Count++}" : level.Next;
    }

    internal static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private sealed class Level(string pointer, bool isArray)
    {
        public string Pointer { get; } = pointer;

        public bool IsArray { get; } = isArray;

        public HashSet<string> Names { get; } = [];

        public int Count { get; set; }

        public string Next { get; set; } = pointer;
    }
}

using System.Text;
using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Scripts;
using Aria.Pipelines.Mapping.Templates;

namespace Aria.Pipelines.Mapping;

/// <summary>Compiles one JSON value recursively, following <c>$file</c>. Null from a method means that findings were reported.</summary>
internal sealed class ValueCompiler(IDefinitionFiles files, IReadOnlySet<string> roots, DiagnosticBag bag)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<string> _open = [];

    public MappedValue? Compile(JsonCursor value) => value.Kind switch
    {
        JsonValueKind.Object => CompileObject(value),
        JsonValueKind.Array => CompileArray(value),
        JsonValueKind.String when value.Element.GetString()!.Contains("{{", StringComparison.Ordinal) =>
            TemplateCompiler.Compile(SourceText.OfJsonString(value), roots, bag),
        _ => new LiteralValue(value),
    };

    private ArrayValue? CompileArray(JsonCursor value)
    {
        List<MappedValue?> items = [.. value.Items().Select(Compile)];
        return items.Contains(null) ? null : new ArrayValue(items!, value.Position);
    }

    private MappedValue? CompileObject(JsonCursor value)
    {
        List<(string Name, JsonCursor Value)> members = [.. value.Properties()];
        List<(string Name, JsonCursor Value)> keywords = members.FindAll(m => m.Name.StartsWith('$'));
        if (keywords.Count > 0)
        {
            return CompileKeyword(keywords, members.Count);
        }
        List<(string Name, JsonCursor At, MappedValue? Value)> compiled = [.. members.Select(m => (m.Name, m.Value, Compile(m.Value)))];
        return compiled.Exists(m => m.Value is null) ? null : new ObjectValue(compiled!, value.Position);
    }

    private MappedValue? CompileKeyword(List<(string Name, JsonCursor Value)> keywords, int members)
    {
        bool known = true;
        foreach ((string other, JsonCursor at) in keywords.Where(k => k.Name is not ("$js" or "$file" or "$literal")))
        {
            known = false;
            bag.Error(MappingCodes.UnknownKeyword, at.NamePosition, $"'{other}' is not a kind of value.", Suggestion.For(other, "$js", "$file", "$literal") + " A property that really begins with '$' goes inside \"$literal\".");
        }
        (string name, JsonCursor value) = keywords[0];
        if (known && members > 1)
        {
            bag.Error(MappingCodes.KeywordNotAlone, value.NamePosition, $"'{name}' must be the only property of its object.", "It stands for the whole value: move the other properties out, or into what it makes.");
        }
        if (!known || members > 1)
        {
            return null;
        }
        if (name == "$literal")
        {
            return new LiteralValue(value);
        }
        if (value.Text(bag) is not { } text)
        {
            return null;
        }
        return name == "$js" ? ScriptCompiler.CompileExpression(SourceText.OfJsonString(value), roots, bag) : CompileFile(text, value);
    }

    private MappedValue? CompileFile(string name, JsonCursor at)
    {
        string ending = Path.GetExtension(name);
        if (ending is not (".json" or ".js" or ".scriban"))
        {
            bag.Error(MappingCodes.FileEnding, at.Position, $"'{name}' does not say what it holds.", "The name must end with .json (JSON whose strings are templates), .js (a script) or .scriban (a template that makes one text).");
            return null;
        }
        if (_open.Contains(name))
        {
            bag.Error(MappingCodes.FileCycle, at.Position, $"'{name}' includes itself.", $"The way round: {string.Join(" → ", _open.SkipWhile(o => o != name))} → {name}.");
            return null;
        }
        if (files.Read(name) is not { } bytes)
        {
            bag.Error(DefinitionCodes.MissingFile, at.Position, $"File '{name}' does not exist in this folder.", "Write a plain file name; upper and lower case count.");
            return null;
        }
        string path = files.PathOf(name);
        if (bytes.Length > MappingLimits.SourceLength)
        {
            bag.Error(MappingCodes.TooLarge, new SourcePosition(path, 1, 1), $"'{name}' is too_large: {bytes.Length} bytes.", $"A mapping file may have {MappingLimits.SourceLength} bytes.");
            return null;
        }
        _open.Add(name);
        MappedValue? compiled = ending == ".json" ? CompileJsonFile(path, bytes) : CompileTextFile(path, bytes, ending);
        _open.RemoveAt(_open.Count - 1);
        return compiled;
    }

    private MappedValue? CompileJsonFile(string path, byte[] bytes)
    {
        int before = bag.Items.Count;
        SourceDocument? document = SourceDocument.Parse(path, bytes, bag);
        MappedValue? compiled = document is null ? null : Compile(document.Cursor);
        return bag.Items.Count == before ? compiled : null;
    }

    private MappedValue? CompileTextFile(string path, byte[] bytes, string ending)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            bag.Error(MappingCodes.NotText, new SourcePosition(path, 1, 1), "The file is not UTF-8 text.", $"The first wrong byte is at offset {e.Index}.");
            return null;
        }
        var source = SourceText.OfFile(path, text.TrimStart('\uFEFF'));
        return ending == ".js" ? ScriptCompiler.CompileFile(source, roots, bag) : TemplateCompiler.CompileText(source, roots, bag);
    }
}

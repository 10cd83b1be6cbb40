using System.Text;
using System.Text.Json;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A template of fixed text and simple paths, as most are. It only writes what is simply there; everything else is left to the template.</summary>
internal sealed class TemplatePieces
{
    private readonly (string? Text, TemplatePath? Path)[] _pieces;

    private TemplatePieces((string? Text, TemplatePath? Path)[] pieces) => _pieces = pieces;

    public static TemplatePieces? From(CheckedTemplate template)
    {
        // Braces may also trim the text around them, or escape it.
        if (template.Source.Text.AsSpan().ContainsAny('-', '~', '%') && HasTrimming(template.Source.Text))
        {
            return null;
        }
        List<(string? Text, TemplatePath? Path)> pieces = [];
        foreach (ScriptStatement statement in template.Template.Page!.Body!.Statements)
        {
            switch (statement)
            {
                case ScriptEscapeStatement:
                    break;
                case ScriptRawStatement text:
                    pieces.Add((text.Text.ToString(), null));
                    break;
                case ScriptExpressionStatement { Expression: { } expression } when TemplatePath.From(expression, template.Roots) is { } path:
                    pieces.Add((null, path));
                    break;
                default:
                    return null;
            }
        }
        return new TemplatePieces([.. pieces]);
    }

    /// <summary>The text; null when a path leads nowhere, or to something whose text is not plain.</summary>
    public string? Write(Evaluation evaluation)
    {
        var made = new StringBuilder();
        foreach ((string? text, TemplatePath? path) in _pieces)
        {
            if ((text ?? Plain(path!.Find(evaluation))) is not { } piece || made.Length + piece.Length > MappingLimits.TextLength)
            {
                return null;
            }
            made.Append(piece);
        }
        return made.ToString();
    }

    private static string? Plain(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long whole) => whole.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool HasTrimming(string text) =>
        text.Contains("{{-", StringComparison.Ordinal) || text.Contains("-}}", StringComparison.Ordinal)
        || text.Contains("{{~", StringComparison.Ordinal) || text.Contains("~}}", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);
}

using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Scriban;
using Scriban.Parsing;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>Parses and checks templates.</summary>
internal static partial class TemplateCompiler
{
    private static readonly ParserOptions Options = new() { ExpressionDepthLimit = 250 };

    /// <summary>A template in a JSON string: exactly one <c>{{ expression }}</c> keeps its JSON type, anything else makes a text.</summary>
    public static MappedValue? Compile(SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        CheckedTemplate? template = Check(source, roots, bag);
        return template is null ? null
            : template.SingleExpression is { } expression ? new TemplateExpression(template, expression)
            : new TemplateText(template);
    }

    /// <summary>A template file; it makes one text. One line break at its end belongs to the file, not to the text.</summary>
    public static MappedValue? CompileText(SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        string text = source.Text.EndsWith("\r\n", StringComparison.Ordinal) ? source.Text[..^2] : source.Text.EndsWith('\n') ? source.Text[..^1] : source.Text;
        CheckedTemplate? template = Check(SourceText.OfFile(source.Start.File!, text), roots, bag);
        return template is null ? null : new TemplateText(template);
    }

    /// <summary>Where the innermost block begins that nothing ends; null when that cannot be told by looking at the beginnings of blocks.</summary>
    private static int? Unended(string text)
    {
        var open = new Stack<int>();
        foreach (Match match in BlockWord().Matches(text))
        {
            if (match.Groups["word"].Value != "end")
            {
                open.Push(match.Index);
            }
            else if (!open.TryPop(out _))
            {
                return null;
            }
        }
        return open.TryPeek(out int at) ? at : null;
    }

    [GeneratedRegex(@"\{\{[-~]?\s*(?<word>if|for|while|case|with|capture|wrap|tablerow|func|end)\b", RegexOptions.None, 10_000)]
    private static partial Regex BlockWord();

    private static CheckedTemplate? Check(SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        if (source.Text.Length > MappingLimits.SourceLength)
        {
            bag.Error(MappingCodes.TooLarge, source.Start, $"The template is too_large: {source.Text.Length} characters.", $"A template may have {MappingLimits.SourceLength} characters.");
            return null;
        }
        // Scriban closes a last block by itself, so a forgotten brace would run.
        int open = source.Text.LastIndexOf("{{", StringComparison.Ordinal);
        if (open > source.Text.LastIndexOf("}}", StringComparison.Ordinal) && !source.Text.Contains("{%{", StringComparison.Ordinal))
        {
            bag.Error(MappingCodes.TemplateSyntax, source.At(open), "The template cannot be parsed.", "'{{' is not closed by '}}'.");
            return null;
        }
        Template template = Template.Parse(source.Text, source.Start.File, Options);
        if (template.HasErrors)
        {
            foreach (LogMessage message in template.Messages.Where(m => m.Type == ParserMessageType.Error))
            {
                int offset = message.Message.Contains("<end> statement was not found", StringComparison.Ordinal) && Unended(source.Text) is { } opened ? opened : message.Span.Start.Offset;
                bag.Error(MappingCodes.TemplateSyntax, source.At(offset < 0 ? source.Text.Length : offset), "The template cannot be parsed.", message.Message);
            }
            return null;
        }
        var names = new TemplateNames();
        names.Visit(template.Page);
        int before = bag.Items.Count;
        names.Report(source, roots, bag);
        return bag.Items.Count > before ? null : new CheckedTemplate(template, source, [.. roots.Where(names.Uses)], names.OptionalMembers);
    }
}

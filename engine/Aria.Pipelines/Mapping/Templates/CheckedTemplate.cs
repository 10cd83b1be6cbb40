using Scriban;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A template that was parsed and whose names were checked.</summary>
/// <param name="Template">As parsed; safe to share between threads because every rendering has a context of its own.</param>
/// <param name="Source">Its text and place.</param>
/// <param name="Roots">The roots it uses.</param>
/// <param name="OptionalMembers">Offsets of the member names written after <c>?.</c>.</param>
internal sealed record CheckedTemplate(Template Template, SourceText Source, IReadOnlyList<string> Roots, IReadOnlySet<int> OptionalMembers)
{
    /// <summary>The expression when the text is exactly one <c>{{ expression }}</c>.</summary>
    public ScriptExpression? SingleExpression
    {
        get
        {
            if (!Source.Text.StartsWith("{{", StringComparison.Ordinal) || !Source.Text.EndsWith("}}", StringComparison.Ordinal))
            {
                return null;
            }
            List<ScriptStatement> statements = [.. Template.Page!.Body!.Statements.Where(s => s is not ScriptEscapeStatement)];
            return statements is [ScriptExpressionStatement { Expression: { } expression and not ScriptAssignExpression }] ? expression : null;
        }
    }
}

using Aria.Pipelines.Definitions;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>Finds the names a template uses and declares, and what it uses that mappings do not have.</summary>
internal sealed class TemplateNames : ScriptVisitor
{
    private const string SameResult = "A mapping always makes the same result.";
    private readonly Dictionary<string, int> _used = [];
    private readonly HashSet<string> _declared = [];
    private readonly List<(int Offset, string Summary, string Detail)> _forbidden = [];
    private readonly HashSet<int> _optional = [];

    /// <summary>Offsets of member names after <c>?.</c>: null when the member does not exist.</summary>
    public IReadOnlySet<int> OptionalMembers => _optional;

    public bool Uses(string name) => _used.ContainsKey(name);

    public void Report(SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        foreach ((int offset, string summary, string detail) in _forbidden)
        {
            bag.Error(MappingCodes.NotAvailable, source.At(offset), summary, detail);
        }
        foreach ((string name, int offset) in _used.OrderBy(u => u.Value))
        {
            if (!roots.Contains(name) && !_declared.Contains(name) && !TemplateSandbox.Names.Contains(name))
            {
                bag.Error(MappingCodes.UnknownName, source.At(offset), $"'{name}' is not known here.", Suggestion.For(name, [.. roots.Order(StringComparer.Ordinal), .. TemplateSandbox.Objects]));
            }
        }
    }

    public override void Visit(ScriptVariableGlobal node) => _used.TryAdd(node.Name, node.Span.Start.Offset);

    public override void Visit(ScriptMemberExpression node)
    {
        Visit(node.Target);
        if (node.DotToken.TokenType == TokenType.QuestionDot && node.Member is not null)
        {
            _optional.Add(node.Member.Span.Start.Offset);
        }
        if (node is { Target: ScriptVariableGlobal owner, Member: { } member })
        {
            string path = $"{owner.Name}.{member.Name}";
            string? why = path switch
            {
                "date.now" or "date.utc_now" => $"{SameResult} Use the root 'now'.",
                "math.random" or "math.uuid" => $"{SameResult} Derive values from the event, for example with aria.sha256_hex.",
                "object.eval" or "object.eval_template" => "Texts from data are never run as templates.",
                _ => null,
            };
            Forbid(why is null ? null : owner.Span.Start.Offset, $"'{path}' is not available in a mapping.", why ?? "");
        }
    }

    public override void Visit(ScriptObjectMember node)
    {
        if (node.Name is not ScriptVariable)
        {
            Visit(node.Name);
        }
        Visit(node.Value);
    }

    public override void Visit(ScriptNamedArgument node) => Visit(node.Value);

    public override void Visit(ScriptParameter node)
    {
        Declare(node.Name);
        Visit(node.DefaultValue);
    }

    public override void Visit(ScriptAssignExpression node)
    {
        Declare(node.Target);
        base.Visit(node);
    }

    public override void Visit(ScriptForStatement node)
    {
        Declare(node.Variable);
        base.Visit(node);
    }

    public override void Visit(ScriptTableRowStatement node)
    {
        Declare(node.Variable);
        base.Visit(node);
    }

    public override void Visit(ScriptCaptureStatement node)
    {
        Declare(node.Target);
        base.Visit(node);
    }

    public override void Visit(ScriptFunction node)
    {
        Declare(node.NameOrDoToken);
        base.Visit(node);
    }

    public override void Visit(ScriptWithStatement node) => Forbid(node.Span.Start.Offset, "'with' is not available in a mapping.", "Write the whole path, so that a wrong name is found before it runs.");

    public override void Visit(ScriptImportStatement node) => Forbid(node.Span.Start.Offset, "'import' is not available in a mapping.", "Write the whole path, so that a wrong name is found before it runs.");

    public override void Visit(ScriptThisExpression node) => Forbid(node.Span.Start.Offset, "'this' is not available in a mapping.", "Write the name of the root.");

    private void Declare(ScriptNode? target)
    {
        if (target is ScriptVariableGlobal variable)
        {
            _declared.Add(variable.Name);
        }
    }

    private void Forbid(int? offset, string summary, string detail)
    {
        if (offset is { } at)
        {
            _forbidden.Add((at, summary, detail));
        }
    }
}

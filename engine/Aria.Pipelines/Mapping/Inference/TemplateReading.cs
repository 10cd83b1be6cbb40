using System.Collections.Frozen;
using System.Globalization;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Templates;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>Follows a template without rendering it. What it does not understand is unknown, never wrong.</summary>
internal sealed class TemplateReading(Reading reading, CheckedTemplate template) : ScriptVisitor
{
    private static readonly FrozenSet<string> Sizes = FrozenSet.Create("size", "first", "last");
    private static readonly MemberAccess Plain = new(FrozenSet<string>.Empty, Sizes, FrozenSet<string>.Empty);

    private static readonly FrozenSet<string> MakeText = FrozenSet.Create(
        "aria.canonical_email", "aria.base64", "aria.sha256_hex", "aria.escape_html", "aria.truncate", "array.join", "date.to_string", "date.parse_to_string",
        "string.append", "string.capitalize", "string.capitalizewords", "string.downcase", "string.escape", "string.handleize", "string.lstrip", "string.prepend",
        "string.remove", "string.replace", "string.rstrip", "string.slice", "string.strip", "string.truncate", "string.truncatewords", "string.upcase", "html.escape", "html.strip", "html.url_encode", "math.format");

    private static readonly FrozenSet<string> MakeNumber = FrozenSet.Create(
        "aria.round", "math.abs", "math.ceil", "math.divided_by", "math.floor", "math.minus", "math.modulo", "math.plus", "math.round", "math.times", "string.to_double", "string.to_int", "string.to_long", "string.size", "array.size");

    private readonly List<string> _sources = [];

    /// <summary>The shape of a template that is one expression.</summary>
    public Shape ReadExpression(ScriptExpression expression) => Infer(expression) with { At = template.Source.Start };

    /// <summary>The shape of a template that makes a text.</summary>
    public Shape ReadText()
    {
        List<ScriptStatement> statements = [.. template.Template.Page!.Body!.Statements];
        if (statements.TrueForAll(s => s is ScriptRawStatement))
        {
            return Shape.OfText(template.Source.Text, template.Source.Start);
        }
        int guards = reading.Guards;
        statements.ForEach(Visit);
        reading.Guards = guards;
        return Shape.Text with { Sources = [.. _sources.Distinct()], At = template.Source.Start };
    }

    public override void Visit(ScriptExpressionStatement node)
    {
        Shape shown = Infer(node.Expression);
        _sources.AddRange(shown.Sources);
        if (shown.Is(ShapeKinds.Object) && node.Expression is { } expression)
        {
            reading.Note(new Misreading(MisreadingKind.ObjectInText, At(expression), shown is { IsCopy: true, Sources: [var path] } ? path : "", "", [.. shown.Members.Keys], null));
        }
    }

    public override void Visit(ScriptMemberExpression node) => Infer(node);

    public override void Visit(ScriptVariableGlobal node) => Infer(node);

    public override void Visit(ScriptIndexerExpression node) => Infer(node);

    public override void Visit(ScriptConditionalExpression node) => Infer(node);

    public override void Visit(ScriptBinaryExpression node) => Infer(node);

    public override void Visit(ScriptObjectMember node) => Infer(node.Value);

    public override void Visit(ScriptNamedArgument node) => Infer(node.Value);

    public override void Visit(ScriptIfStatement node)
    {
        Infer(node.Condition);
        // What follows may rely on what was asked: the guard stays.
        reading.Guards++;
        Visit(node.Then);
        Visit(node.Else);
    }

    public override void Visit(ScriptAssignExpression node) => Infer(node);

    private Shape Assign(ScriptAssignExpression node)
    {
        if (node.Target is { } target and not ScriptVariable && RootOf(target) is { } root)
        {
            reading.Write(root, At(target));
        }
        Infer(node.Value);
        return Shape.Unknown;
    }

    private Shape Infer(ScriptNode? node) => node switch
    {
        ScriptVariableGlobal variable when template.Roots.Contains(variable.Name) => reading.Root(variable.Name),
        ScriptLiteral literal => Literal(literal),
        ScriptNestedExpression nested => Infer(nested.Expression),
        ScriptMemberExpression member => Member(member),
        ScriptIndexerExpression indexer => Indexer(indexer),
        ScriptConditionalExpression choice => Choice(choice),
        ScriptBinaryExpression binary => Binary(binary),
        ScriptPipeCall pipe => Pipe(pipe),
        ScriptFunctionCall call => Call(call),
        ScriptUnaryExpression unary => Unary(unary),
        ScriptAssignExpression assign => Assign(assign),
        ScriptInterpolatedStringExpression text => Other(text) with { Kinds = ShapeKinds.Text },
        ScriptVariable or null => Shape.Unknown,
        _ => Other(node),
    };

    private Shape Other(ScriptNode node)
    {
        DefaultVisit(node);
        return Shape.Unknown;
    }

    private Shape Literal(ScriptLiteral literal)
    {
        SourcePosition at = At(literal);
        return literal.Value switch
        {
            null => Shape.Of(ShapeKinds.Null, "null", at),
            string text => Shape.OfText(text, at),
            bool flag => Shape.Of(ShapeKinds.Flag, flag ? "true" : "false", at),
            IFormattable number => Shape.Of(ShapeKinds.Number, number.ToString(null, CultureInfo.InvariantCulture), at),
            _ => Shape.Unknown,
        };
    }

    private Shape Member(ScriptMemberExpression member)
    {
        if (member.Member is null || member.Target is ScriptVariableGlobal { Name: var owner } && !template.Roots.Contains(owner) && TemplateSandbox.Names.Contains(owner))
        {
            return Shape.Unknown;
        }
        // 'a?.b' gives null both for a null and for a member that is not there.
        bool optional = member.DotToken.TokenType == TokenType.QuestionDot;
        return reading.Member(Infer(member.Target), member.Member.Name, At(member.Member), Plain with { ToleratesNull = optional });
    }

    private Shape Indexer(ScriptIndexerExpression indexer)
    {
        Shape owner = Infer(indexer.Target);
        Shape key = Infer(indexer.Index);
        return key is { IsCopy: false, Constants: [{ } name] } && key.Is(ShapeKinds.Text)
            ? reading.Member(owner, name.Shown, At(indexer.Index!), Plain)
            : (owner.Item ?? Shape.Unknown) with { Sources = [], IsCopy = false };
    }

    private Shape Choice(ScriptConditionalExpression choice)
    {
        Infer(choice.Condition);
        reading.Guards++;
        Shape shape = Infer(choice.ThenValue).Or(Infer(choice.ElseValue));
        reading.Guards--;
        return shape;
    }

    private Shape Binary(ScriptBinaryExpression binary)
    {
        Shape left = Infer(binary.Left);
        bool guards = binary.Operator is ScriptBinaryOperator.And or ScriptBinaryOperator.Or or ScriptBinaryOperator.EmptyCoalescing or ScriptBinaryOperator.NotEmptyCoalescing;
        reading.Guards += guards ? 1 : 0;
        Shape right = Infer(binary.Right);
        reading.Guards -= guards ? 1 : 0;
        switch (binary.Operator)
        {
            case ScriptBinaryOperator.EmptyCoalescing:
                return left.WithoutNull().Or(right);
            case ScriptBinaryOperator.CompareEqual:
                reading.Compare(left, right);
                return Shape.Flag;
            case >= ScriptBinaryOperator.CompareNotEqual and <= ScriptBinaryOperator.CompareGreater:
                return Shape.Flag;
            case ScriptBinaryOperator.Add when left.Is(ShapeKinds.Text) || right.Is(ShapeKinds.Text):
                return Shape.Text with { Sources = [.. left.Sources.Union(right.Sources)] };
            case ScriptBinaryOperator.Divide or ScriptBinaryOperator.Multiply or ScriptBinaryOperator.Subtract when left.Is(ShapeKinds.Number) && right.Is(ShapeKinds.Number):
                return Shape.Number;
            default:
                return Shape.Unknown;
        }
    }

    private Shape Pipe(ScriptPipeCall pipe)
    {
        Shape from = Infer(pipe.From);
        Shape made = pipe.To is ScriptFunctionCall call ? Call(call) : ResultOf(pipe.To);
        return pipe.To is ScriptMemberExpression or ScriptFunctionCall ? made with { Sources = made.Is(ShapeKinds.Text) && !IsHash(pipe.To) ? from.Sources : [] } : Shape.Unknown;
    }

    private Shape Call(ScriptFunctionCall call)
    {
        Infer(call.Target);
        if (call.Target is { } target && (target is ScriptLiteral || RootOf(target) is not null))
        {
            reading.Note(new Misreading(MisreadingKind.NotAFunction, At(target), "", target.ToString(), [], null));
        }
        foreach (ScriptExpression argument in call.Arguments)
        {
            Infer(argument);
        }
        return ResultOf(call.Target);
    }

    private Shape Unary(ScriptUnaryExpression unary)
    {
        Shape operand = Infer(unary.Right);
        return unary.Operator switch
        {
            ScriptUnaryOperator.Not => Shape.Flag,
            ScriptUnaryOperator.Negate when operand is { IsCopy: false, Constants: [{ } digits] } => Shape.Of(ShapeKinds.Number, "-" + digits.Json, At(unary)),
            _ => Shape.Unknown,
        };
    }

    private static Shape ResultOf(ScriptExpression? target)
    {
        string name = NameOf(target);
        return MakeText.Contains(name) ? Shape.Text with { Kinds = ShapeKinds.Text | ShapeKinds.Null } : MakeNumber.Contains(name) ? Shape.Number : Shape.Unknown;
    }

    private static bool IsHash(ScriptExpression? target) => NameOf(target is ScriptFunctionCall call ? call.Target : target) == "aria.sha256_hex";

    private static string NameOf(ScriptExpression? target) =>
        target is ScriptMemberExpression { Target: ScriptVariableGlobal owner, Member: { } member } ? $"{owner.Name}.{member.Name}" : "";

    private string? RootOf(ScriptExpression? target) => target switch
    {
        ScriptVariableGlobal variable when template.Roots.Contains(variable.Name) => variable.Name,
        ScriptMemberExpression member => RootOf(member.Target),
        ScriptIndexerExpression indexer => RootOf(indexer.Target),
        _ => null,
    };

    private SourcePosition At(ScriptNode node) => template.Source.At(node.Span.Start.Offset);
}

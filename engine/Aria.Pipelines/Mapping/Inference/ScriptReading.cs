using Acornima;
using Acornima.Ast;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>Follows a script's statements without running them. What it does not understand is unknown, never wrong.</summary>
/// <param name="reading">Receives what is read.</param>
/// <param name="roots">The names that are roots.</param>
/// <param name="source">The script as the author wrote it.</param>
/// <param name="shift">UTF-16 units that stand before it in what was parsed.</param>
internal sealed class ScriptReading(Reading reading, IReadOnlySet<string> roots, SourceText source, int shift)
{
    private static readonly MemberAccess Plain = new(ScriptNames.OfObject, ScriptNames.OfText, ScriptNames.OfNumber) { AbsentIsNull = true, ListNames = ScriptNames.OfList };
    private readonly Dictionary<string, Shape> _locals = [];
    private IReadOnlySet<string> _changed = new HashSet<string>();
    private Shape? _returned;

    /// <summary>The shape of what a wrapped script makes.</summary>
    public Shape Read(Script program)
    {
        _changed = ScriptChanges.Of(program);
        int guards = reading.Guards;
        var wrapper = (VariableDeclaration)program.Body[0];
        var call = (CallExpression)wrapper.Declarations[0].Init!;
        Statements(((IFunction)call.Callee).Body);
        Mistakes.Look(program, ((IFunction)call.Callee).Body);
        reading.Guards = guards;
        return _returned ?? Shape.Unknown;
    }

    private ScriptMistakes Mistakes => new(reading, At);

    private void Statements(Node body)
    {
        foreach (Node statement in body.ChildNodes)
        {
            Statement(statement);
        }
    }

    private void Statement(Node node)
    {
        switch (node)
        {
            case ReturnStatement { Argument: { } argument }:
                Shape made = Infer(argument);
                _returned = _returned is null ? made : _returned.Or(made);
                break;
            case ReturnStatement:
                _returned = Shape.Unknown;
                break;
            case VariableDeclaration declaration:
                foreach (VariableDeclarator one in declaration.Declarations)
                {
                    Shape value = one.Init is { } init ? Infer(init) : Shape.Unknown;
                    Declare(one.Id, declaration.Kind == VariableDeclarationKind.Const ? value : Shape.Unknown);
                }
                break;
            case IfStatement condition:
                Infer(condition.Test);
                reading.Guards++;
                Statement(condition.Consequent);
                if (condition.Alternate is { } alternate)
                {
                    Statement(alternate);
                }
                // What follows may rely on what was asked: the guard stays.
                break;
            case ExpressionStatement expression:
                Infer(expression.Expression);
                break;
            case IFunction function:
                Function(function);
                break;
            case BlockStatement block:
                Statements(block);
                break;
            default:
                Anything(node);
                break;
        }
    }

    /// <summary>Looks into a node whose own meaning is not followed.</summary>
    private void Anything(Node node)
    {
        reading.Guards++;
        foreach (Node child in node.ChildNodes)
        {
            if (child is Expression expression)
            {
                Infer(expression);
            }
            else
            {
                Statement(child);
            }
        }
        reading.Guards--;
    }

    private void Declare(Node target, Shape value)
    {
        switch (target)
        {
            case Identifier name:
                _locals[name.Name] = _changed.Contains(name.Name) ? Shape.Unknown : value;
                break;
            case AssignmentPattern { Left: { } left, Right: { } otherwise }:
                Infer(otherwise);
                Declare(left, value.IsUnknown ? value : Shape.Unknown);
                break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties)
                {
                    DeclareMember(property, value);
                }
                break;
            default:
                foreach (Node child in target.ChildNodes)
                {
                    Declare(child, Shape.Unknown);
                }
                break;
        }
    }

    private void DeclareMember(Node property, Shape owner)
    {
        if (property is Property { Computed: false, Key: Identifier key, Value: { } value })
        {
            bool hasDefault = value is AssignmentPattern;
            Declare(value, reading.Member(owner, key.Name, At(key), Plain with { HasDefault = hasDefault }));
        }
        else
        {
            Declare(property is RestElement rest ? rest.Argument : ((Property)property).Value, Shape.Unknown);
        }
    }

    private Shape Infer(Node node, bool hasFallback = false) => node switch
    {
        Identifier identifier => Name(identifier),
        StringLiteral text => Shape.OfText(text.Value, At(node)),
        NumericLiteral number => Shape.Of(ShapeKinds.Number, number.Raw, At(node)),
        BooleanLiteral flag => Shape.Of(ShapeKinds.Flag, flag.Value ? "true" : "false", At(node)),
        NullLiteral => Shape.Of(ShapeKinds.Null, "null", At(node)),
        TemplateLiteral template => Template(template),
        ChainExpression chain => Infer(chain.Expression, hasFallback),
        ParenthesizedExpression inner => Infer(inner.Expression, hasFallback),
        MemberExpression member => Member(member, hasFallback),
        CallExpression call => Call(call),
        ConditionalExpression choice => Choice(choice),
        LogicalExpression logical => Logical(logical, hasFallback),
        BinaryExpression binary => Binary(binary),
        UnaryExpression unary and not UpdateExpression => Unary(unary),
        ObjectExpression made => Object(made),
        ArrayExpression list => List(list),
        AssignmentExpression assignment => Assignment(assignment),
        SequenceExpression sequence => sequence.Expressions.Select(e => Infer(e)).Last(),
        IFunction function => Function(function),
        _ => Other(node),
    };

    private Shape Other(Node node)
    {
        Anything(node);
        return Shape.Unknown with { At = At(node) };
    }

    private Shape Name(Identifier identifier)
    {
        if (_locals.TryGetValue(identifier.Name, out Shape? local))
        {
            return local;
        }
        Shape shape = roots.Contains(identifier.Name) ? reading.Root(identifier.Name)
            : identifier.Name == "undefined" ? Shape.Null
            : Shape.Unknown;
        return shape with { At = At(identifier) };
    }

    private Shape Member(MemberExpression member, bool hasFallback)
    {
        Shape owner = Infer(member.Object);
        MemberAccess access = Plain with { ToleratesNull = member.Optional || IsInChain(member.Object), HasFallback = hasFallback };
        if (!member.Computed)
        {
            string name = ((Identifier)member.Property).Name;
            return name == "length" && !owner.Is(ShapeKinds.Object) ? Shape.Number with { At = At(member) } : reading.Member(owner, name, At(member.Property), access);
        }
        Shape key = Infer(member.Property);
        if (key is { IsCopy: false, Constants: [{ } constant] } && key.Is(ShapeKinds.Text))
        {
            return reading.Member(owner, constant.Shown, At(member.Property), access);
        }
        reading.UseAll(owner);
        // Which entry of a table it is shows only at run time; that it is one of them is known.
        Shape[] entries = owner is { IsClosed: true, Members.Count: > 0 } ? [.. owner.Members.Values] : [];
        return (entries.Length == 0 ? owner.Item ?? Shape.Unknown : entries.Aggregate((a, b) => a.Or(b))) with { Constants = null, Sources = [], IsCopy = false, At = At(member) };
    }

    private static bool IsInChain(Node node) => node is MemberExpression { Optional: true } or CallExpression { Optional: true }
        || node is MemberExpression { Object: { } inner } && IsInChain(inner);

    private Shape Call(CallExpression call)
    {
        string name = "";
        Shape? self = null;
        if (call.Callee is MemberExpression { Computed: false, Property: Identifier method } callee)
        {
            self = Infer(callee.Object);
            name = "." + method.Name;
            MemberAccess access = Plain with { ToleratesNull = callee.Optional || IsInChain(callee.Object) };
            reading.Member(self with { IsClosed = false }, method.Name, At(method), access);
        }
        else
        {
            Infer(call.Callee);
            name = call.Callee is Identifier { Name: var function } && !_locals.ContainsKey(function) ? function : "";
        }
        foreach (Expression argument in call.Arguments)
        {
            reading.UseAll(Infer(argument));
        }
        Mistakes.Callback(call);
        return (self?.Is(ShapeKinds.List) == true && name == ".concat" ? Shape.Unknown : ScriptNames.ResultOf(name)) with { At = At(call) };
    }

    private Shape Choice(ConditionalExpression choice)
    {
        Infer(choice.Test);
        reading.Guards++;
        Shape shape = Infer(choice.Consequent).Or(Infer(choice.Alternate));
        reading.Guards--;
        return shape with { At = At(choice) };
    }

    private Shape Logical(LogicalExpression logical, bool hasFallback)
    {
        Shape left = Infer(logical.Left, hasFallback || logical.Operator != Operator.LogicalAnd);
        reading.Guards++;
        Shape right = Infer(logical.Right, hasFallback);
        reading.Guards--;
        if (logical.Operator == Operator.LogicalAnd)
        {
            bool never = IsFalse(left) || IsFalse(right);
            return never ? Shape.Of(ShapeKinds.Flag, "false", At(logical)) : left.Is(ShapeKinds.Flag) && right.Is(ShapeKinds.Flag) ? Shape.Flag : Shape.Unknown;
        }
        return left.WithoutNull().Or(right) with { At = At(logical) };
    }

    private static bool IsFalse(Shape shape) => shape is { IsCopy: false, Constants: [{ Json: "false" }] };

    private Shape Binary(BinaryExpression binary)
    {
        Shape left = Infer(binary.Left);
        Shape right = Infer(binary.Right);
        Mistakes.Compare(binary, left, right);
        switch (binary.Operator)
        {
            case Operator.StrictEquality or Operator.Equality:
                reading.Compare(left, right);
                return Shape.Flag with { At = At(binary) };
            case >= Operator.Inequality and <= Operator.InstanceOf:
                return Shape.Flag with { At = At(binary) };
            case Operator.Addition:
                Shape sum = left.Is(ShapeKinds.Text) || right.Is(ShapeKinds.Text) ? Shape.Text : left.Is(ShapeKinds.Number) && right.Is(ShapeKinds.Number) ? Shape.Number : Shape.Unknown;
                return sum with { Sources = [.. left.Sources.Union(right.Sources)], At = At(binary) };
            default:
                return Shape.Number with { At = At(binary) };
        }
    }

    private Shape Unary(UnaryExpression unary)
    {
        Shape operand = Infer(unary.Argument);
        return unary.Operator switch
        {
            Operator.LogicalNot or Operator.Delete => Shape.Flag with { At = At(unary) },
            Operator.TypeOf => Shape.Text with { At = At(unary) },
            Operator.UnaryNegation when operand is { IsCopy: false, Constants: [{ } digits] } => Shape.Of(ShapeKinds.Number, "-" + digits.Json, At(unary)),
            Operator.Void => Shape.Null,
            _ => Shape.Number with { At = At(unary) },
        };
    }

    private Shape Template(TemplateLiteral template)
    {
        string[] sources = [.. template.Expressions.SelectMany(e => Infer(e).Sources).Distinct()];
        return template.Expressions.Count == 0
            ? Shape.OfText(template.Quasis[0].Value.Cooked ?? "", At(template))
            : Shape.Text with { Sources = sources, At = At(template) };
    }

    private Shape Object(ObjectExpression made)
    {
        var members = new Dictionary<string, Shape>();
        bool closed = true;
        foreach (Node property in made.Properties)
        {
            string? name = property is Property { Computed: false, Kind: PropertyKind.Init, Key: { } key } ? key is Identifier { Name: var plain } ? plain : (key as StringLiteral)?.Value : null;
            if (name is not null)
            {
                var member = (Property)property;
                Shape value = Infer(member.Value);
                members[name] = value with { At = value.At.Line is null ? At(member.Value) : member.Value is Identifier ? At(member.Value) : value.At, NameAt = At(member.Key) };
                continue;
            }
            Shape spread = property is SpreadElement { Argument: { } argument } ? Infer(argument) : Other(property);
            closed &= property is SpreadElement && spread.IsClosed && spread.Is(ShapeKinds.Object) && spread.Members.Values.All(m => !m.MayBeAbsent);
            foreach ((string inner, Shape value) in spread.Members)
            {
                members[inner] = value with { At = At(property), NameAt = At(property) };
            }
        }
        return Shape.Object(members) with { IsClosed = closed, Sources = [.. members.Values.SelectMany(m => m.Sources).Distinct()], At = At(made) };
    }

    private Shape List(ArrayExpression list)
    {
        Shape[] items = [.. list.Elements.OfType<Node>().Select(e => e is SpreadElement ? Other(e) : Infer(e))];
        return Shape.OfItems(items, At(list));
    }

    private Shape Assignment(AssignmentExpression assignment)
    {
        Shape value = Infer(assignment.Right);
        if (ScriptChanges.BaseOf(assignment.Left) is { } name && roots.Contains(name) && !_locals.ContainsKey(name))
        {
            reading.Write(name, At(assignment.Left));
        }
        else if (assignment.Left is Expression target && assignment.Left is not Identifier)
        {
            Infer(target);
        }
        return value.IsCopy ? value : Shape.Unknown with { At = At(assignment) };
    }

    private Shape Function(IFunction function)
    {
        var outer = new Dictionary<string, Shape>(_locals);
        Shape? returned = _returned;
        int guards = reading.Guards++;
        foreach (Node parameter in function.Params)
        {
            Declare(parameter, Shape.Unknown);
        }
        if (function.Body is Expression expression)
        {
            Infer(expression);
        }
        else
        {
            Statements(function.Body);
        }
        reading.Guards = guards;
        _returned = returned;
        _locals.Clear();
        foreach ((string name, Shape shape) in outer)
        {
            _locals[name] = shape;
        }
        return Shape.Unknown;
    }

    private SourcePosition At(Node node) => source.At(node.Start - shift);
}

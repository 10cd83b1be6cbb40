using Acornima;
using Acornima.Ast;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>Makes a simple script of a syntax tree. Every method returns null for what is not simple.</summary>
/// <param name="roots">The names the script may see.</param>
internal sealed class SimpleCompiler(IReadOnlySet<string> roots)
{
    private const int Deepest = 100;

    private readonly Stack<SimpleScope> _scopes = [];
    private int _depth;
    private int _nodes;

    /// <summary>How many places the script needs for its constants and parameters.</summary>
    public int Slots { get; private set; }

    /// <summary>The statements of a function: constants, and last what it returns.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="parameters">The function's parameters and where they are kept.</param>
    public SimpleBody? Body(in NodeList<Statement> statements, IReadOnlyDictionary<string, int> parameters)
    {
        VariableDeclaration[] constant = [.. statements.OfType<VariableDeclaration>().Where(d => d.Kind == VariableDeclarationKind.Const)];
        if (statements is not [.., ReturnStatement { Argument: { } returned }] || constant.Length != statements.Count - 1)
        {
            return null;
        }
        VariableDeclarator[] declarators = [.. constant.SelectMany(d => d.Declarations)];
        int nodes = _nodes;
        var scope = new SimpleScope(parameters, declarators.SelectMany(d => NamesOf(d.Id)));
        _scopes.Push(scope);
        var constants = new List<(int, SimpleNode)>();
        bool areSimple = Array.TrueForAll(declarators, d => TryDeclare(d, scope, constants));
        SimpleNode? result = areSimple ? Expression(returned) : null;
        _scopes.Pop();
        return result is null ? null : new SimpleBody(constants, result, _nodes - nodes);
    }

    /// <summary>An expression.</summary>
    public SimpleNode? Expression(Node? node)
    {
        _nodes++;
        _depth++;
        SimpleNode? made = _depth > Deepest ? null : Made(node);
        _depth--;
        return made;
    }

    private SimpleNode? Made(Node? node) => node switch
    {
        Identifier name => Named(name.Name),
        StringLiteral text => new SimpleConstant(text.Value),
        BooleanLiteral flag => new SimpleConstant(flag.Value),
        NullLiteral => new SimpleConstant(null),
        NumericLiteral number when SimpleValues.IsExact(number.Value) => new SimpleConstant(number.Value),
        ChainExpression chain => Expression(chain.Expression) is { } end ? new SimpleChain(end) : null,
        MemberExpression member => Member(member),
        CallExpression { Optional: false } call => Call(call),
        LogicalExpression logic => Pair(logic) is var (left, right) ? new SimpleLogic(logic.Operator, left, right) : null,
        BinaryExpression binary => Binary(binary),
        UnaryExpression { Operator: Operator.LogicalNot } not => Expression(not.Argument) is { } argument ? new SimpleNot(argument) : null,
        ConditionalExpression choice => Choice(choice),
        TemplateLiteral template => Template(template),
        ArrayExpression list => All(list.Elements, Entry) is { } items ? new SimpleList(items) : null,
        ObjectExpression members => All(members.Properties, Entry) is { } entries ? new SimpleObject(entries) : null,
        _ => null,
    };

    private SimpleChoice? Choice(ConditionalExpression choice) =>
        Expression(choice.Test) is { } test && Expression(choice.Consequent) is { } yes && Expression(choice.Alternate) is { } no ? new SimpleChoice(test, yes, no) : null;

    private SimpleNode? Named(string name)
    {
        if (name == "undefined")
        {
            return IsGlobal(name) ? new SimpleConstant(SimpleValues.Undefined) : null;
        }
        foreach (SimpleScope scope in _scopes)
        {
            if (scope.Declares(name))
            {
                return scope.SlotOf(name) is { } slot ? new SimpleLocal(slot) : null;
            }
        }
        return roots.Contains(name) ? new SimpleRoot(name) : null;
    }

    private SimpleFunction? FunctionNamed(string name) => _scopes.FirstOrDefault(s => s.Declares(name))?.FunctionOf(name);

    private bool IsGlobal(string name) => !roots.Contains(name) && !_scopes.Any(s => s.Declares(name));

    private SimpleNode? Member(MemberExpression member)
    {
        if (Expression(member.Object) is not { } target)
        {
            return null;
        }
        if (member.Computed)
        {
            return Expression(member.Property) is { } key ? new SimpleIndex(target, member.Optional, key) : null;
        }
        return member.Property is Identifier { Name: var name } && SimpleValues.IsOwnName(name) ? new SimpleMember(target, member.Optional, name) : null;
    }

    private SimpleNode? Call(CallExpression call)
    {
        if (call.Callee is MemberExpression { Computed: false, Property: Identifier { Name: var method } } member)
        {
            return Expression(member.Object) is { } target ? Method(target, member.Optional, method, call.Arguments) : null;
        }
        if (call.Callee is not Identifier { Name: var name })
        {
            return null;
        }
        if (FunctionNamed(name) is { } function)
        {
            return All(call.Arguments, Expression) is { } arguments ? new SimpleCall(function, arguments) : null;
        }
        if (!IsGlobal(name) || call.Arguments is not [var only] || Expression(only) is not { } argument)
        {
            return null;
        }
        if (name == "String")
        {
            return new SimpleTextOf(argument);
        }
        return ScriptSandbox.TextFunctions.TryGetValue(name, out Func<string?, string?>? ours) ? new SimpleTextFunction(ours, argument) : null;
    }

    private SimpleNode? Method(SimpleNode target, bool isOptional, string name, in NodeList<Expression> arguments)
    {
        if (SimpleListMethod.Names.Contains(name) && arguments is [var asked])
        {
            SimpleFunction? function = asked is Identifier known ? FunctionNamed(known.Name) : Function(asked);
            return function is null ? null : new SimpleListMethod(target, isOptional, name, function);
        }
        return SimpleMethods.Names.Contains(name) && All(arguments, Expression) is { } given ? new SimpleMethod(target, isOptional, name, given) : null;
    }

    private SimpleFunction? Function(Node? node)
    {
        if (node is not ArrowFunctionExpression { Async: false } arrow || !arrow.Params.All(p => p is Identifier))
        {
            return null;
        }
        var parameters = arrow.Params.ToDictionary(p => ((Identifier)p).Name, _ => Slots++);
        SimpleBody? body = arrow.Body switch
        {
            BlockStatement block => Body(block.Body, parameters),
            Expression returned => Returned(returned, parameters),
            _ => null,
        };
        return body is null ? null : new SimpleFunction([.. arrow.Params.Select(p => parameters[((Identifier)p).Name])], body);
    }

    private SimpleBody? Returned(Expression returned, IReadOnlyDictionary<string, int> parameters)
    {
        int nodes = _nodes;
        _scopes.Push(new SimpleScope(parameters, []));
        SimpleNode? result = Expression(returned);
        _scopes.Pop();
        return result is null ? null : new SimpleBody([], result, _nodes - nodes);
    }

    private bool TryDeclare(VariableDeclarator declarator, SimpleScope scope, List<(int, SimpleNode)> constants)
    {
        if (declarator.Id is Identifier { Name: var function } && declarator.Init is ArrowFunctionExpression)
        {
            return Function(declarator.Init) is { } made && scope.Add(function, made);
        }
        if (Expression(declarator.Init) is not { } value)
        {
            return false;
        }
        int slot = Slots++;
        constants.Add((slot, value));
        if (declarator.Id is Identifier { Name: var name })
        {
            return scope.Add(name, slot);
        }
        if (declarator.Id is not ObjectPattern { Properties: { Count: > 0 } taken })
        {
            return false;
        }
        foreach (Node property in taken)
        {
            if (property is not Property { Computed: false, Key: Identifier { Name: var key }, Value: Identifier { Name: var local } } || !SimpleValues.IsOwnName(key))
            {
                return false;
            }
            constants.Add((Slots, new SimpleMember(new SimpleLocal(slot), isOptional: false, key)));
            scope.Add(local, Slots++);
        }
        return true;
    }

    private SimpleNode? Binary(BinaryExpression binary)
    {
        bool isLoose = binary.Operator is Operator.Equality or Operator.Inequality;
        if (binary.Operator is not (Operator.Addition or Operator.StrictEquality or Operator.StrictInequality or Operator.Equality or Operator.Inequality)
            || (isLoose && binary.Right is not NullLiteral) || Pair(binary) is not var (left, right))
        {
            return null;
        }
        return binary.Operator == Operator.Addition
            ? new SimpleText([left, right], needsText: true)
            : new SimpleComparison(isLoose, binary.Operator is Operator.Equality or Operator.StrictEquality, left, right);
    }

    private SimpleText? Template(TemplateLiteral template)
    {
        var parts = new List<SimpleNode>();
        for (int i = 0; i < template.Quasis.Count; i++)
        {
            parts.Add(new SimpleConstant(template.Quasis[i].Value.Cooked));
            if (i < template.Expressions.Count)
            {
                if (Expression(template.Expressions[i]) is not { } value)
                {
                    return null;
                }
                parts.Add(value);
            }
        }
        return new SimpleText(parts, needsText: false);
    }

    private SimpleEntry? Entry(Node? node)
    {
        string? name = node switch
        {
            Property { Kind: PropertyKind.Init, Computed: false, Key: Identifier key } => key.Name,
            Property { Kind: PropertyKind.Init, Computed: false, Key: StringLiteral key } => key.Value,
            Property => null,
            _ => "",
        };
        Node? value = node switch
        {
            Property property => property.Value,
            SpreadElement spread => spread.Argument,
            _ => node,
        };
        return name is not null && SimpleValues.IsOwnName(name) && Expression(value) is { } made ? new SimpleEntry(name, made, node is SpreadElement) : null;
    }

    private (SimpleNode Left, SimpleNode Right)? Pair(BinaryExpression binary) =>
        Expression(binary.Left) is { } left && Expression(binary.Right) is { } right ? (left, right) : null;

    private static TMade[]? All<TNode, TMade>(IReadOnlyList<TNode> nodes, Func<TNode, TMade?> make)
        where TMade : class
    {
        var made = new TMade[nodes.Count];
        for (int i = 0; i < made.Length; i++)
        {
            if (make(nodes[i]) is not { } one)
            {
                return null;
            }
            made[i] = one;
        }
        return made;
    }

    private static IEnumerable<string> NamesOf(Node declared) => declared switch
    {
        Identifier name => [name.Name],
        ObjectPattern pattern => pattern.Properties.OfType<Property>().Select(p => p.Value).OfType<Identifier>().Select(i => i.Name),
        _ => [],
    };
}

using System.Collections.Frozen;
using Acornima;
using Acornima.Ast;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Scripts;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>Mistakes of JavaScript itself, which run without an error and not as meant.</summary>
/// <param name="reading">Receives them.</param>
/// <param name="at">Where a node stands in what the author wrote.</param>
internal sealed class ScriptMistakes(Reading reading, Func<Node, SourcePosition> at)
{
    // What they give back is made of what the function gives back.
    private static readonly FrozenSet<string> Asking = FrozenSet.Create("map", "filter", "find", "findIndex", "findLast", "some", "every", "flatMap", "reduce", "sort", "toSorted");

    /// <summary>Looks at a whole script.</summary>
    /// <param name="program">As it was parsed.</param>
    /// <param name="body">What the author wrote of it.</param>
    public void Look(Script program, Node body)
    {
        Constants(program);
        if (!body.ChildNodes.Any(Ends) && body.ChildNodes.Any())
        {
            Note(MisreadingKind.ReturnsNothing, body.ChildNodes.Last(), "script");
        }
    }

    /// <summary>Looks at a comparison whose sides are known.</summary>
    public void Compare(BinaryExpression binary, Shape left, Shape right)
    {
        bool isStrict = binary.Operator is Operator.StrictEquality or Operator.StrictInequality;
        string truth = binary.Operator is Operator.StrictInequality or Operator.Inequality ? "always" : "never";
        if (binary.Operator == Operator.In && right.Is(ShapeKinds.List) && !right.Kinds.HasFlag(ShapeKinds.Null))
        {
            Note(MisreadingKind.NotAPosition, binary, "");
        }
        else if (isStrict && (IsUndefined(binary.Left) || IsUndefined(binary.Right)))
        {
            (Node node, Shape shape) = IsUndefined(binary.Left) ? (binary.Right, right) : (binary.Left, left);
            if (shape is { IsCopy: true, IsUnknown: false, MayBeAbsent: false, NullBecause: null, Sources: [var path] } && shape.Kinds != ShapeKinds.Null && node is MemberExpression { Optional: false })
            {
                reading.Note(new Misreading(MisreadingKind.NeverUndefined, at(binary), path, truth, [], null));
            }
        }
        else if ((isStrict || (binary.Operator is Operator.Equality or Operator.Inequality && IsComposite(left) != IsComposite(right))) && AreApart(left, right))
        {
            string path = left is { IsCopy: true, Sources: [var source] } ? source : "";
            reading.Note(new Misreading(MisreadingKind.OtherType, at(binary.Right), path, truth, [Words(right)], Words(left)));
        }
    }

    /// <summary>Looks at a function that is given to a list.</summary>
    public void Callback(CallExpression call)
    {
        if (call.Callee is MemberExpression { Computed: false, Property: Identifier { Name: var method } } && Asking.Contains(method)
            && call.Arguments.Count > 0 && call.Arguments[0] is IFunction { Body: BlockStatement { Body.Count: > 0 } body } function && !ScriptRules.Returns(body))
        {
            Note(MisreadingKind.ReturnsNothing, (Node)function, method);
        }
    }

    private static bool AreApart(Shape left, Shape right) =>
        left.Kinds is not (ShapeKinds.None or ShapeKinds.Null) && right.Kinds is not (ShapeKinds.None or ShapeKinds.Null) && (left.Kinds & right.Kinds) == ShapeKinds.None;

    private static bool IsComposite(Shape shape) => shape.Is(ShapeKinds.Object) || shape.Is(ShapeKinds.List);

    private static bool IsUndefined(Node node) => node is Identifier { Name: "undefined" };

    private static string Words(Shape shape) => Reading.Describe(shape) ?? (shape.Is(ShapeKinds.Object) ? "an object" : "of another type");

    private void Constants(Script program)
    {
        var declared = new Dictionary<string, int>();
        var constants = new HashSet<string>();
        var assigned = new List<Identifier>();
        Find(program, declared, constants, assigned);
        foreach (Identifier target in assigned.Where(a => constants.Contains(a.Name) && declared[a.Name] == 1))
        {
            Note(MisreadingKind.WritesConstant, target, target.Name);
        }
    }

    private static void Find(Node node, Dictionary<string, int> declared, HashSet<string> constants, List<Identifier> assigned)
    {
        switch (node)
        {
            case VariableDeclaration declaration:
                foreach (Identifier name in declaration.Declarations.SelectMany(d => Names(d.Id)))
                {
                    declared[name.Name] = declared.GetValueOrDefault(name.Name) + 1;
                    if (declaration.Kind == VariableDeclarationKind.Const)
                    {
                        constants.Add(name.Name);
                    }
                }
                break;
            case IFunction function:
                foreach (Identifier name in function.Params.SelectMany(Names))
                {
                    declared[name.Name] = declared.GetValueOrDefault(name.Name) + 1;
                }
                break;
            case AssignmentExpression { Left: Identifier target }:
                assigned.Add(target);
                break;
            case UpdateExpression { Argument: Identifier target }:
                assigned.Add(target);
                break;
        }
        foreach (Node child in node.ChildNodes)
        {
            Find(child, declared, constants, assigned);
        }
    }

    private static IEnumerable<Identifier> Names(Node target) => target switch
    {
        Identifier name => [name],
        Property { Value: { } value } => Names(value),
        AssignmentPattern { Left: { } left } => Names(left),
        _ => target.ChildNodes.SelectMany(Names),
    };

    /// <summary>Whether nothing that follows a statement is reached.</summary>
    private static bool Ends(Node node) => node switch
    {
        ReturnStatement or ThrowStatement => true,
        BlockStatement block => block.Body.Any(Ends),
        IfStatement choice => choice.Alternate is { } otherwise && Ends(choice.Consequent) && Ends(otherwise),
        SwitchStatement choice => choice.Cases.Any(c => c.Test is null) && choice.Cases.Count > 0 && choice.Cases[^1].Consequent.Any(Ends) && !choice.Cases.Any(c => c.Consequent.Any(s => s is BreakStatement)),
        TryStatement tried => (tried.Finalizer is { } last && Ends(last)) || (Ends(tried.Block) && (tried.Handler is null || Ends(tried.Handler.Body))),
        LabeledStatement labelled => Ends(labelled.Body),
        WhileStatement { Test: BooleanLiteral { Value: true } } or ForStatement { Test: null } => true,
        _ => false,
    };

    private void Note(MisreadingKind kind, Node node, string name) => reading.Note(new Misreading(kind, at(node), "", name, [], null));
}

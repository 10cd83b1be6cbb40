using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Acornima;
using Acornima.Ast;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>
/// An expression of members, literals, comparisons and logic, as most conditions are, evaluated on the JSON itself: making a script engine
/// costs far more than the expression. Whatever it is not sure of, errors too, is left to the engine, so it never decides differently.
/// </summary>
internal sealed class SimpleScript
{
    private const double MaxSafeInteger = 9007199254740991;

    private static readonly object Undefined = new();

    // Members that every object has through its prototype.
    private static readonly FrozenSet<string> Inherited = new[]
    {
        "constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
        "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Expression _expression;

    private SimpleScript(Expression expression) => _expression = expression;

    /// <returns>Null when the expression holds anything else.</returns>
    public static SimpleScript? From(Expression expression, IReadOnlySet<string> roots) => IsSimple(expression, roots) ? new SimpleScript(expression) : null;

    /// <returns>False when the engine has to decide.</returns>
    public bool TryEvaluate(Evaluation evaluation, out JsonNode? result)
    {
        result = null;
        if (!TryValue(_expression, evaluation, out object? value) || value is JsonElement || ReferenceEquals(value, Undefined))
        {
            return false;
        }
        result = value switch
        {
            bool flag => evaluation.Flag(flag),
            double number => evaluation.Number(number),
            _ => evaluation.Text((string?)value),
        };
        return true;
    }

    private static bool IsSimple(Node node, IReadOnlySet<string> roots) => node switch
    {
        Identifier root => roots.Contains(root.Name),
        StringLiteral or BooleanLiteral or NullLiteral => true,
        NumericLiteral number => double.IsFinite(number.Value),
        ChainExpression chain => IsSimple(chain.Expression, roots),
        MemberExpression { Computed: false, Property: Identifier name } member => !Inherited.Contains(name.Name) && IsSimple(member.Object, roots),
        LogicalExpression logic => IsSimple(logic.Left, roots) && IsSimple(logic.Right, roots),
        BinaryExpression { Operator: Operator.StrictEquality or Operator.StrictInequality } same => IsSimple(same.Left, roots) && IsSimple(same.Right, roots),
        BinaryExpression { Operator: Operator.Equality or Operator.Inequality, Right: NullLiteral } isNull => IsSimple(isNull.Left, roots),
        UnaryExpression { Operator: Operator.LogicalNot } not => IsSimple(not.Argument, roots),
        ConditionalExpression choice => IsSimple(choice.Test, roots) && IsSimple(choice.Consequent, roots) && IsSimple(choice.Alternate, roots),
        _ => false,
    };

    /// <summary>The value: <see cref="Undefined"/>, null, a bool, double or string, or the JSON of an object or list.</summary>
    private static bool TryValue(Node node, Evaluation evaluation, out object? value)
    {
        switch (node)
        {
            case Identifier root:
                return TryRead(evaluation.Root(root.Name), out value);
            case StringLiteral text:
                value = text.Value;
                return true;
            case NumericLiteral number:
                value = number.Value;
                return true;
            case BooleanLiteral flag:
                value = flag.Value;
                return true;
            case ChainExpression chain:
                return TryMember(chain.Expression, evaluation, out value, out _);
            case MemberExpression:
                return TryMember(node, evaluation, out value, out _);
            case LogicalExpression logic:
                return TryLogic(logic, evaluation, out value);
            case BinaryExpression comparison:
                return TryCompare(comparison, evaluation, out value);
            case UnaryExpression not:
                bool known = TryValue(not.Argument, evaluation, out value);
                value = !IsTrue(value);
                return known;
            case ConditionalExpression choice:
                return TryValue(choice.Test, evaluation, out value) && TryValue(IsTrue(value) ? choice.Consequent : choice.Alternate, evaluation, out value);
            default:
                value = null;
                return node is NullLiteral;
        }
    }

    private static bool TryMember(Node node, Evaluation evaluation, out object? value, out bool isCut)
    {
        isCut = false;
        if (node is not MemberExpression member)
        {
            return TryValue(node, evaluation, out value);
        }
        if (!TryMember(member.Object, evaluation, out value, out isCut))
        {
            return false;
        }
        if (isCut)
        {
            return true;
        }
        if (value is null || ReferenceEquals(value, Undefined))
        {
            // The chain ends here; without the question mark it is an error, which the engine words.
            value = Undefined;
            isCut = member.Optional;
            return isCut;
        }
        if (value is not JsonElement { ValueKind: JsonValueKind.Object } members)
        {
            return false;
        }
        value = Undefined;
        return !members.TryGetProperty(((Identifier)member.Property).Name, out JsonElement found) || TryRead(found, out value);
    }

    private static bool TryLogic(LogicalExpression logic, Evaluation evaluation, out object? value)
    {
        if (!TryValue(logic.Left, evaluation, out value))
        {
            return false;
        }
        bool isDecided = logic.Operator switch
        {
            Operator.LogicalAnd => !IsTrue(value),
            Operator.LogicalOr => IsTrue(value),
            _ => value is not null && !ReferenceEquals(value, Undefined),
        };
        return isDecided || TryValue(logic.Right, evaluation, out value);
    }

    private static bool TryCompare(BinaryExpression comparison, Evaluation evaluation, out object? value)
    {
        value = null;
        if (!TryValue(comparison.Left, evaluation, out object? left) || !TryValue(comparison.Right, evaluation, out object? right) || (left is JsonElement && right is JsonElement))
        {
            return false;
        }
        bool isLoose = comparison.Operator is Operator.Equality or Operator.Inequality;
        bool areSame = isLoose ? left is null || ReferenceEquals(left, Undefined) : Equals(left, right);
        value = areSame == (comparison.Operator is Operator.Equality or Operator.StrictEquality);
        return true;
    }

    private static bool TryRead(JsonElement element, out object? value)
    {
        value = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            JsonValueKind.Number => element.GetDouble(),
            _ => element,
        };
        // Beyond that, scripts see texts or errors.
        return value is not double number || Math.Abs(number) <= MaxSafeInteger;
    }

    private static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        double number => number != 0,
        _ => !ReferenceEquals(value, Undefined),
    };
}

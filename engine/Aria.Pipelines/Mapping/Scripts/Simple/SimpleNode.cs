using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>One expression of a simple script.</summary>
internal abstract class SimpleNode
{
    /// <param name="frame">The evaluation.</param>
    /// <param name="value">One of <see cref="SimpleValues"/>.</param>
    /// <returns>False when the engine has to decide.</returns>
    public abstract bool TryEvaluate(SimpleFrame frame, out object? value);

    /// <summary>Several expressions, in order.</summary>
    protected static bool TryAll(IReadOnlyList<SimpleNode> nodes, SimpleFrame frame, out object?[] values)
    {
        values = new object?[nodes.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (!nodes[i].TryEvaluate(frame, out values[i]))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>A value that stands in the script.</summary>
internal sealed class SimpleConstant(object? constant) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = constant;
        return true;
    }
}

/// <summary>One of the names a mapping may see.</summary>
internal sealed class SimpleRoot(string name) : SimpleNode
{
    // The engine would copy what is looked at, and a text is read again each time: a large root is left to it.
    private const int Largest = 100_000;

    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        JsonElement root = frame.Evaluation.Root(name);
        value = null;
        return JsonMarshal.GetRawUtf8Value(root).Length <= Largest && SimpleValues.TryRead(frame, root, out value);
    }
}

/// <summary>A constant of the script, or a parameter.</summary>
internal sealed class SimpleLocal(int slot) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = frame.Locals[slot];
        return true;
    }
}

/// <summary>The end of a chain with question marks: what follows it is no longer skipped.</summary>
internal sealed class SimpleChain(SimpleNode chain) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value) => chain.TryEvaluate(frame, out value);
}

/// <summary><c>&amp;&amp;</c>, <c>||</c> or <c>??</c>.</summary>
internal sealed class SimpleLogic(Acornima.Operator sign, SimpleNode left, SimpleNode right) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        if (!left.TryEvaluate(frame, out value))
        {
            return false;
        }
        bool isDecided = sign switch
        {
            Acornima.Operator.LogicalAnd => !SimpleValues.IsTrue(value),
            Acornima.Operator.LogicalOr => SimpleValues.IsTrue(value),
            _ => !SimpleValues.IsNothing(value),
        };
        return isDecided || right.TryEvaluate(frame, out value);
    }
}

/// <summary><c>===</c>, <c>!==</c>, and <c>== null</c>, <c>!= null</c>.</summary>
internal sealed class SimpleComparison(bool isLoose, bool isEqual, SimpleNode left, SimpleNode right) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = null;
        if (!left.TryEvaluate(frame, out object? one) || !right.TryEvaluate(frame, out object? other)
            || (!SimpleValues.IsPrimitive(one) && !SimpleValues.IsPrimitive(other)))
        {
            return false;
        }
        value = (isLoose ? SimpleValues.IsNothing(one) : Equals(one, other)) == isEqual;
        return true;
    }
}

/// <summary><c>!</c>.</summary>
internal sealed class SimpleNot(SimpleNode argument) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        bool isKnown = argument.TryEvaluate(frame, out value);
        value = !SimpleValues.IsTrue(value);
        return isKnown;
    }
}

/// <summary><c>? :</c>.</summary>
internal sealed class SimpleChoice(SimpleNode test, SimpleNode yes, SimpleNode no) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value) =>
        test.TryEvaluate(frame, out value) && (SimpleValues.IsTrue(value) ? yes : no).TryEvaluate(frame, out value);
}

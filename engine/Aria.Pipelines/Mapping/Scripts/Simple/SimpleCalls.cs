namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>Constants one after the other, and what is returned.</summary>
/// <param name="constants">The constants and where each one is kept.</param>
/// <param name="result">What is returned.</param>
/// <param name="weight">How many syntax nodes it has.</param>
internal sealed class SimpleBody(IReadOnlyList<(int Slot, SimpleNode Value)> constants, SimpleNode result, int weight)
{
    public bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = null;
        if (!frame.TrySpend(weight))
        {
            return false;
        }
        foreach ((int slot, SimpleNode constant) in constants)
        {
            if (!constant.TryEvaluate(frame, out frame.Locals[slot]))
            {
                return false;
            }
        }
        return result.TryEvaluate(frame, out value);
    }
}

/// <summary>A function of the script. It can name only what stands before it, so it never calls itself.</summary>
/// <param name="parameters">Where its parameters are kept.</param>
/// <param name="body">What it does.</param>
internal sealed class SimpleFunction(IReadOnlyList<int> parameters, SimpleBody body)
{
    public bool TryCall(SimpleFrame frame, ReadOnlySpan<object?> arguments, out object? value)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            frame.Locals[parameters[i]] = i < arguments.Length ? arguments[i] : SimpleValues.Undefined;
        }
        value = null;
        if (!frame.TryEnter() || !body.TryEvaluate(frame, out value))
        {
            return false;
        }
        frame.Leave();
        return true;
    }
}

/// <summary>A call of a function of the script.</summary>
internal sealed class SimpleCall(SimpleFunction function, IReadOnlyList<SimpleNode> arguments) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        value = null;
        return TryAll(arguments, frame, out object?[] given) && function.TryCall(frame, given, out value);
    }
}

/// <summary>A call of <c>String</c>.</summary>
internal sealed class SimpleTextOf(SimpleNode argument) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        string? text = null;
        bool isKnown = argument.TryEvaluate(frame, out object? found) && SimpleValues.TryText(found, out text);
        value = text;
        return isKnown;
    }
}

/// <summary>A call of one of our functions that make a text of a text.</summary>
internal sealed class SimpleTextFunction(Func<string?, string?> function, SimpleNode argument) : SimpleNode
{
    public override bool TryEvaluate(SimpleFrame frame, out object? value)
    {
        if (!argument.TryEvaluate(frame, out value) || value is not (string or null) || !frame.TrySpend((value as string)?.Length ?? 0))
        {
            return false;
        }
        value = function((string?)value);
        return true;
    }
}

/// <summary>A method of lists that asks a function about each item.</summary>
internal sealed class SimpleListMethod(SimpleNode target, bool isOptional, string name, SimpleFunction function) : SimpleLink(target, isOptional)
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal) { "find", "filter", "map", "some", "every" };

    protected override bool TryFollow(SimpleFrame frame, object owner, out object? value)
    {
        value = null;
        if (!SimpleValues.TryList(frame, owner, out object?[]? items))
        {
            return false;
        }
        var kept = new List<object?>();
        for (int i = 0; i < items.Length; i++)
        {
            if (!function.TryCall(frame, [items[i], (double)i, owner], out object? answer))
            {
                return false;
            }
            bool isTrue = SimpleValues.IsTrue(answer);
            switch (name)
            {
                case "find" when isTrue:
                    value = items[i];
                    return true;
                case "some" when isTrue:
                    value = true;
                    return true;
                case "every" when !isTrue:
                    value = false;
                    return true;
                case "filter" when isTrue:
                    kept.Add(items[i]);
                    break;
                case "map":
                    kept.Add(answer);
                    break;
                default:
                    break;
            }
        }
        value = name switch
        {
            "find" => SimpleValues.Undefined,
            "some" => false,
            "every" => true,
            _ => kept.ToArray(),
        };
        return true;
    }
}

/// <summary>A method of texts or lists that takes values.</summary>
internal sealed class SimpleMethod(SimpleNode target, bool isOptional, string name, IReadOnlyList<SimpleNode> arguments) : SimpleLink(target, isOptional)
{
    protected override bool TryFollow(SimpleFrame frame, object owner, out object? value)
    {
        value = null;
        if (!TryAll(arguments, frame, out object?[] given))
        {
            return false;
        }
        return owner is string text
            ? SimpleMethods.TryText(frame, text, name, given, out value)
            : SimpleValues.TryList(frame, owner, out object?[]? items) && SimpleMethods.TryList(frame, items, name, given, out value);
    }
}

using System.Text.Json.Nodes;
using Acornima.Ast;

namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>
/// A script of constants, members, literals, comparisons, functions without recursion and the commonest methods, as most conditions and canonical
/// mappings are, evaluated on the JSON itself: making a script engine costs far more than the script. Whatever it is not sure of, errors too,
/// is left to the engine, so it never decides differently.
/// </summary>
internal sealed class SimpleScript
{
    private readonly SimpleBody _body;
    private readonly int _slots;

    private SimpleScript(SimpleBody body, int slots) => (_body, _slots) = (body, slots);

    /// <param name="expression">One expression.</param>
    /// <param name="roots">The names it may see.</param>
    /// <returns>Null when it holds anything else.</returns>
    public static SimpleScript? From(Expression expression, IReadOnlySet<string> roots)
    {
        var compiler = new SimpleCompiler(roots);
        return compiler.Expression(expression) is { } result ? new SimpleScript(new SimpleBody([], result, 0), compiler.Slots) : null;
    }

    /// <param name="body">The statements of a function.</param>
    /// <param name="roots">The names it may see.</param>
    /// <returns>Null when it holds anything else than constants and, last, what it returns.</returns>
    public static SimpleScript? From(Script body, IReadOnlySet<string> roots)
    {
        var compiler = new SimpleCompiler(roots);
        return compiler.Body(body.Body, new Dictionary<string, int>()) is { } compiled ? new SimpleScript(compiled, compiler.Slots) : null;
    }

    /// <exception cref="MappingLimitException">The result cannot be JSON, or is too large, as the engine would find.</exception>
    /// <returns>False when the engine has to decide; nothing of the evaluation's limits is used then.</returns>
    public bool TryEvaluate(Evaluation evaluation, out JsonNode? result)
    {
        result = null;
        var frame = new SimpleFrame(evaluation, _slots);
        if (!_body.TryEvaluate(frame, out object? value) || !SimpleResult.IsSure(frame, value))
        {
            return false;
        }
        result = SimpleResult.Convert(value, evaluation);
        return true;
    }
}

using System.Text.Json.Nodes;
using Acornima.Ast;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;
using Aria.Pipelines.Mapping.Scripts.Simple;
using Jint;
using Jint.Native;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>A checked script. Parsed once; every evaluation runs in an engine of its own, so nothing leaks from one to the next.</summary>
internal sealed class CompiledScript : MappedValue
{
    private readonly Prepared<Script> _script;
    private readonly IReadOnlySet<string> _known;
    private readonly string[] _roots;
    private readonly string[] _functions;
    private readonly bool _calls;
    private readonly IReadOnlySet<string>? _called;
    private readonly bool _usesMath;
    private readonly SourceText _source;
    private readonly int _shift;
    private readonly SimpleScript? _simple;

    /// <param name="script">The parsed script, wrapped so that it makes one value.</param>
    /// <param name="roots">The names it may see; only those it uses are converted.</param>
    /// <param name="source">The script as the author wrote it.</param>
    /// <param name="shift">UTF-16 units of the wrapping before it.</param>
    /// <param name="simple">The same script, when it needs no engine.</param>
    public CompiledScript(Prepared<Script> script, IReadOnlySet<string> roots, SourceText source, int shift, SimpleScript? simple)
    {
        _simple = simple;
        _script = script;
        _source = source;
        _shift = shift;
        _known = roots;
        _calls = ScriptRules.Calls(script.Program!);
        _called = ScriptRules.NamesUsed(script.Program!);
        _usesMath = script.ReferencedGlobals!.Contains("Math") && !roots.Contains("Math");
        _roots = [.. roots.Where(script.ReferencedGlobals.Contains)];
        _functions = [.. ScriptSandbox.Functions.Where(f => !roots.Contains(f) && script.ReferencedGlobals.Contains(f))];
    }

    public override Shape Infer(Reading reading) => new ScriptReading(reading, _known, _source, _shift).Read(_script.Program!);

    public override JsonNode? Evaluate(Evaluation evaluation)
    {
        try
        {
            if (_simple is not null && _simple.TryEvaluate(evaluation, out JsonNode? found))
            {
                return found;
            }
            using Engine engine = ScriptSandbox.Create(evaluation.CancellationToken);
            var input = new ScriptInput(engine);
            foreach (string root in _roots)
            {
                input.Define(engine.Global, root, evaluation.Root(root));
            }
            // A script that calls nothing, as most conditions, cannot reach the guarded builtins: it need not pay for them.
            if (_calls)
            {
                ScriptTexts.Guard(engine, _called);
            }
            if (_usesMath)
            {
                ScriptSandbox.RemoveChance(engine);
            }
            foreach (string function in _functions)
            {
                ScriptSandbox.Add(engine, function);
            }
            JsValue result = engine.Evaluate(in _script);
            return new ScriptOutput(evaluation, input).Convert(result);
        }
        catch (Exception e) when (!evaluation.CancellationToken.IsCancellationRequested)
        {
            throw ScriptFailure.From(e, At);
        }
        catch (Jint.Runtime.ExecutionCanceledException e)
        {
            throw new OperationCanceledException("The mapping was cancelled.", e, evaluation.CancellationToken);
        }
    }

    private SourcePosition At(int line, int column) => _source.At(line, line == 1 ? column - _shift : column);
}

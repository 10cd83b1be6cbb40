using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Scripts.Simple;
using Jint;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>Parses and checks scripts; a script that compiles can only fail on data or limits.</summary>
internal static partial class ScriptCompiler
{
    // A function, so that 'this' is not the global object; a last statement, because limits are looked at between statements.
    private const string Before = "const $result=(function(){";
    private const string After = "})();$result";

    private static readonly ScriptPreparationOptions Preparation = new()
    {
        CollectReferencedGlobals = true,
        ParsingOptions = new ScriptParsingOptions { RegexTimeout = MappingLimits.Regex },
    };

    /// <summary>A single expression.</summary>
    public static MappedValue? CompileExpression(SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        if (IsTooLarge(source, bag))
        {
            return null;
        }
        Expression? expression = null;
        ScriptProblem? problem = Check(() => expression = new Parser().ParseExpression(source.Text, strict: true));
        return problem is null ? Prepare(Before + "return(", "\n)" + After, source, roots, bag, SimpleScript.From(expression!, roots)) : Report(problem, source, bag);
    }

    /// <summary>A file: an expression, or else a function body that returns.</summary>
    public static MappedValue? CompileFile(SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        if (IsTooLarge(source, bag))
        {
            return null;
        }
        string expression = source.Text.TrimEnd();
        expression = expression.EndsWith(';') ? expression[..^1] : expression;
        Expression? whole = null;
        ScriptProblem? asExpression = Check(() => whole = new Parser().ParseExpression(expression, strict: true));
        if (asExpression is null)
        {
            return Prepare(Before + "return(", "\n)" + After, SourceText.OfFile(source.Start.File!, expression), roots, bag, SimpleScript.From(whole!, roots));
        }
        Script? body = null;
        ScriptProblem? asBody = Check(() => body = new Parser(new ParserOptions { AllowReturnOutsideFunction = true }).ParseScript(source.Text, strict: true));
        if (asBody is not null)
        {
            // JavaScript ends the statement at the line break; what follows is then no object, and only there an error.
            if (BrokenReturn().Matches(source.Text).LastOrDefault(m => m.Index < asBody.Offset) is { } broken)
            {
                return Report(new ScriptProblem(broken.Index, "A line break ends 'return': write what it returns, or its opening bracket, on the same line."), source, bag);
            }
            return Report(asBody.Offset >= asExpression.Offset ? asBody : asExpression, source, bag);
        }
        if (!ScriptRules.Returns(body!))
        {
            int exported = Math.Max(source.Text.IndexOf("module.exports", StringComparison.Ordinal), source.Text.IndexOf("exports.", StringComparison.Ordinal));
            bag.Error(MappingCodes.NoReturn, exported < 0 ? source.Start : source.At(exported), "The script never returns a value.", exported < 0 ? "Write one expression, or statements that end with 'return …;'." : "A mapping is no module: write 'return …;'.");
            return null;
        }
        return Prepare(Before, "\n" + After, source, roots, bag, SimpleScript.From(body!, roots));
    }

    private static CompiledScript? Prepare(string before, string after, SourceText source, IReadOnlySet<string> roots, DiagnosticBag bag, SimpleScript? simple)
    {
        Prepared<Script> prepared = default;
        ScriptProblem? problem = Check(() => prepared = Engine.PrepareScript(before + source.Text + after, source.Start.File, strict: true, Preparation));
        if (problem is not null)
        {
            Report(problem with { Offset = problem.Offset - before.Length }, source, bag);
            return null;
        }
        int errors = bag.Items.Count;
        var rules = new ScriptRules(source, before.Length, bag);
        rules.Check(prepared.Program!, prepared.ReferencedGlobals!, roots);
        return bag.Items.Count > errors ? null : new CompiledScript(prepared, roots, source, before.Length, simple);
    }

    private static bool IsTooLarge(SourceText source, DiagnosticBag bag)
    {
        if (source.Text.Length <= MappingLimits.SourceLength)
        {
            return false;
        }
        bag.Error(MappingCodes.TooLarge, source.Start, $"The script is too_large: {source.Text.Length} characters.", $"A script may have {MappingLimits.SourceLength} characters.");
        return true;
    }

    private static MappedValue? Report(ScriptProblem problem, SourceText source, DiagnosticBag bag)
    {
        bag.Error(MappingCodes.ScriptSyntax, source.At(problem.Offset), "The script cannot be parsed.", problem.Reason);
        return null;
    }

    private static ScriptProblem? Check(Action parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (Exception e)
        {
            Exception cause = e is ScriptPreparationException { InnerException: { } inner } ? inner : e;
            return cause switch
            {
                ParseErrorException error => new ScriptProblem(error.Error.Index, error.Error.Description),
                InsufficientExecutionStackException => new ScriptProblem(0, "It is nested too deeply."),
                _ => new ScriptProblem(0, cause.Message),
            };
        }
    }

    [GeneratedRegex(@"\breturn[ \t]*\r?\n\s*[\{\[\(]", RegexOptions.None, 10_000)]
    private static partial Regex BrokenReturn();

    private sealed record ScriptProblem(int Offset, string Reason);
}

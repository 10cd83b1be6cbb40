using System.Collections.Frozen;
using Aria.Pipelines.Definitions;
using Scriban;
using Scriban.Functions;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>Makes the context for one rendering: strict, limited, with shared builtins that templates can read but not change.</summary>
internal static class TemplateSandbox
{
    /// <summary>Objects whose members are functions.</summary>
    public static readonly IReadOnlyList<string> Objects = ["aria", "array", "date", "html", "math", "object", "regex", "string", "timespan"];

    /// <summary>Every global name beside the roots and the template's own variables.</summary>
    public static readonly FrozenSet<string> Names = Objects.Concat(["empty", "for", "while", "tablerow"]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly BuiltinFunctions Builtins = MakeBuiltins();

    public static TemplateContext Create(CheckedTemplate template, Evaluation evaluation)
    {
        var context = new TemplateContext(Builtins)
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedIndexerAccess = false,
            ErrorForStatementFunctionAsExpression = true,
            LoopLimit = MappingLimits.TemplateLoops,
            RecursiveLimit = MappingLimits.TemplateRecursion,
            LimitToString = MappingLimits.TextLength,
            OutputLimit = MappingLimits.TextLength,
            OnStringLimit = ScriptLimitBehavior.Throw,
            OnOutputLimit = ScriptLimitBehavior.Throw,
            RegexTimeOut = MappingLimits.Regex,
            NewLine = "\n",
            CancellationToken = evaluation.TemplateDeadline,
            TryGetMember = (TemplateContext _, SourceSpan span, object target, string member, out object? value) => MissingMember(template, span, target, member, out value),
        };
        var roots = new ScriptObject();
        foreach (string root in template.Roots)
        {
            roots[root] = evaluation.TemplateRoot(root, TemplateValues.FromJson);
        }
        roots.IsReadOnly = true;
        context.PushGlobal(roots);
        context.PushGlobal(new ScriptObject());
        return context;
    }

    private static bool MissingMember(CheckedTemplate template, SourceSpan span, object target, string member, out object? value)
    {
        value = null;
        if (template.OptionalMembers.Contains(span.Start.Offset))
        {
            return true;
        }
        string[] known = target is ScriptObject members ? [.. members.Keys] : [];
        string detail = Suggestion.For(member, known) + " When it may be missing, write '?.' before it.";
        string summary = $"Member '{member}' does not exist.";
        throw new ScriptRuntimeException(span, summary, new MappingLimitException(MappingCodes.TemplateError, summary, detail.TrimStart()));
    }

    private static BuiltinFunctions MakeBuiltins()
    {
        var builtins = new BuiltinFunctions();
        builtins.Remove("include");
        builtins.Remove("include_join");
        builtins.Remove("blank");
        Without(builtins, "math", "random", "uuid");
        Without(builtins, "object", "eval", "eval_template");
        builtins.SetValue("date", TemplateDates.Make(), readOnly: true);
        builtins.SetValue("aria", Functions(), readOnly: true);
        foreach (string name in Objects)
        {
            ((ScriptObject)builtins[name]!).IsReadOnly = true;
        }
        builtins.IsReadOnly = true;
        return builtins;
    }

    private static void Without(BuiltinFunctions builtins, string owner, params ReadOnlySpan<string> members)
    {
        foreach (string member in members)
        {
            ((ScriptObject)builtins[owner]!).Remove(member);
        }
    }

    private static ScriptObject Functions()
    {
        var functions = new ScriptObject();
        functions.Import("canonical_email", MappingFunctions.CanonicalEmail);
        functions.Import("round", MappingFunctions.Round);
        functions.Import("base64", MappingFunctions.Base64);
        functions.Import("sha256_hex", MappingFunctions.Sha256Hex);
        functions.Import("escape_html", MappingFunctions.EscapeHtml);
        functions.Import("truncate", MappingFunctions.Truncate);
        return functions;
    }
}

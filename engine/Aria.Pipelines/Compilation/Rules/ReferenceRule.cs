using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>What mappings read is there when they read it.</summary>
internal sealed class ReferenceRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        HashSet<string> ids = [.. pipeline.Steps.Select(s => s.Definition.Id)];
        var seen = new HashSet<(SourcePosition, string)>();
        foreach (Misreading found in pipeline.Readings.SelectMany(r => r.Found).Where(f => seen.Add((f.At, f.Name))))
        {
            switch (found.Kind)
            {
                case MisreadingKind.UnknownMember when found.Path == "steps":
                    Step(found, ids, bag);
                    break;
                case MisreadingKind.UnknownMember:
                    Member(found, bag);
                    break;
                case MisreadingKind.MayBeNull:
                    bag.Warning(RuleCodes.MayBeNull, found.At, $"'{Named(found)}' is read, but {Owner(found)} is not there in every run: {found.Why}.", "Write '?.' before the member, or give this step a 'when' that asks first.");
                    break;
                case MisreadingKind.NeverEqual:
                    bag.Warning(RuleCodes.NeverEqual, found.At, $"'{found.Path}' is never '{found.Name}', so this is never true.", Suggestion.For(found.Name, [.. found.Known]));
                    break;
                case MisreadingKind.WritesInput:
                    bag.Error(RuleCodes.WritesInput, found.At, $"'{found.Path}' is assigned to, but a mapping only reads it.", "To compare, write '==='; to change a value, copy it into an object of your own.");
                    break;
                default:
                    Language(found, bag);
                    break;
            }
        }
    }

    /// <summary>What the language allows, and nobody means.</summary>
    private static void Language(Misreading found, DiagnosticBag bag)
    {
        switch (found.Kind)
        {
            case MisreadingKind.OtherType:
                string left = found.Path.Length == 0 ? "The left side" : $"'{found.Path}'";
                string advice = found.Why == "true or false" ? "'!' binds closer than '===': write a !== b, or !(a === b)." : "Compare with a value of its type, or with one of its members; ids are texts.";
                bag.Warning(RuleCodes.NeverEqual, found.At, $"{left} is {found.Why}, and what it is compared with is {found.Known[0]}, so this is {found.Name} true.", advice);
                break;
            case MisreadingKind.NeverUndefined:
                bag.Warning(RuleCodes.NeverEqual, found.At, $"'{found.Path}' is never undefined, so this is {found.Name} true.", "What is not known is null: compare with null.");
                break;
            case MisreadingKind.NotAPosition:
                bag.Warning(RuleCodes.NeverEqual, found.At, "'in' asks whether a list has such a position, not such a value.", "Write ['a', 'b'].includes(value).");
                break;
            case MisreadingKind.WritesConstant:
                bag.Error(RuleCodes.WritesInput, found.At, $"'{found.Name}' is a constant and is assigned to.", "Declare it with 'let', or with its final value.");
                break;
            case MisreadingKind.ReturnsNothing when found.Name == "script":
                bag.Warning(RuleCodes.ReturnsNothing, found.At, "The script can end behind this without a value.", "End it with 'return …;', also for the case that no condition holds.");
                break;
            case MisreadingKind.ReturnsNothing:
                bag.Warning(RuleCodes.ReturnsNothing, found.At, $"The function given to '{found.Name}' returns nothing.", "With braces it needs 'return'; without them, what stands behind '=>' is returned. An object goes into parentheses: x => ({ … }).");
                break;
            case MisreadingKind.NotAFunction:
                bag.Error(RuleCodes.MisreadText, found.At, $"{found.Name} is not a function, but a value follows it.", "Between two values stands an operator, for example '+'.");
                break;
            default:
                string what = found.Path.Length == 0 ? "An object" : $"'{found.Path}' is an object and";
                bag.Warning(RuleCodes.MisreadText, found.At, $"{what} stands in the middle of a text, with all its members.", found.Known.Count == 0 ? "Name the member that is meant." : $"Name the member that is meant: {string.Join(", ", found.Known)}.");
                break;
        }
    }

    private static void Step(Misreading found, HashSet<string> ids, DiagnosticBag bag)
    {
        if (ids.Contains(found.Name))
        {
            bag.Error(RuleCodes.StepNotYetRun, found.At, $"Step '{found.Name}' has not run when this is evaluated.", "Steps run from top to bottom: move this one below it, or use an earlier step.");
            return;
        }
        string known = found.Known.Count == 0 ? "No step has run before this one." : Suggestion.For(found.Name, [.. found.Known]);
        bag.Error(RuleCodes.UnknownStep, found.At, $"There is no step '{found.Name}'.", known);
    }

    private static void Member(Misreading found, DiagnosticBag bag)
    {
        if (found.Path is "lookups")
        {
            string tables = found.Known.Count == 0 ? "This pipeline has no 'lookups'." : Suggestion.For(found.Name, [.. found.Known]);
            bag.Error(RuleCodes.UnknownLookup, found.At, $"There is no lookup table '{found.Name}'.", tables);
            return;
        }
        if (found.Path.StartsWith("lookups.", StringComparison.Ordinal) && found.Why is null)
        {
            bag.Error(RuleCodes.UnknownLookup, found.At, $"Lookup table '{found.Path[8..]}' has no key '{found.Name}'.", Suggestion.For(found.Name, [.. found.Known]));
            return;
        }
        string owner = found.Path.Length == 0 ? "The value" : $"'{found.Path}'";
        string summary = found.Why is { } type ? $"{owner} is {type} and has no member '{found.Name}'." : $"{owner} has no member '{found.Name}'.";
        string raw = found.Path == "event" ? " The vendor's own payload is at 'event.raw'." : "";
        bag.Error(RuleCodes.UnknownMember, found.At, summary, found.Known.Count == 0 ? "" : Suggestion.For(found.Name, [.. found.Known]) + raw);
    }

    private static string Named(Misreading found) => found.Path.Length == 0 ? found.Name : $"{found.Path}.{found.Name}";

    private static string Owner(Misreading found) => found.Path is "" ? "its value" : found.Path is "steps" ? "the step" : $"'{found.Path}'";
}

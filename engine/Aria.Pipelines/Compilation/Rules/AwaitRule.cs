using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>An await can be ended by an event: its match is a value, differs between runs, and is an id of the right thing.</summary>
internal sealed class AwaitRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps.Where(s => s.Definition.Await is not null))
        {
            foreach (Reference again in step.Definition.Await!.On.GroupBy(o => o.Name).SelectMany(g => g.Skip(1)))
            {
                bag.Warning(RuleCodes.RedundantTrigger, again.Position, $"Await '{step.Definition.Id}' names '{again.Name}' twice.", "One of the two was probably meant to be another event.");
            }
            bool isConstant = step.Match.All(m => m.Value is { IsCopy: false, Constants.Count: > 0 });
            foreach ((string key, Shape value) in step.Match.Where(m => IsDeclared(step, m.Key)))
            {
                Check(step.Definition, key, value, isConstant, bag);
            }
        }
    }

    private static bool IsDeclared(StepFacts step, string key) =>
        step.Await is not { } wait || wait.Events.All(e => e.Connection.Connector.Events[e.EventType].Correlation.ContainsKey(key));

    private static void Check(StepDefinition step, string key, Shape value, bool isConstant, DiagnosticBag bag)
    {
        if (value.Kinds is ShapeKinds.Null || (!value.IsUnknown && (value.Kinds & (ShapeKinds.Text | ShapeKinds.Number | ShapeKinds.Flag)) == ShapeKinds.None))
        {
            string what = value.Kinds == ShapeKinds.Null ? "null" : InputRule.Describe(value.Kinds);
            bag.Error(RuleCodes.NeverMatches, value.At, $"Await '{step.Id}' can never match: '{key}' is {what}.", "Give the id that the awaited event will carry, as a text.");
        }
        else if (isConstant)
        {
            bag.Error(RuleCodes.NeverMatches, value.At, $"Await '{step.Id}' waits for the same '{key}' in every run.", "Take the id from the event or from an earlier step.");
        }
        else if (value is { IsCopy: true, Sources: [var path] } && NounOf(path) is { } noun && NounOf(key) is { } wanted && noun != wanted)
        {
            bag.Warning(RuleCodes.NeverMatches, value.At, $"Await '{step.Id}' hardly ever matches: '{key}' is the id of {Article(wanted)}, '{path}' the id of {Article(noun)}.", "Give the id that the awaited event will carry.");
        }
    }

    /// <summary>The thing that a name ending in <c>.id</c> or <c>_id</c> identifies; null for other names, and for ids that another system gave.</summary>
    private static string? NounOf(string path)
    {
        if (path.Contains(".raw.", StringComparison.Ordinal))
        {
            return null;
        }
        string[] parts = path.Split('.');
        string last = parts[^1];
        string? noun = last.EndsWith("_id", StringComparison.Ordinal) ? last[..^3]
            : last == "id" && parts.Length > 1 && parts[^2] != "output" ? parts[^2]
            : null;
        return noun is "external" or "reference" or "correlation" or "custom" or "client" or "source" or "remote" ? null : noun;
    }

    private static string Article(string noun) => ("aeiou".Contains(noun[0], StringComparison.Ordinal) ? "an " : "a ") + noun.Replace('_', ' ');
}

using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>An action that causes an event which starts a pipeline, with no condition or claim between them.</summary>
/// <param name="Action">The action, as its pipeline names it.</param>
/// <param name="Event">The event, as the pipeline that it starts names it.</param>
internal sealed record TriggeringAction(Reference Action, Reference Event)
{
    /// <summary>The actions of one pipeline that start another, or itself.</summary>
    public static IEnumerable<TriggeringAction> Between(PipelineFacts from, PipelineFacts to)
    {
        bool claimed = from.Steps.Any(s => s.Definition.Once is not null);
        foreach (StepFacts step in from.Steps.Where(s => s.Definition.When is null && !claimed))
        {
            if (step.Action is { } action && to.Triggers.FirstOrDefault(t => t.Definition.When is null
                && t.Connection.Id == action.Connection.Id && action.Operation.Causes.Contains(t.Event.Type)) is { } trigger)
            {
                yield return new TriggeringAction(step.Definition.Action!, trigger.Definition.On!);
            }
        }
    }
}

using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>Times are above zero and do not contradict each other.</summary>
internal sealed class DurationRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepDefinition step in pipeline.Steps.Select(s => s.Definition))
        {
            if (step.Await is { } wait && step.Written.Optional("await") is { } written)
            {
                Zero(wait.Timeout, written.Optional("timeout"), $"Await '{step.Id}' times out at once", "Write how long an answer may take, for example 14d.", bag);
            }
            CheckOnce(step, pipeline.Definition.Steps, bag);
            CheckRetry(step, bag);
        }
    }

    private static void CheckOnce(StepDefinition step, IReadOnlyList<StepDefinition> steps, DiagnosticBag bag)
    {
        if (step.Once is not { } once || step.Written.Optional("once")?.Optional("within") is not { } within)
        {
            return;
        }
        Zero(once.Within, within, $"The claim of step '{step.Id}' ends at once", "Write for how long the same key is not processed again, for example 30d.", bag);
        TimeSpan longestWait = steps.SkipWhile(s => s != step).Max(s => s.Await?.Timeout) ?? TimeSpan.Zero;
        if (once.Within > TimeSpan.Zero && once.Within < longestWait)
        {
            bag.Warning(RuleCodes.ImplausibleTime, within.Position, $"The claim of step '{step.Id}' ends before the wait that follows: the same key can begin again while its first run still waits.", "Make 'within' at least as long as the await's 'timeout'.");
        }
    }

    private static void CheckRetry(StepDefinition step, DiagnosticBag bag)
    {
        if (step.Retry is not { } retry || step.Written.Optional("retry") is not { } written)
        {
            return;
        }
        if (retry.Delay > RetryDefaults.LongestDelay)
        {
            bag.Warning(RuleCodes.ImplausibleTime, (written.Optional("delay") ?? written).Position, $"The retry delay of step '{step.Id}' is longer than the longest wait between two tries, 1h.", "Write 1h or less; for days, use an await or a schedule.");
        }
        if (retry.Max == 1 && written.Optional("delay") is { } unused)
        {
            bag.Warning(RuleCodes.ImplausibleTime, unused.NamePosition, $"Step '{step.Id}' has a retry delay, but only one try.", "'max' counts all tries: write 2 or more, or leave 'delay' out.");
        }
    }

    private static void Zero(TimeSpan time, JsonCursor? written, string problem, string fix, DiagnosticBag bag)
    {
        // A text that is no duration reads as zero and is reported by the reader.
        if (time == TimeSpan.Zero && written is { Element: { ValueKind: System.Text.Json.JsonValueKind.String } text } at && JsonCursor.ParseDuration(text.GetString()!) is not null)
        {
            bag.Error(RuleCodes.ImplausibleTime, at.Position, $"{problem}: '{text.GetString()}' is no time.", fix);
        }
    }
}

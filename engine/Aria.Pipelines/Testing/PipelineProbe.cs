using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Testing;

/// <summary>Lists what there is to reach in a pipeline, and notes what is reached.</summary>
internal sealed class PipelineProbe
{
    private readonly List<CoveragePoint> _all = [];
    private readonly HashSet<CoveragePoint> _reached = [];
    private readonly Pipeline _original;

    public PipelineProbe(Pipeline pipeline)
    {
        _original = pipeline;
        Pipeline = pipeline with
        {
            Triggers = [.. pipeline.Triggers.Select(Probed)],
            Rollout = Probed(pipeline.Rollout),
            Steps = [.. pipeline.Steps.Select(Probed)],
            OnFailure = [.. pipeline.OnFailure.Select(Probed)],
        };
        if (pipeline.Manual is not null)
        {
            Exists(CoverageKind.Branch, "trigger manual");
        }
        if (pipeline.Schedules.Count > 0)
        {
            Exists(CoverageKind.Branch, "trigger schedule");
        }
    }

    /// <summary>The same pipeline, whose mappings tell when they are evaluated.</summary>
    public Pipeline Pipeline { get; }

    public PipelineCoverage Coverage => new(_original.Id, _all, _reached);

    /// <summary>Notes what a run of the pipeline reached.</summary>
    public void Note(RunDetail run)
    {
        Reach(CoverageKind.Branch, run.Run.EventType switch
        {
            ManualTrigger.EventType => "trigger manual",
            ScheduleTrigger.EventType => "trigger schedule",
            string type => $"trigger {Alias(run.Run.Connection)}.{type}",
        });
        if (_original.Rollout is not null && run.Run.Code != "when")
        {
            Reach(CoverageKind.Branch, run.Run.Code == "rollout" ? "rollout: outside" : "rollout: inside");
        }
        foreach (Step step in PipelineSteps.All(_original))
        {
            StepRecord? record = run.Steps.FirstOrDefault(s => s.Path == step.Path);
            bool isTried = record is { State: StepState.Succeeded or StepState.Failed } || (step is ActionStep tried && run.Effects.Any(e => tried.EffectPaths.Contains(e.Path)));
            if (isTried)
            {
                Reach(CoverageKind.Step, step.Path);
            }
            Note(step, record, isTried);
            if (step is ActionStep { Once: not null } && !isTried && record is null && run.Run is { State: RunState.Skipped, Code: "once" })
            {
                // The claim that was lost is the first one that nothing followed.
                Reach(CoverageKind.Branch, $"{step.Path}.once: taken before");
                break;
            }
        }
    }

    private void Note(Step step, StepRecord? record, bool isTried)
    {
        switch (step)
        {
            case ActionStep action when isTried:
                if (action.Once is not null)
                {
                    Reach(CoverageKind.Branch, $"{step.Path}.once: free");
                }
                if (action.OnFailure == FailurePolicy.Continue && record is { State: StepState.Failed })
                {
                    Reach(CoverageKind.Branch, $"{step.Path}: continued after failure");
                }
                break;
            case AwaitStep when record is { State: StepState.Succeeded }:
                JsonNode output = JsonNode.Parse(record.Output!)!;
                Reach(CoverageKind.Branch, output["outcome"]!.GetValue<string>() == "timeout" ? $"{step.Path}: timeout" : $"{step.Path}: {output["event"]!["type"]}");
                break;
            case AwaitStep when record is { State: StepState.Failed }:
                Reach(CoverageKind.Branch, $"{step.Path}: timeout");
                break;
        }
    }

    private Trigger Probed(Trigger trigger)
    {
        string name = $"trigger {Alias(trigger.Connection.Id)}.{trigger.EventType}";
        if (trigger.When is null)
        {
            Exists(CoverageKind.Branch, name);
            return trigger;
        }
        string condition = $"{name} when";
        for (int number = 2; _all.Exists(p => p.Name == condition); number++)
        {
            condition = $"{name} when #{number}";
        }
        return trigger with { When = Condition(trigger.When, condition) };
    }

    private Rollout? Probed(Rollout? rollout)
    {
        if (rollout is null)
        {
            return null;
        }
        Exists(CoverageKind.Branch, "rollout: inside");
        Exists(CoverageKind.Branch, "rollout: outside");
        return rollout with { By = Mapping(rollout.By, "rollout.by") };
    }

    private Step Probed(Step step)
    {
        Exists(CoverageKind.Step, step.Path);
        CompiledMapping? when = Condition(step.When, $"{step.Path}.when");
        return step switch
        {
            MapStep map => map with { When = when, Map = Mapping(map.Map, $"{step.Path}.map") },
            AwaitStep wait => Probed(wait) with { When = when },
            _ => Probed((ActionStep)step) with { When = when },
        };
    }

    private AwaitStep Probed(AwaitStep wait)
    {
        foreach ((_, string type) in wait.Events.DistinctBy(e => e.EventType))
        {
            Exists(CoverageKind.Branch, $"{wait.Path}: {type}");
        }
        Exists(CoverageKind.Branch, $"{wait.Path}: timeout");
        return wait with { Match = [.. wait.Match.Select(m => KeyValuePair.Create<string, CompiledMapping>(m.Key, Mapping(m.Value, $"{wait.Path}.match.{m.Key}")))] };
    }

    private ActionStep Probed(ActionStep action)
    {
        CompiledMapping? with = action.With is { } mapping ? Mapping(mapping, $"{action.Path}.with") : null;
        Once? once = action.Once;
        if (once is not null)
        {
            Exists(CoverageKind.Branch, $"{action.Path}.once: free");
            Exists(CoverageKind.Branch, $"{action.Path}.once: taken before");
            once = once with { Key = Mapping(once.Key, $"{action.Path}.once.key") };
        }
        if (action.OnFailure == FailurePolicy.Continue)
        {
            Exists(CoverageKind.Branch, $"{action.Path}: continued after failure");
        }
        return action with { With = with, Once = once, OnFailureSteps = [.. action.OnFailureSteps.Select(Probed)] };
    }

    private ProbedMapping? Condition(CompiledMapping? condition, string name)
    {
        if (condition is null)
        {
            return null;
        }
        Exists(CoverageKind.Branch, $"{name}: true");
        Exists(CoverageKind.Branch, $"{name}: false");
        ProbedMapping probed = Mapping(condition, name);
        return new ProbedMapping(probed, result => Reach(CoverageKind.Branch, $"{name}: {(result?.ToJsonString() == "true" ? "true" : "false")}"));
    }

    private ProbedMapping Mapping(CompiledMapping mapping, string name)
    {
        Exists(CoverageKind.Mapping, name);
        return new ProbedMapping(mapping, _ => Reach(CoverageKind.Mapping, name));
    }

    private string Alias(string connection) => _original.Connections.FirstOrDefault(c => c.Value.Id == connection).Key ?? connection;

    private void Exists(CoverageKind kind, string name) => _all.Add(new CoveragePoint(kind, name));

    private void Reach(CoverageKind kind, string name) => _reached.Add(new CoveragePoint(kind, name));
}

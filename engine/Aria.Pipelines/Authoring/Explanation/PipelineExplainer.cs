using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Authoring.Explanation;

/// <summary>Explains a compiled pipeline: the words of its file, and what they mean with the connectors that are installed.</summary>
internal static class PipelineExplainer
{
    /// <param name="pipeline">The pipeline, compiled without errors.</param>
    /// <param name="bundle">The files it was compiled from.</param>
    public static PipelineExplanation Explain(Pipeline pipeline, DefinitionBundle bundle)
    {
        var unreported = new DiagnosticBag();
        SourceDocument document = SourceDocument.Parse(bundle.PathOf(DefinitionBundle.PipelineFile), bundle.Read(DefinitionBundle.PipelineFile)!, unreported)!;
        PipelineDefinition written = PipelineReader.Read(pipeline.Id, document, unreported);
        return new PipelineExplanation(
            pipeline.Id,
            pipeline.Hash,
            pipeline.Description,
            pipeline.Enabled,
            [.. pipeline.Connections.Select(c => new ExplainedConnection(c.Key, c.Value.Id, c.Value.Connector.Name, c.Value.Connector.Version, c.Value.Connector.Title))],
            [.. written.Triggers.Select(t => Trigger(t, pipeline))],
            written.Rollout is { } rollout ? new ExplainedRollout(Wording.Short(rollout.By), rollout.Only) : null,
            Steps(written.Steps, pipeline.Steps),
            Steps(written.OnFailure, pipeline.OnFailure));
    }

    private static ExplainedTrigger Trigger(TriggerDefinition written, Pipeline pipeline)
    {
        if (written.Schedule is { } schedule)
        {
            string times = schedule.Every is { } every ? $"every {Wording.Of(every.Period)}" : $"at {schedule.Cron!.Name} ({schedule.TimeZone?.Name ?? "UTC"})";
            return new ExplainedTrigger(null, "", null, null) { Schedule = times };
        }
        if (written.On is not { } on)
        {
            string id = pipeline.Manual!.IdMember;
            return new ExplainedTrigger(null, pipeline.Manual.Operation.Description, null, $"{written.ManualSubject!.Name.Split('.')[0]}.{pipeline.Manual.Operation.Name} by {id}");
        }
        (string alias, string type) = Split(on.Name);
        return new ExplainedTrigger(on.Name, pipeline.Connections[alias].Connector.Events[type].Description, written.When is { } when ? Wording.Short(when) : null, null);
    }

    private static IReadOnlyList<ExplainedStep> Steps(IReadOnlyList<StepDefinition> written, IReadOnlyList<Step> compiled) =>
        [.. written.Zip(compiled, Explain)];

    private static ExplainedStep Explain(StepDefinition written, Step compiled)
    {
        var step = new ExplainedStep(compiled.Id, compiled.Kind) { When = written.When is { } when ? Wording.Short(when) : null };
        return compiled switch
        {
            ActionStep action => Action(step, written, action),
            AwaitStep wait => step with
            {
                Events = [.. written.Await!.On.Select(o => o.Name)],
                Match = [.. written.Await.Match.Select(m => $"{m.Key} is {Wording.Short(m.Value)}")],
                Timeout = Wording.Of(wait.Timeout),
                OnTimeout = wait.ContinueOnTimeout ? "continue" : "fail",
            },
            _ => step with { Input = Wording.Source(written.Map) },
        };
    }

    private static ExplainedStep Action(ExplainedStep step, StepDefinition written, ActionStep action)
    {
        EffectClass effect = action.Operation.EffectFor(action.Connection).Allowing(action.AllowsDuplicates);
        Connector connector = action.Connection.Connector;
        return step with
        {
            Action = written.Action!.Name,
            Connector = $"{connector.Title} {connector.Version}",
            Description = action.Operation.Description,
            Input = Wording.Source(written.With),
            Effect = StateNames.Of(effect),
            Unknown = Wording.Unknown(effect, action.Operation),
            Retry = Wording.Retry(action.Retry),
            Timeout = action.Timeout is { } timeout ? Wording.Of(timeout) : null,
            Once = written.Once is { } once ? $"{string.Join(" + ", once.Key.Items().Select(Wording.Short))}, for {Wording.Of(once.Within)}, scope '{once.Scope}'" : null,
            OnFailure = action.OnFailure == FailurePolicy.Continue ? "continue" : "stop",
            OnFailureSteps = Steps(written.OnFailureSteps, action.OnFailureSteps),
        };
    }

    private static (string Alias, string Name) Split(string reference)
    {
        int dot = reference.IndexOf('.', StringComparison.Ordinal);
        return (reference[..dot], reference[(dot + 1)..]);
    }
}

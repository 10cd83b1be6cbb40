using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation.Facts;

/// <summary>Follows the values of one pipeline from its triggers through its steps.</summary>
internal sealed class FactFinder
{
    private readonly ConnectorShapes _shapes;
    private readonly PipelineDefinition _definition;
    private readonly Pipeline _pipeline;
    private readonly Dictionary<string, Step> _compiled = [];
    private readonly List<StepFacts> _found = [];
    private readonly Shape _lookups;
    private readonly bool _allRead;
    private Shape _event = Shape.Unknown;

    private FactFinder(ConnectorShapes shapes, SourceDocument document, PipelineDefinition definition, Pipeline pipeline)
    {
        // A step that could not be read may be the one that others refer to.
        _allRead = IsAllRead(document, "steps", definition.Steps) && IsAllRead(document, "onFailure", definition.OnFailure);
        _shapes = shapes;
        _definition = definition;
        _pipeline = pipeline;
        _lookups = definition.Lookups is { } tables ? Shape.OfLiteral(tables) : Shape.Object(new Dictionary<string, Shape>());
        Index(pipeline.Steps);
        Index(pipeline.OnFailure);
    }

    public static PipelineFacts Find(ConnectorShapes shapes, SourceDocument document, PipelineDefinition definition, Pipeline pipeline, DefinitionBundle bundle)
    {
        var finder = new FactFinder(shapes, document, definition, pipeline);
        var reading = new Reading(new Dictionary<string, Shape> { ["lookups"] = finder._lookups });
        List<TriggerFacts> triggers = finder.Triggers(reading);
        Shape? rollout = pipeline.Rollout?.By.Infer(reading.With("event", finder._event));
        Dictionary<string, Shape> known = finder.Steps(definition.Steps, "", [], onFailure: false);
        finder.Steps(definition.OnFailure, "onFailure/", known.ToDictionary(k => k.Key, k => Uncertain(k.Key, k.Value)), onFailure: true);
        return new PipelineFacts(document, definition, pipeline, bundle) { Steps = finder._found, Triggers = triggers, RolloutBy = rollout, TriggerReading = reading };
    }

    private List<TriggerFacts> Triggers(Reading reading)
    {
        var triggers = new List<TriggerFacts>();
        var compiled = new Queue<Trigger>(_pipeline.Triggers);
        Shape? all = null;
        foreach (TriggerDefinition definition in _definition.Triggers.Where(t => t.On is not null))
        {
            if (StepCompiler.ResolveEvent(definition.On!, _pipeline.Connections!, new DiagnosticBag()) is not var (connection, found))
            {
                // What starts the pipeline is not known: nothing can be said of its event.
                all = Shape.Unknown;
                continue;
            }
            Shape happened = _shapes.Event(connection, found);
            triggers.Add(new TriggerFacts(definition, connection, found, compiled.Dequeue().When?.Infer(reading.With("event", happened))));
            all = all is null ? happened : all.Or(happened);
        }
        if (_definition.Triggers.Any(t => t.ManualSubject is not null))
        {
            Shape picked = _pipeline.Manual is { } manual ? ConnectorShapes.WithIdentity(_shapes.Output(manual.Operation), ManualTrigger.EventType) : Shape.Unknown;
            all = all is null ? picked : all.Or(picked);
        }
        if (_definition.Triggers.Any(t => t.Schedule is not null))
        {
            Shape fired = ConnectorShapes.WithIdentity(ConnectorShapes.Scheduled, ScheduleTrigger.EventType);
            all = all is null ? fired : all.Or(fired);
        }
        _event = all ?? Shape.Unknown;
        return triggers;
    }

    /// <summary>Follows steps in order; gives what later steps see of all steps so far.</summary>
    private Dictionary<string, Shape> Steps(IReadOnlyList<StepDefinition> definitions, string prefix, Dictionary<string, Shape> before, bool onFailure)
    {
        var known = new Dictionary<string, Shape>(before);
        foreach (StepDefinition definition in definitions.Where(d => d.Id.Length > 0))
        {
            string path = prefix + definition.Id;
            Step? step = _compiled.GetValueOrDefault(path);
            StepFacts facts = Step(definition, step, known, onFailure);
            _found.Add(facts);
            if (definition.OnFailureSteps.Count > 0)
            {
                var failed = new Dictionary<string, Shape>(known) { [definition.Id] = Result(Shape.Null, ["failed"]) };
                Steps(definition.OnFailureSteps, path + "/onFailure/", failed, onFailure: true);
            }
            known[definition.Id] = Result(definition, facts);
        }
        return known;
    }

    private StepFacts Step(StepDefinition definition, Step? step, Dictionary<string, Shape> known, bool onFailure)
    {
        var reading = new Reading(new Dictionary<string, Shape>
        {
            ["event"] = _event,
            ["steps"] = Shape.Object(new Dictionary<string, Shape>(known)) with { IsClosed = _allRead },
            ["lookups"] = _lookups,
            ["now"] = Shape.Text,
        });
        Shape? when = step?.When?.Infer(reading);
        // The condition of a step may have asked for everything that its other mappings rely on.
        reading.Guards = definition.When is null ? 0 : 1;
        var facts = new StepFacts(definition, step, onFailure, reading) { When = when };
        switch (step)
        {
            case ActionStep action:
                return facts with { With = action.With?.Infer(reading), OnceKey = action.Once?.Key.Infer(reading) };
            case AwaitStep wait:
                return facts with { Match = [.. wait.Match.Select(m => (m.Key, m.Value.Infer(reading)))] };
            case MapStep map:
                return facts with { Made = map.Map.Infer(reading) };
            default:
                return facts;
        }
    }

    private Shape Result(StepDefinition definition, StepFacts facts)
    {
        List<string> states = ["succeeded"];
        Shape output = facts.Step switch
        {
            ActionStep action => _shapes.Output(action.Operation),
            AwaitStep wait => Awaited(wait),
            MapStep => facts.Made?.Detached() ?? Shape.Unknown,
            _ => Shape.Unknown,
        };
        if (definition.OnFailure == "continue")
        {
            states.Add("failed");
            output = output with { NullBecause = $"step '{definition.Id}' may fail without stopping the run" };
        }
        if (definition.When is not null)
        {
            states.Add("skipped");
            output = output with { NullBecause = $"step '{definition.Id}' is skipped when its condition is not true" };
        }
        return Result(output, states);
    }

    private Shape Awaited(AwaitStep wait)
    {
        Shape[] events = [.. wait.Events.Select(e => _shapes.Event(e.Connection, e.Connection.Connector.Events[e.EventType]))];
        Shape happened = events.Length == 0 ? Shape.Unknown : events.Aggregate((a, b) => a.Or(b));
        Shape outcome = Shape.OfText("event", default);
        if (wait.ContinueOnTimeout)
        {
            outcome = outcome.Or(Shape.OfText("timeout", default));
            happened = happened with { NullBecause = $"await '{wait.Id}' goes on without an event after its timeout" };
        }
        return Shape.Object(new Dictionary<string, Shape> { ["outcome"] = outcome, ["event"] = happened });
    }

    private static Shape Result(Shape output, IReadOnlyList<string> states) => Shape.Object(new Dictionary<string, Shape>
    {
        ["status"] = states.Select(s => Shape.OfText(s, default)).Aggregate((a, b) => a.Or(b)),
        ["output"] = output,
        ["error"] = states.Contains("failed") ? Error(states) : Shape.Null,
    });

    private static Shape Error(IReadOnlyList<string> states)
    {
        Shape error = Shape.Object(new Dictionary<string, Shape>
        {
            ["code"] = Shape.Text,
            ["message"] = Shape.Text,
            ["fault"] = Shape.Text,
            ["file"] = Shape.Text,
            ["line"] = Shape.Number,
            ["column"] = Shape.Number,
        });
        return states.Count == 1 ? error : error with { NullBecause = "the step may have succeeded" };
    }

    /// <summary>A step as steps for failures see it: it may have failed, or never have begun.</summary>
    private static Shape Uncertain(string id, Shape result)
    {
        Shape output = result.Members["output"];
        Shape made = Result(output with { NullBecause = output.NullBecause ?? $"step '{id}' may be the one that failed" }, ["succeeded", "skipped", "failed"]);
        return made with { MayBeAbsent = true, NullBecause = $"the run may have failed before step '{id}'" };
    }

    private static bool IsAllRead(SourceDocument document, string name, IReadOnlyList<StepDefinition> read) =>
        (document.Cursor.Optional(name)?.Items().Count() ?? 0) == read.Count && read.All(s => s.Id.Length > 0);

    private void Index(IReadOnlyList<Step> steps)
    {
        foreach (Step step in steps)
        {
            _compiled[step.Path] = step;
            Index(step is ActionStep action ? action.OnFailureSteps : []);
        }
    }
}

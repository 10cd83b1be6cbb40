using System.Collections.Frozen;
using System.Text.Json;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Compilation.Rules;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation;

/// <summary>Makes a <see cref="Pipeline"/> from a bundle of files and the connections in force. Reports everything, stops at nothing.</summary>
/// <param name="connections">Connections in force, by id.</param>
/// <param name="faulty">Ids of connections that exist and have findings of their own.</param>
/// <param name="mappings">Compiles what is mapped.</param>
/// <param name="shapes">What connectors give, to check the meaning too; null for a definition that was accepted before, because a run goes on with what it began with.</param>
internal sealed class PipelineCompiler(
    IReadOnlyDictionary<string, Connection> connections, IReadOnlySet<string> faulty, IMappingCompiler mappings, ConnectorShapes? shapes = null)
{
    /// <summary>
    /// How many steps a pipeline may have, those for failures included. Each of them keeps its result, and every mapping is given those before it,
    /// so the work of a run grows with their square.
    /// </summary>
    public const int MaxSteps = 200;

    private static readonly FrozenSet<string> TriggerRoots = FrozenSet.Create("event", "lookups");
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    /// <summary>Compiles one pipeline; null when it has errors.</summary>
    public Pipeline? Compile(string id, DefinitionBundle bundle, DiagnosticBag bag) => CompileWithFacts(id, bundle, bag).Pipeline;

    /// <summary>The same, with what is known of it for rules that look at several pipelines; null where it was not looked for or not found.</summary>
    public (Pipeline? Pipeline, PipelineFacts? Facts) CompileWithFacts(string id, DefinitionBundle bundle, DiagnosticBag bag)
    {
        var own = new DiagnosticBag();
        (Pipeline? pipeline, PipelineFacts? facts) = CompileCore(id, bundle, own);
        bag.AddRange(own.Items);
        return (own.HasErrors ? null : pipeline, facts);
    }

    private (Pipeline? Pipeline, PipelineFacts? Facts) CompileCore(string id, DefinitionBundle bundle, DiagnosticBag bag)
    {
        if (bundle.Read(DefinitionBundle.PipelineFile) is not { } bytes)
        {
            bag.Error(DefinitionCodes.MissingFile, new SourcePosition(bundle.PathOf(DefinitionBundle.PipelineFile), 1, 1), $"Pipeline '{id}' has no pipeline.json that can be read.", "Links, empty files and files over 1 MiB are not read.");
            return (null, null);
        }
        if (SourceDocument.Parse(bundle.PathOf(DefinitionBundle.PipelineFile), bytes, bag) is not { } document)
        {
            return (null, null);
        }
        PipelineDefinition definition = PipelineReader.Read(id, document, bag);
        if (shapes is not null && AllSteps(definition).Skip(MaxSteps).FirstOrDefault() is { } tooMany)
        {
            bag.Error(PipelineCodes.TooManySteps, tooMany.Position, $"Pipeline '{id}' has {AllSteps(definition).Count()} steps, and {MaxSteps} is the most.", "Put what a script or template can do into one 'map', or divide the work between several pipelines.");
            return (null, null);
        }
        Dictionary<string, Connection?> aliases = Aliases(definition, bag);
        var steps = new StepCompiler(aliases, mappings, bundle, bag);
        var pipeline = new Pipeline
        {
            Id = id,
            Hash = bundle.Hash,
            Description = definition.Description,
            Enabled = definition.Enabled,
            Connections = aliases.Where(a => a.Value is not null).ToDictionary(a => a.Key, a => a.Value!),
            Triggers = [.. definition.Triggers.Select(t => CompileTrigger(t, aliases, bag)).OfType<Trigger>()],
            Manual = Manual(definition, aliases, bag),
            Schedules = [.. definition.Triggers.Select(t => t.Schedule is { } written ? ScheduleCompiler.Compile(written, bag) : null).OfType<ScheduleTrigger>()],
            Rollout = CompileRollout(definition.Rollout, bag),
            Lookups = definition.Lookups?.Element ?? Empty,
            Steps = steps.Compile(definition.Steps, ""),
            OnFailure = steps.Compile(definition.OnFailure, "onFailure/"),
        };
        if (IsEmpty(document.Cursor.Optional("triggers")) || IsEmpty(document.Cursor.Optional("steps")))
        {
            bag.Error(PipelineCodes.IncompletePipeline, definition.Position, $"Pipeline '{id}' needs at least one trigger and one step.");
        }
        if (aliases.ContainsValue(null))
        {
            return (null, null);
        }
        if (shapes is null)
        {
            return (pipeline, null);
        }
        PipelineFacts facts = FactFinder.Find(shapes, document, definition, pipeline, bundle);
        PipelineRules.Check(facts, bag);
        return (pipeline, facts);
    }

    private static IEnumerable<StepDefinition> AllSteps(PipelineDefinition definition) =>
        definition.Steps.Concat(definition.OnFailure).SelectMany(s => s.OnFailureSteps.Prepend(s));

    private static bool IsEmpty(JsonCursor? list) => list is { Kind: JsonValueKind.Array } array && array.Element.GetArrayLength() == 0;

    /// <summary>Alias → connection; null for one that was reported already, so that its uses are not reported again.</summary>
    private Dictionary<string, Connection?> Aliases(PipelineDefinition definition, DiagnosticBag bag)
    {
        var aliases = new Dictionary<string, Connection?>();
        foreach ((string alias, Reference? reference) in definition.Connections)
        {
            aliases[alias] = reference is null ? null : connections.GetValueOrDefault(reference.Name);
            if (aliases[alias] is null && reference is not null && !faulty.Contains(reference.Name))
            {
                bag.Error(PipelineCodes.UnknownConnection, reference.Position, $"Connection '{reference.Name}' does not exist.", Suggestion.For(reference.Name, [.. connections.Keys.Order(StringComparer.Ordinal)]));
            }
        }
        return aliases;
    }

    private Trigger? CompileTrigger(TriggerDefinition definition, Dictionary<string, Connection?> aliases, DiagnosticBag bag)
    {
        if (definition.On is not { } on || StepCompiler.ResolveEvent(on, aliases, bag) is not { } found)
        {
            return null;
        }
        return new Trigger(found.Connection, found.Event.Type, definition.When is { } when ? mappings.CompileExpression(when, TriggerRoots, bag) : null);
    }

    private static ManualTrigger? Manual(PipelineDefinition definition, Dictionary<string, Connection?> aliases, DiagnosticBag bag)
    {
        Reference[] subjects = [.. definition.Triggers.Select(t => t.ManualSubject).OfType<Reference>()];
        if (subjects.Length == 0)
        {
            return null;
        }
        if (subjects.Length > 1)
        {
            bag.Error(PipelineCodes.IncompletePipeline, subjects[1].Position, "A pipeline has at most one manual trigger.");
        }
        var operation = new Reference($"{subjects[0].Name}.get", subjects[0].Position);
        return StepCompiler.ResolveOperation(operation, aliases, bag) is { } found
            ? new ManualTrigger(found.Connection, found.Operation, $"{subjects[0].Name.Split('.')[^1]}_id")
            : null;
    }

    private Rollout? CompileRollout(RolloutDefinition? definition, DiagnosticBag bag) =>
        definition is { } written && mappings.CompileExpression(written.By, TriggerRoots, bag) is { } by ? new Rollout(by, written.Only) : null;
}

using System.Collections.Frozen;
using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation;

/// <summary>Compiles the steps of one pipeline against its connections.</summary>
internal sealed class StepCompiler(
    IReadOnlyDictionary<string, Connection?> aliases, IMappingCompiler mappings, IDefinitionFiles files, DiagnosticBag bag)
{
    private static readonly FrozenSet<string> Roots = FrozenSet.Create("event", "steps", "lookups", "now");
    private readonly Dictionary<string, SourcePosition> _ids = [];

    public IReadOnlyList<Step> Compile(IReadOnlyList<StepDefinition> definitions, string prefix)
    {
        var steps = new List<Step>();
        foreach (StepDefinition definition in definitions)
        {
            if (definition.Id.Length > 0 && !_ids.TryAdd(definition.Id, definition.Position))
            {
                bag.Error(PipelineCodes.DuplicateStep, definition.Position, $"Step '{definition.Id}' exists twice.", $"The other one begins at line {_ids[definition.Id].Line}. Ids are the identity of effects.");
            }
            if (CompileOne(definition, prefix + definition.Id) is { } step)
            {
                steps.Add(step);
            }
        }
        return steps;
    }

    /// <summary>Finds the event that <c>alias.event</c> names.</summary>
    public static (Connection Connection, ConnectorEvent Event)? ResolveEvent(Reference reference, IReadOnlyDictionary<string, Connection?> aliases, DiagnosticBag bag)
    {
        if (Split(reference, aliases, bag) is not var (connection, name))
        {
            return null;
        }
        if (connection.Connector.Events.TryGetValue(name, out ConnectorEvent? found))
        {
            return (connection, found);
        }
        if (IsImpossible(reference, connection, name, bag))
        {
            return null;
        }
        bag.Error(PipelineCodes.UnknownEvent, reference.Position, $"Connector '{connection.Connector.Name}' has no event '{name}'.", Suggestion.For(name, [.. connection.Connector.Events.Keys]));
        return null;
    }

    /// <summary>Finds the operation that <c>alias.operation</c> names.</summary>
    public static (Connection Connection, ConnectorOperation Operation)? ResolveOperation(Reference reference, IReadOnlyDictionary<string, Connection?> aliases, DiagnosticBag bag)
    {
        if (Split(reference, aliases, bag) is not var (connection, name))
        {
            return null;
        }
        if (connection.Connector.Operations.TryGetValue(name, out ConnectorOperation? found))
        {
            return (connection, found);
        }
        if (IsImpossible(reference, connection, name, bag))
        {
            return null;
        }
        bag.Error(PipelineCodes.UnknownOperation, reference.Position, $"Connector '{connection.Connector.Name}' has no operation '{name}'.", Suggestion.For(name, [.. connection.Connector.Operations.Keys]));
        return null;
    }

    /// <summary>Reports what the connector's own definition says about a name that it cannot offer.</summary>
    private static bool IsImpossible(Reference reference, Connection connection, string name, DiagnosticBag bag)
    {
        if (!connection.Connector.Limitations.TryGetValue(name, out Limitation? limitation))
        {
            return false;
        }
        string alias = reference.Name[..reference.Name.IndexOf('.', StringComparison.Ordinal)];
        bag.Error(PipelineCodes.Impossible, reference.Position, $"{connection.Connector.Title} cannot do '{name}': {limitation.Because}", limitation.Advice(alias));
        return true;
    }

    private static (Connection Connection, string Name)? Split(Reference reference, IReadOnlyDictionary<string, Connection?> aliases, DiagnosticBag bag)
    {
        int dot = reference.Name.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == reference.Name.Length - 1)
        {
            bag.Error(PipelineCodes.MalformedReference, reference.Position, $"'{reference.Name}' is not of the form alias.name.", "The alias is one of 'connections' in this file.");
            return null;
        }
        string alias = reference.Name[..dot];
        if (aliases.TryGetValue(alias, out Connection? connection))
        {
            return connection is null ? null : (connection, reference.Name[(dot + 1)..]);
        }
        bag.Error(PipelineCodes.UnknownConnection, reference.Position, $"'{alias}' is not one of this pipeline's connections.", Suggestion.For(alias, [.. aliases.Keys]));
        return null;
    }

    private Step? CompileOne(StepDefinition definition, string path)
    {
        CompiledMapping? when = definition.When is { } condition ? mappings.CompileExpression(condition, Roots, bag) : null;
        if (definition.Map is { } map)
        {
            return mappings.CompileValue(map, files, Roots, bag) is { } compiled ? new MapStep(definition.Id, path, when, compiled) : null;
        }
        return definition.Await is { } wait ? CompileAwait(definition, path, when, wait) : CompileAction(definition, path, when);
    }

    private ActionStep? CompileAction(StepDefinition definition, string path, CompiledMapping? when)
    {
        IReadOnlyList<Step> failureSteps = Compile(definition.OnFailureSteps, path + "/onFailure/");
        CompiledMapping? with = definition.With is { } value ? mappings.CompileValue(value, files, Roots, bag) : null;
        Once? once = definition.Once is { } claim && mappings.CompileValue(claim.Key, files, Roots, bag) is { } key ? new Once(key, claim.Within, claim.Scope) : null;
        if (definition.Action is not { } action || ResolveOperation(action, aliases, bag) is not var (connection, operation))
        {
            return null;
        }
        CheckInput(definition, action, operation);
        return new ActionStep(definition.Id, path, when, connection, operation)
        {
            With = with,
            Once = once,
            Retry = definition.Retry is { } retry ? new Retry(retry.Max, retry.Delay) : new Retry(RetryDefaults.Max, RetryDefaults.Delay),
            Timeout = definition.Timeout,
            AllowsDuplicates = definition.OnUnknown == StepDefinition.SendAgain,
            OnFailure = definition.OnFailure == "continue" ? FailurePolicy.Continue : FailurePolicy.Stop,
            OnFailureSteps = failureSteps,
        };
    }

    /// <summary>Whether <c>with</c> names its members in this file.</summary>
    public static bool IsWrittenOut(StepDefinition definition) =>
        definition.With is not { } written || (written.Kind == JsonValueKind.Object && !written.Properties().Any(p => p.Name.StartsWith('$')));

    /// <summary>Checks the names given in <c>with</c> against the operation's input, as far as they are written out.</summary>
    private void CheckInput(StepDefinition definition, Reference action, ConnectorOperation operation)
    {
        if (!IsWrittenOut(definition) || !operation.InputSchema.TryGetProperty("properties", out JsonElement properties))
        {
            return;
        }
        string[] known = [.. properties.EnumerateObject().Select(p => p.Name)];
        HashSet<string> given = [.. definition.With?.Properties().Select(p => p.Name) ?? []];
        foreach ((string name, JsonCursor value) in definition.With?.Properties().Where(p => !known.Contains(p.Name)) ?? [])
        {
            bag.Error(PipelineCodes.UnknownInput, value.NamePosition, $"Operation '{action.Name}' has no input '{name}'.", Suggestion.For(name, known));
        }
        if (operation.InputSchema.TryGetProperty("required", out JsonElement required))
        {
            foreach (string missing in required.EnumerateArray().Select(r => r.GetString()!).Where(r => !given.Contains(r)))
            {
                bag.Error(PipelineCodes.MissingInput, action.Position, $"Operation '{action.Name}' needs the input '{missing}'.", "Add it to 'with'.");
            }
        }
    }

    private AwaitStep? CompileAwait(StepDefinition definition, string path, CompiledMapping? when, AwaitDefinition wait)
    {
        var events = new List<(Connection, string)>();
        foreach (Reference reference in wait.On)
        {
            if (ResolveEvent(reference, aliases, bag) is not var (connection, found))
            {
                continue;
            }
            events.Add((connection, found.Type));
            foreach ((string key, JsonCursor value) in wait.Match.Where(m => !found.Correlation.ContainsKey(m.Key)))
            {
                bag.Error(PipelineCodes.UnknownCorrelation, value.NamePosition, $"Event '{reference.Name}' has no correlation key '{key}'.", Suggestion.For(key, [.. found.Correlation.Keys]));
            }
        }
        var match = new List<KeyValuePair<string, CompiledMapping>>();
        foreach ((string key, JsonCursor value) in wait.Match)
        {
            if (mappings.CompileValue(value, files, Roots, bag) is { } compiled)
            {
                match.Add(KeyValuePair.Create(key, compiled));
            }
        }
        if (wait.Match.Count == 0)
        {
            bag.Error(PipelineCodes.UnknownCorrelation, definition.Position, $"Await '{definition.Id}' has no 'match', so any event would end it.", "Name a correlation key of the awaited events and the value it must have.");
        }
        return new AwaitStep(definition.Id, path, when, events, match, wait.Timeout, wait.ContinueOnTimeout);
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Mapping.Inference;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Host.Control;

/// <summary>Whether what a person says an operation answered is enough for what the connector declares and for the steps that follow.</summary>
internal static class DecidedOutput
{
    private static readonly JsonElement Null = JsonElement.Parse("null");
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>Checks the output that an effect is to have.</summary>
    /// <param name="pipeline">The definition of its run.</param>
    /// <param name="effect">The effect.</param>
    /// <param name="output">The output, JSON; null when none was given.</param>
    /// <returns>Why it is not enough, and an output that would be; null when it is, or when nothing is known of it.</returns>
    public static (string Problem, string Example)? Refusal(Pipeline pipeline, EffectRecord effect, byte[]? output)
    {
        if (Find([.. pipeline.Steps, .. pipeline.OnFailure], effect.Path) is not { } step)
        {
            return null;
        }
        OperationPart? part = step.Operation.Parts.FirstOrDefault(p => p.PathIn(step.Path) == effect.Path);
        ConnectorOperation operation = part?.Operation ?? step.Operation;
        string[] read = [.. part is null ? ReadBySteps(pipeline, step) : ReadByWhole(step, part)];
        JsonElement given = output is null ? Null : JsonElement.Parse(output);
        return Problem(operation, given, isMissing: output is null, read) is { } problem
            ? ($"Operation '{effect.Operation}' of '{effect.Connection}' {problem}", HostJson.OneLine(Example(operation, read) ?? new JsonObject()))
            : null;
    }

    private static string? Problem(ConnectorOperation operation, JsonElement given, bool isMissing, string[] read)
    {
        bool mayBeNull = operation.OutputSchema is { } declared ? declared.Validate(Null).Count == 0 : operation.Sample.ValueKind == JsonValueKind.Null;
        string reads = read.Length == 0 ? "" : $" Later steps read {string.Join(", ", read.Select(m => $"'{m}'"))}.";
        if (isMissing)
        {
            bool isNeeded = read.Length > 0 || operation.OutputSchema?.Validate(Empty).Count > 0;
            return !mayBeNull && isNeeded ? $"has an output that is needed: say with --output what it answered, with {Members(operation, read)}.{reads}" : null;
        }
        if (operation.OutputSchema is { } schema)
        {
            return schema.Validate(given) is { Count: > 0 } findings
                ? $"does not answer so: {string.Join("; ", findings.Select(f => $"'{f.InstancePointer}': {f.Message.TrimEnd('.')}"))}. It needs {Members(operation, read)}.{reads}"
                : null;
        }
        string[] missing = [.. read.Where(m => given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(m, out _))];
        return missing.Length == 0 || mayBeNull ? null : $"is to answer with {string.Join(", ", missing.Select(m => $"'{m}'"))}, which later steps read.";
    }

    private static string Members(ConnectorOperation operation, string[] read) => Example(operation, read) is JsonObject example
        ? string.Join(", ", example.Select(m => $"'{m.Key}'"))
        : "a value like its sample";

    /// <summary>The operation's sample without what is neither required nor read.</summary>
    private static JsonNode? Example(ConnectorOperation operation, string[] read)
    {
        JsonNode? example = JsonNode.Parse(operation.Sample.GetRawText());
        if (example is not JsonObject members)
        {
            return example;
        }
        foreach (string name in members.Select(m => m.Key).Except(read).ToArray())
        {
            JsonObject less = members.DeepClone().AsObject();
            less.Remove(name);
            if (operation.OutputSchema is not { } schema || schema.Validate(JsonElement.Parse(Encoding.UTF8.GetBytes(less.ToJsonString()))).Count == 0)
            {
                members.Remove(name);
            }
        }
        return members;
    }

    private static ActionStep? Find(IEnumerable<Step> steps, string path)
    {
        foreach (ActionStep step in steps.OfType<ActionStep>())
        {
            if (step.EffectPaths.Contains(path))
            {
                return step;
            }
            if (Find(step.OnFailureSteps, path) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    private static IEnumerable<string> ReadBySteps(Pipeline pipeline, ActionStep step)
    {
        var reading = new Reading(new Dictionary<string, Shape>());
        foreach (CompiledMapping mapping in All([.. pipeline.Steps, .. pipeline.OnFailure]).SelectMany(Mappings))
        {
            mapping.Infer(reading);
        }
        return MembersOf(reading, $"steps.{step.Id}.output.");
    }

    private static IEnumerable<string> ReadByWhole(ActionStep step, OperationPart part)
    {
        var reading = new Reading(new Dictionary<string, Shape>());
        step.Operation.Output?.Infer(reading);
        return MembersOf(reading, $"parts.{part.Id}.");
    }

    private static IEnumerable<string> MembersOf(Reading reading, string owner) =>
        reading.Used.Where(u => u.StartsWith(owner, StringComparison.Ordinal)).Select(u => u[owner.Length..].Split('.')[0]).Where(m => m != "*").Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<Step> All(IEnumerable<Step> steps) => steps.SelectMany(s => All(s is ActionStep action ? action.OnFailureSteps : []).Prepend(s));

    private static IEnumerable<CompiledMapping> Mappings(Step step) => new[] { step.When }
        .Concat(step switch
        {
            MapStep map => [map.Map],
            AwaitStep wait => wait.Match.Select(m => m.Value),
            ActionStep action => [action.With, action.Once?.Key],
            _ => (IEnumerable<CompiledMapping?>)[],
        })
        .OfType<CompiledMapping>();
}

using System.Text.Json;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>
/// What connectors call personal goes only into inputs that are for it: those whose schema says <c>"personal": true</c>. Only unchanged
/// copies and texts made of them are followed, so hashes and decisions derived from a person stay free.
/// </summary>
internal sealed class PersonalDataRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        string[] personal = [.. pipeline.Pipeline.Connections.Values.SelectMany(c => c.Connector.Personal).Distinct()];
        foreach (StepFacts step in pipeline.Steps.Where(_ => personal.Length > 0))
        {
            // A connector that marks none of its inputs says nothing about what they are for.
            if (step is { Action: { } action, With: { } with } && action.Connection.Connector.MarksPersonal)
            {
                Check(step.Definition.Action!, with, action.Operation.InputSchema, "", personal, bag);
            }
        }
    }

    private static void Check(Reference action, Shape shape, JsonElement schema, string path, string[] personal, DiagnosticBag bag)
    {
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("personal", out JsonElement mark) && mark.ValueKind == JsonValueKind.True)
        {
            return;
        }
        if (shape is { IsCopy: false, Members.Count: > 0 })
        {
            foreach ((string name, Shape member) in shape.Members)
            {
                JsonElement inner = default;
                bool known = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(name, out inner);
                if (!known && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind == JsonValueKind.False)
                {
                    // A member that does not exist takes nothing.
                    continue;
                }
                Check(action, member.At.Line is null ? member with { At = shape.At } : member, inner, path.Length == 0 ? name : $"{path}.{name}", personal, bag);
            }
        }
        else if (shape.Sources.FirstOrDefault(s => IsPersonal(s, personal)) is { } source)
        {
            bag.Warning(RuleCodes.PersonalData, shape.At, $"'{source}' is personal data, and input '{path}' of '{action.Name}' is not for it.", "Send an id instead, or leave it out.");
        }
    }

    private static bool IsPersonal(string source, string[] personal) =>
        !source.Contains(".raw.", StringComparison.Ordinal) && Array.Exists(personal, p => source.EndsWith("." + p, StringComparison.Ordinal));
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Connectors;

/// <summary>What the parts of a connector say of each other: requests and inputs, events and their samples, outputs and theirs. For a definition without errors.</summary>
/// <param name="root">The definition as written.</param>
/// <param name="bag">Receives the findings.</param>
internal sealed partial class ConnectorRules(JsonCursor root, DiagnosticBag bag)
{
    /// <summary>Checks a connector.</summary>
    public void Check(Connector connector)
    {
        foreach (ConnectorEvent one in connector.Events.Values)
        {
            Subject(connector, one, root.Optional("events")!.Value.Optional(one.Type)!.Value);
        }
        foreach (ConnectorOperation operation in connector.Operations.Values)
        {
            JsonCursor written = root.Optional("operations")!.Value.Optional(operation.Name)!.Value;
            Required(operation, written);
            Inputs(operation, written);
            Sample(operation, written);
            Paths(written);
        }
    }

    /// <summary>Events of one subject are worked on in order, so it differs between things, and every event has one.</summary>
    private void Subject(Connector connector, ConnectorEvent one, JsonCursor written)
    {
        JsonCursor at = written.Optional("subject")!.Value;
        if (one.Subject.Infer(new Reading(new Dictionary<string, Shape>())) is { IsCopy: false, Constants.Count: > 0 })
        {
            bag.Warning(ConnectorCodes.Contradiction, at.Position, $"Every '{one.Type}' has the same subject, so all of them wait for each other.", "Name what the event is about: \"application:{{ payload.id }}\".");
            return;
        }
        if (!one.IsPolled && connector.Webhook is not { DecodedByCode: false, Split: null })
        {
            return;
        }
        foreach (EventSample sample in one.Samples)
        {
            if (!HasSubject(one, sample))
            {
                bag.Warning(ConnectorCodes.Sample, at.Position, $"Sample '{sample.File}' of '{one.Type}' has no subject.", "Does the template name members that the payload has?");
            }
        }
    }

    private static bool HasSubject(ConnectorEvent one, EventSample sample)
    {
        try
        {
            JsonElement payload = JsonElement.Parse(sample.Body);
            return one.Subject.Evaluate(new Dictionary<string, JsonElement> { ["payload"] = payload })?.ToString() is { Length: > 0 };
        }
        catch (Exception e) when (e is MappingException or JsonException)
        {
            // Either way the event would be quarantined.
            return false;
        }
    }

    private void Required(ConnectorOperation operation, JsonCursor written)
    {
        if (Closed(operation.InputSchema) is not { } known || written.Optional("input")?.Optional("required") is not { Kind: JsonValueKind.Array } required)
        {
            return;
        }
        foreach (JsonCursor name in required.Items().Where(i => i.Kind == JsonValueKind.String && !known.Contains(i.Element.GetString()!)))
        {
            bag.Error(ConnectorCodes.InputSchema, name.Position, $"The input '{name.Element.GetString()}' is required and is none of the properties, so no input fits.", Suggestion.For(name.Element.GetString()!, known));
        }
    }

    /// <summary>Templates read inputs that exist.</summary>
    private void Inputs(ConnectorOperation operation, JsonCursor written)
    {
        if (Closed(operation.InputSchema) is null)
        {
            return;
        }
        var reading = new Reading(new Dictionary<string, Shape> { ["input"] = InputShape(operation.InputSchema) });
        foreach (CompiledMapping mapping in Requests(operation).SelectMany(Parts).Append(operation.Output).Append(operation.Reference).OfType<CompiledMapping>())
        {
            mapping.Infer(reading);
        }
        foreach (Misreading found in reading.Found.Where(f => f.Kind == MisreadingKind.UnknownMember && (f.Path == "input" || f.Path.StartsWith("input.", StringComparison.Ordinal))).DistinctBy(f => f.At))
        {
            SourcePosition at = found.At.Line is null ? written.Position : found.At;
            bag.Error(ConnectorCodes.InputSchema, at, $"Operation '{operation.Name}' has no input '{found.Name}'.", Suggestion.For(found.Name, [.. found.Known]));
        }
    }

    private static IEnumerable<RequestTemplate> Requests(ConnectorOperation operation) =>
        operation.Reads.Select(r => r.Request).Append(operation.Request).Append(operation.Lookup?.Request).OfType<RequestTemplate>();

    private static IEnumerable<CompiledMapping?> Parts(RequestTemplate request) =>
        [request.Path, .. request.Query.Select(q => q.Value), .. request.Headers.Select(h => h.Value), request.Body];

    /// <summary>Plans and cases go on with the sample, so it has every member that the output makes.</summary>
    private void Sample(ConnectorOperation operation, JsonCursor written)
    {
        if (operation.Sample.ValueKind != JsonValueKind.Object || operation.Output?.Infer(new Reading(new Dictionary<string, Shape>())) is not { IsClosed: true } made || !made.Is(ShapeKinds.Object))
        {
            return;
        }
        string[] missing = [.. made.Members.Where(m => !m.Value.MayBeAbsent && !operation.Sample.TryGetProperty(m.Key, out _)).Select(m => m.Key)];
        if (missing.Length > 0)
        {
            bag.Warning(ConnectorCodes.Sample, written.Optional("sample")!.Value.Position, $"The sample of '{operation.Name}' has no '{string.Join("', '", missing)}', which its output makes.", "Plans and cases go on with the sample: give it every member.");
        }
    }

    /// <summary>A path in the braces of OpenAPI would be sent with them.</summary>
    private void Paths(JsonCursor operation)
    {
        JsonCursor?[] requests = [operation.Optional("request"), operation.Optional("lookup")?.Optional("request"), .. (operation.Optional("reads") is { Kind: JsonValueKind.Array } reads ? reads.Items().Select(r => r.Optional("request")) : [])];
        foreach (JsonCursor? request in requests)
        {
            if (request is { Kind: JsonValueKind.Object } one && one.Optional("path") is { Kind: JsonValueKind.String } path
                && SingleBraces().Match(path.Element.GetString()!) is { Success: true } found)
            {
                bag.Error(DefinitionCodes.InvalidValue, path.Position, $"'{found.Value}' is sent as it stands.", $"Write {{{{ input.{found.Groups["name"].Value} }}}}.");
            }
        }
    }

    /// <summary>The members of a schema that allows no others; null when it does.</summary>
    private static string[]? Closed(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind == JsonValueKind.False
            && schema.TryGetProperty("properties", out JsonElement members) && members.ValueKind == JsonValueKind.Object
            && !schema.TryGetProperty("patternProperties", out _)
            ? [.. members.EnumerateObject().Select(p => p.Name)] : null;

    private static Shape InputShape(JsonElement schema) => Closed(schema) is null
        ? Shape.Unknown
        : Shape.Object(schema.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => InputShape(p.Value)));

    [GeneratedRegex(@"(?<!\{)\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}(?!\})", RegexOptions.None, 10_000)]
    private static partial Regex SingleBraces();
}

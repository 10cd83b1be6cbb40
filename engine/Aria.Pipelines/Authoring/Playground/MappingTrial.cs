using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Authoring.Playground;

/// <summary>Evaluates one mapping file as a pipeline would, over values given by hand.</summary>
internal static class MappingTrial
{
    /// <summary>The names a step's mapping sees.</summary>
    public static readonly FrozenSet<string> Roots = FrozenSet.Create("event", "steps", "lookups", "now");

    /// <param name="files">The folder of the mapping.</param>
    /// <param name="name">Its file, ending with .scriban, .js or .json.</param>
    /// <param name="values">What it sees; a name of <see cref="Roots"/> that is absent here is null.</param>
    /// <param name="bag">Receives every finding, of compiling and of evaluating.</param>
    /// <returns>The JSON made, which may be null; meaningless when there are errors.</returns>
    public static JsonNode? Evaluate(IDefinitionFiles files, string name, IReadOnlyDictionary<string, JsonElement> values, DiagnosticBag bag)
    {
        var reference = new JsonObject { ["$file"] = name };
        SourceDocument document = SourceDocument.Parse(files.PathOf(name), JsonSerializer.SerializeToUtf8Bytes(reference, PlaygroundJson.Default.JsonObject), bag)!;
        if (new MappingCompiler().CompileValue(document.Cursor, files, Roots, bag) is not { } mapping)
        {
            return null;
        }
        try
        {
            return mapping.Evaluate(values);
        }
        catch (MappingException e)
        {
            bag.AddRange([e.Diagnostic]);
            return null;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>Makes schemas of JSON Schema draft 2020-12 ready to validate.</summary>
internal static class SchemaCompiler
{
    // The meta-schema asserts no formats: patterns and references are tried when they are compiled, with better messages.
    // It enters five schemas for each level of the one it checks.
    private static readonly SchemaOptions MetaOptions = new() { Formats = new Dictionary<string, Func<string, string?>>(), MaxDepth = 512 };

    private static readonly Lazy<CompiledSchema> MetaSchema = new(
        () => Link(MetaSchemas.All[MetaSchemas.Root], MetaOptions, []));

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema; copied, so its document may be disposed of.</param>
    /// <param name="compiled">The schema, null when it is invalid.</param>
    /// <param name="findings">What is wrong with the schema, both pointers going to its keyword; empty when it is good.</param>
    /// <param name="options">Formats, registered documents and limits; the defaults when null.</param>
    /// <returns>True when the schema is good.</returns>
    public static bool TryCompile(
        JsonElement schema, [NotNullWhen(true)] out ISchema? compiled, out IReadOnlyList<SchemaFinding> findings, SchemaOptions? options = null)
    {
        List<SchemaFinding> found = [];
        schema = schema.Clone();
        CheckKeywords(schema, "", found);
        compiled = found.Count == 0 ? Link(schema, options ?? SchemaOptions.Default, found) : null;
        compiled = found.Count == 0 ? compiled : null;
        findings = found;
        return compiled is not null;
    }

    /// <summary>Compiles a schema that is known to be good.</summary>
    /// <exception cref="ArgumentException">The schema is invalid; the message lists every finding.</exception>
    public static ISchema Compile(JsonElement schema, SchemaOptions? options = null)
    {
        if (TryCompile(schema, out ISchema? compiled, out IReadOnlyList<SchemaFinding> findings, options))
        {
            return compiled;
        }
        string all = string.Join("; ", findings.Select(f => $"{(f.InstancePointer.Length == 0 ? "/" : f.InstancePointer)}: {f.Message}"));
        throw new ArgumentException($"The schema is not valid. {all}", nameof(schema));
    }

    /// <summary>Checks a schema against the meta-schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="location">Where it stands, put before each pointer.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static void CheckKeywords(JsonElement schema, string location, List<SchemaFinding> findings)
    {
        foreach (SchemaFinding finding in MetaSchema.Value.Validate(schema))
        {
            string at = location + finding.InstancePointer;
            findings.Add(new SchemaFinding(at, at, finding.Message));
        }
    }

    private static CompiledSchema Link(JsonElement schema, SchemaOptions options, List<SchemaFinding> findings)
    {
        var registry = new SchemaRegistry(options, findings);
        SchemaResource main = registry.AddMain(SchemaUri.Normalize(options.BaseUri), schema);
        return new CompiledSchema(new SchemaLinker(registry, options, findings).Link(main), options);
    }
}

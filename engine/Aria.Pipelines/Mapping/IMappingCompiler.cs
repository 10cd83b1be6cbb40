using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Mapping;

/// <summary>Compiles the values of definition files (design: "Values").</summary>
internal interface IMappingCompiler
{
    /// <summary>
    /// Any JSON value: strings holding <c>{{ }}</c> are Scriban templates (exactly one <c>{{ expression }}</c> keeps the JSON type),
    /// <c>{"$js"}</c>, <c>{"$file"}</c>, <c>{"$literal"}</c> as designed, everything else is taken as it is, recursively.
    /// </summary>
    /// <param name="value">The value as written.</param>
    /// <param name="files">Where <c>$file</c> names are read.</param>
    /// <param name="roots">The names the mapping may see; any other global is a finding.</param>
    /// <param name="bag">Receives every finding.</param>
    /// <returns>The mapping, or null when there were errors.</returns>
    CompiledMapping? CompileValue(JsonCursor value, IDefinitionFiles files, IReadOnlySet<string> roots, DiagnosticBag bag);

    /// <summary>A Jint expression given as a JSON string (<c>when</c>).</summary>
    CompiledMapping? CompileExpression(JsonCursor value, IReadOnlySet<string> roots, DiagnosticBag bag);
}

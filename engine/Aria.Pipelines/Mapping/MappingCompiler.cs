using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Scripts;

namespace Aria.Pipelines.Mapping;

/// <summary>Compiles mappings of definition files with Scriban and Jint. Stateless; one instance serves every file.</summary>
internal sealed class MappingCompiler : IMappingCompiler
{
    public CompiledMapping? CompileValue(JsonCursor value, IDefinitionFiles files, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        MappedValue? compiled = new ValueCompiler(files, roots, bag).Compile(value);
        return compiled is null ? null : new RootedMapping(compiled, value.Position);
    }

    public CompiledMapping? CompileExpression(JsonCursor value, IReadOnlySet<string> roots, DiagnosticBag bag)
    {
        if (value.Text(bag) is null)
        {
            return null;
        }
        MappedValue? compiled = ScriptCompiler.CompileExpression(SourceText.OfJsonString(value), roots, bag);
        return compiled is null ? null : new RootedMapping(compiled, value.Position);
    }
}

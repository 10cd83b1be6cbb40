using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Mapping;

/// <summary>A mapping that failed while it ran.</summary>
internal sealed class MappingException(Diagnostic diagnostic, Exception? inner = null) : Exception(diagnostic.ToString(), inner)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}

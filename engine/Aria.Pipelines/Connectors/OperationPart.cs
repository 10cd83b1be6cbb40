using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>One change of an operation that makes several: another operation of the same connector, and so an effect of its own.</summary>
/// <param name="Id">Its name, part of the identity of its effect.</param>
/// <param name="When">Over <c>input</c> and <c>settings</c>; left out when it does not give true. Null for always.</param>
/// <param name="Operation">What it does.</param>
/// <param name="With">Over <c>input</c> and <c>settings</c>: its input.</param>
internal sealed record OperationPart(string Id, CompiledMapping? When, ConnectorOperation Operation, CompiledMapping With)
{
    /// <summary>The path of its effect.</summary>
    /// <param name="step">Path of the step that calls the whole operation.</param>
    public string PathIn(string step) => $"{step}/{Id}";
}

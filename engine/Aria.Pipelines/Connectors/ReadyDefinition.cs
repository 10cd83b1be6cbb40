using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>How to wait for an answer that the system makes meanwhile, such as an export.</summary>
/// <param name="When">Condition over <c>response</c>: this is the answer. Null: any that is neither 202 nor 303.</param>
/// <param name="At">Mapping over <c>response</c> to where to ask next, on the same host; null for the header <c>Location</c>. Nothing is where was asked last.</param>
/// <param name="Every">How long to wait before asking, unless <c>Retry-After</c> says it.</param>
/// <param name="Within">When to give up.</param>
internal sealed record ReadyDefinition(CompiledMapping? When, CompiledMapping? At, TimeSpan Every, TimeSpan Within);

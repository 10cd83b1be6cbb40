using System.Text.Json;
using Aria.Pipelines.Schemas.Formats;

namespace Aria.Pipelines.Schemas;

/// <summary>What a schema may rely on, and how much work one validation may be.</summary>
internal sealed record SchemaOptions
{
    /// <summary>The standard formats, no registered documents, the default limits.</summary>
    public static SchemaOptions Default { get; } = new();

    /// <summary>
    /// The asserted formats: name to a check that returns null for good text, else what was expected. Others are ignored;
    /// to replace one, start from <see cref="StandardFormats.All"/>. An empty table makes <c>format</c> a mere annotation.
    /// </summary>
    public IReadOnlyDictionary<string, Func<string, string?>> Formats { get; init; } = StandardFormats.All;

    /// <summary>Schemas that a <c>$ref</c> may name, by absolute URI. Nothing is ever fetched.</summary>
    public IReadOnlyDictionary<string, JsonElement> Documents { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The URI of a schema without <c>$id</c>, against which its relative references are resolved.</summary>
    public string BaseUri { get; init; } = "schema:///";

    /// <summary>How many schemas may be entered inside one another. Larger values risk the stack.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>How many keywords one validation may evaluate.</summary>
    public long MaxSteps { get; init; } = 1_000_000;

    /// <summary>How long one validation may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one match of one <c>pattern</c> may take.</summary>
    public TimeSpan PatternTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock that <see cref="TimeLimit"/> is measured with.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>What holds for all requests of a connector.</summary>
internal sealed record HttpDefinition
{
    /// <summary>Template over <c>settings</c>.</summary>
    public required CompiledMapping BaseUrl { get; init; }

    public IReadOnlyList<KeyValuePair<string, CompiledMapping>> Headers { get; init; } = [];

    /// <summary>True when the connector's code writes the bodies of requests and reads those of answers; otherwise they are JSON.</summary>
    public bool BodiesByCode { get; init; }

    public AuthDefinition? Auth { get; init; }

    /// <summary>Names of the secret settings that <see cref="Auth"/> refers to.</summary>
    public IReadOnlyList<string> AuthSecrets { get; init; } = [];

    /// <summary>Rules in order; the first fitting one with a kind classifies an answer, the first fitting one whose message is there explains it. Defaults stand behind them.</summary>
    public IReadOnlyList<ErrorRule> Errors { get; init; } = [];

    /// <summary>Relation of the next page in the <c>Link</c> header; null when lists are not paged that way.</summary>
    public string? LinkRelation { get; init; }

    public BudgetLimit? Limit { get; init; }

    /// <summary>Header telling how many requests are left in the window; null when there is none.</summary>
    public string? RemainingHeader { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

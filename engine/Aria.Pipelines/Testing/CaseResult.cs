using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Testing;

/// <summary>What came of one case.</summary>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="Name">Its file without the ending.</param>
/// <param name="File">Its file, as findings show it.</param>
/// <param name="Description">What it says of itself.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record CaseResult(string Pipeline, string Name, string File, string Description, TimeSpan Elapsed)
{
    /// <summary>The problem of a case that is not finished.</summary>
    public const string NothingExpected = "It has no 'expect'. 'aria test --update' writes what happens now; read it before you keep it.";

    /// <summary>Why it could not be read.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; init; } = [];

    /// <summary>What makes it unusable, whatever it expects.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public IReadOnlyList<JsonDifference> Differences { get; init; } = [];

    /// <summary>The finding with which the run ended, where it did not end as expected; null when there is none.</summary>
    public string? Finding { get; init; }

    /// <summary>The expectation that would hold; null when the case could not be played.</summary>
    public JsonObject? Renewed { get; init; }

    /// <summary>Why it failed, a line each; empty when it passed.</summary>
    public IEnumerable<string> Explanation => Findings.Select(f => f.ToString()).Concat(Problems).Concat(Differences.Select(d => d.ToString())).Concat(Ended);

    /// <summary>How the run says that it ended, a line or none.</summary>
    public IEnumerable<string> Ended => Finding is null ? [] : [$"the run ended with: {Finding}"];

    /// <summary>True when writing <see cref="Renewed"/> into the file would make it pass.</summary>
    public bool CanRenew => Renewed is not null && !Passed && Problems.All(p => p == NothingExpected);

    public bool Passed => Findings.Count == 0 && Problems.Count == 0 && Differences.Count == 0;
}

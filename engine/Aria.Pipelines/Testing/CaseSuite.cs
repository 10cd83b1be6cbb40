using System.Diagnostics;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Testing;

/// <summary>Plays the cases of a workspace, offline: each with a store, a clock and targets of its own.</summary>
/// <param name="workspace">A workspace without errors.</param>
/// <param name="folder">Its folder.</param>
/// <param name="displayPath">How findings name that, with forward slashes.</param>
internal sealed class CaseSuite(Workspace workspace, string folder, string displayPath)
{
    /// <summary>Folder of the cases of a pipeline.</summary>
    public const string CasesFolder = "cases";

    private static readonly StoreIdentity Identity = new("case", "case");
    private readonly MappingCompiler _mappings = new();

    /// <summary>Plays all cases, or those selected.</summary>
    public async Task<SuiteResult> RunAsync(IReadOnlyList<CaseSelection> only, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        (Pipeline Pipeline, DefinitionBundle Bundle)[] wanted =
            [.. workspace.Pipelines.Where(p => only.Count == 0 || only.Any(o => o.Pipeline == p.Pipeline.Id))];
        (Pipeline Pipeline, DefinitionBundle Bundle, string Case)[] cases =
            [.. wanted.SelectMany(p => Names(p.Pipeline.Id).Where(n => IsWanted(only, p.Pipeline.Id, n)).Select(n => (p.Pipeline, p.Bundle, n)))];
        DirectoryInfo data = Directory.CreateTempSubdirectory("aria-test-");
        var results = new CaseResult[cases.Length];
        var reached = new PipelineCoverage?[cases.Length];
        try
        {
            // Cases wait for the disk more than they compute, so more are played than there are processors.
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = 3 * Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, cases.Length, parallel, async (i, stop) =>
                (results[i], reached[i]) = await PlayAsync(cases[i].Pipeline, cases[i].Bundle, cases[i].Case, Path.Combine(data.FullName, $"{i}", "aria.db"), stop).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            data.Delete(recursive: true);
        }
        // One case alone says nothing about how much all of them reach.
        PipelineCoverage[] coverage = [.. wanted.Where(p => only.All(o => o.Pipeline != p.Pipeline.Id || o.Case is null)).Select(p => Together(p.Pipeline, reached.OfType<PipelineCoverage>().Where(c => c.Pipeline == p.Pipeline.Id)))];
        return new SuiteResult(results, coverage, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Writes what happened into the cases that expected something else.</summary>
    /// <returns>The cases whose files were rewritten.</returns>
    public IReadOnlyList<CaseResult> Renew(SuiteResult result)
    {
        CaseResult[] renewed = [.. result.Cases.Where(c => c.CanRenew)];
        foreach (CaseResult one in renewed)
        {
            string file = Path.Combine(folder, one.Pipeline, CasesFolder, $"{one.Name}.json");
            File.WriteAllBytes(file, CaseFile.WithExpectation(File.ReadAllBytes(file), one.Renewed!));
        }
        return renewed;
    }

    private async Task<(CaseResult Result, PipelineCoverage? Coverage)> PlayAsync(
        Pipeline pipeline, DefinitionBundle bundle, string name, string dataFile, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        var bag = new DiagnosticBag();
        var files = new DefinitionFolder(Path.Combine(folder, pipeline.Id, CasesFolder), $"{displayPath}/{pipeline.Id}/{CasesFolder}");
        CaseDefinition? written = new CaseReader(files, bag).Read($"{name}.json");
        var result = new CaseResult(pipeline.Id, name, files.PathOf($"{name}.json"), written?.Description ?? "", TimeSpan.Zero);
        if (written is null)
        {
            return (result with { Findings = bag.Items, Elapsed = Stopwatch.GetElapsedTime(started) }, null);
        }
        var probe = new PipelineProbe(pipeline);
        var clock = new CaseClock(written.At);
        await using SqliteStore store = await SqliteStore.OpenAsync(dataFile, Identity, MasterKey.Ephemeral(), clock, cancellationToken).ConfigureAwait(false);
        var catalog = new PipelineCatalog(store, _mappings);
        await catalog.LoadAsync(new Workspace(workspace.Connections, [(probe.Pipeline, bundle)], []), cancellationToken).ConfigureAwait(false);
        var names = new CaseNames(probe.Pipeline);
        var targets = new CaseTargets(probe.Pipeline, written.Answers, names);
        await using ServiceProvider services = AriaPipelines.ForCase(store, catalog, _mappings, targets, clock);
        (CaseOutcome outcome, IReadOnlyList<RunDetail> runs) = await new CaseRun(written, probe.Pipeline, services, targets, names).PlayAsync(cancellationToken).ConfigureAwait(false);
        foreach (RunDetail run in runs)
        {
            probe.Note(run);
        }
        IReadOnlyList<JsonDifference> differences = written.Expect is { } expect ? CaseComparison.Compare(expect, outcome) : [];
        result = result with
        {
            Problems = written.Expect is null ? [.. outcome.Problems, CaseResult.NothingExpected] : outcome.Problems,
            Differences = differences,
            Finding = differences.Any(d => d.Path is "state" or "code") ? outcome.Finding : null,
            Renewed = CaseComparison.Renewed(written.Expect, outcome),
            Elapsed = Stopwatch.GetElapsedTime(started),
        };
        return (result, probe.Coverage);
    }

    private IEnumerable<string> Names(string pipeline)
    {
        string cases = Path.Combine(folder, pipeline, CasesFolder);
        return Directory.Exists(cases) ? Directory.EnumerateFiles(cases, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal) : [];
    }

    private static bool IsWanted(IReadOnlyList<CaseSelection> only, string pipeline, string name) =>
        only.Count == 0 || only.Any(o => o.Pipeline == pipeline && (o.Case is null || o.Case == name));

    private static PipelineCoverage Together(Pipeline pipeline, IEnumerable<PipelineCoverage> cases) =>
        new PipelineProbe(pipeline).Coverage with { Reached = cases.SelectMany(c => c.Reached).ToHashSet() };
}

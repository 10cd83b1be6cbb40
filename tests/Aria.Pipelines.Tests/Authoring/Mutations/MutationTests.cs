using System.Collections.Concurrent;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Tests.Authoring.Mutations;

/// <summary>
/// How many realistic mistakes in the pipelines we ship are found before they run. All of them with the environment variable
/// <c>ARIA_ALL_MUTANTS</c>; otherwise every n-th, always the same ones.
/// </summary>
public sealed class MutationTests
{
    private const double Wanted = 0.9;
    private const int Sample = 150;

    [Fact]
    public async Task ShippedPipelines_WithAMistake_AreCaughtByLintOrTheirCases()
    {
        var all = new List<(MutatedPipeline Pipeline, Mutant Mutant)>();
        using InstalledConnectors first = Add("pipelines", all);
        using InstalledConnectors second = Add("pipelines/recipes", all);
        int step = Environment.GetEnvironmentVariable("ARIA_ALL_MUTANTS") is null ? Math.Max(1, all.Count / Sample) : 1;
        (MutatedPipeline Pipeline, Mutant Mutant)[] tried = [.. all.Where((_, i) => i % step == 0)];

        var finders = new ConcurrentBag<string>();
        var survivors = new ConcurrentBag<(string Pipeline, string What)>();
        await Parallel.ForEachAsync(tried, TestContext.Current.CancellationToken, async (one, stop) =>
        {
            string? finder = await one.Pipeline.FinderOfAsync(one.Mutant, stop);
            if (finder is null)
            {
                survivors.Add((one.Pipeline.Id, $"{one.Pipeline.Id}/{one.Mutant.File}{one.Mutant.Place} {one.Mutant.What}"));
            }
            else
            {
                finders.Add(finder);
            }
        });

        double caught = (double)finders.Count / tried.Length;
        string told = $"{finders.Count} of {tried.Length} mistakes are caught ({finders.Count(f => f == "lint")} by lint); of {all.Count} there are. Nobody sees:\n  {string.Join("\n  ", survivors.Select(s => s.What).Order(StringComparer.Ordinal))}";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        all.Count.ShouldBeGreaterThan(600);
        caught.ShouldBeGreaterThanOrEqualTo(Wanted, told);
        if (step == 1)
        {
            foreach (IGrouping<string, (MutatedPipeline Pipeline, Mutant Mutant)> own in tried.GroupBy(t => t.Pipeline.Id))
            {
                double share = 1 - ((double)survivors.Count(s => s.Pipeline == own.Key) / own.Count());
                TestContext.Current.TestOutputHelper?.WriteLine($"{own.Key}: {share:P1} of {own.Count()}");
                share.ShouldBeGreaterThanOrEqualTo(Wanted, own.Key);
            }
        }
    }

    private static InstalledConnectors Add(string folder, List<(MutatedPipeline Pipeline, Mutant Mutant)> all)
    {
        var options = new EngineOptions { Workspace = Shipped.Folder(folder), Plugins = Shipped.Folder("plugins") };
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(options, new MappingCompiler());
        workspace.Findings.Select(f => f.ToString()).ShouldBeEmpty();
        foreach (MutatedPipeline pipeline in workspace.Pipelines.Select(p => new MutatedPipeline(workspace, options.Workspace, p.Pipeline, p.Bundle)))
        {
            all.AddRange(pipeline.Mutants().Select(m => (pipeline, m)));
        }
        return installed;
    }
}

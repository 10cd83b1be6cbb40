using System.Globalization;
using Aria.Pipelines.Testing;
using Spectre.Console;

namespace Aria.Pipelines.Host.Output;

/// <summary>What people read of <c>aria test</c>.</summary>
internal static class TestOutput
{
    private const int LongestLine = 400;

    public static void Write(SuiteResult result)
    {
        foreach (CaseResult one in result.Cases)
        {
            // Only the word is coloured: long lines must not be broken when nobody looks at them on a terminal.
            AnsiConsole.Markup(one.Passed ? "[green]ok[/]    " : "[red]FAILED[/]");
            Console.WriteLine($" {one.Pipeline}/{one.Name}");
            foreach (string line in Lines(one))
            {
                Console.WriteLine($"         {line}");
            }
        }
        foreach (PipelineCoverage coverage in result.Coverage)
        {
            Write(coverage);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Cases.Count} cases, {result.Failed} failed, in {result.Elapsed.TotalSeconds:0.00} s"));
    }

    /// <summary>What is said of pipelines that are covered too little; nothing when all are covered enough.</summary>
    /// <param name="result">The result.</param>
    /// <param name="threshold">Percent that each pipeline must reach.</param>
    public static IEnumerable<string> TooLittle(SuiteResult result, double threshold) => result.Coverage
        .Where(c => c.Percent < threshold)
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"The cases of '{c.Pipeline}' reach {c.Percent:0.#} % of it, less than the threshold of {threshold:0.#} %."));

    private static IEnumerable<string> Lines(CaseResult one) =>
        one.Findings.Select(f => f.ToString()).Concat(one.Problems).Concat(one.Differences.SelectMany(d => Lines(d))).Concat(one.Ended);

    private static IEnumerable<string> Lines(JsonDifference difference) =>
        [difference.Path, $"  expected {Short(difference.Expected)}", $"  actual   {Short(difference.Actual)}"];

    private static void Write(PipelineCoverage coverage)
    {
        (string Word, CoverageKind Kind)[] kinds = [("steps", CoverageKind.Step), ("branches", CoverageKind.Branch), ("mappings", CoverageKind.Mapping)];
        string parts = string.Join(", ", kinds.Select(k => coverage.Of(k.Kind) is var (reached, all) ? $"{k.Word} {reached}/{all}" : ""));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"coverage {coverage.Pipeline}: {coverage.Percent:0.#} % ({parts})"));
        foreach (CoveragePoint missing in coverage.Missing)
        {
            Console.WriteLine($"         never reached: {missing.Name}");
        }
    }

    private static string Short(string? text) => text is null ? "nothing" : text.Length <= LongestLine ? text : text[..LongestLine] + " …";
}

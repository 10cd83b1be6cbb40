using Aria.Pipelines.Bench.Lint;

namespace Aria.Pipelines.Bench;

/// <summary>Benchmarks, one verb each: <c>bench lint --pipelines 500</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        switch (args)
        {
            case ["lint", .. string[] rest]:
                return await LintBenchmark.RunAsync(rest, stop.Token);
            default:
                await Console.Error.WriteLineAsync("Usage: bench lint [--pipelines 500] [--runs 7] [--keep <folder>] [--host <aria>]");
                return 2;
        }
    }
}

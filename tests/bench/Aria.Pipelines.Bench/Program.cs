using Aria.Pipelines.Bench.Lint;
using Aria.Pipelines.Bench.Load;

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
            case ["load", .. string[] rest]:
                return await LoadBenchmark.RunAsync(rest, stop.Token);
            case ["floor", .. string[] rest]:
                return await Floor.RunAsync(rest, stop.Token);
            default:
                await Console.Error.WriteLineAsync("Usage: bench lint [--pipelines 500] [--runs 7] [--keep <folder>] [--host <aria>]");
                await Console.Error.WriteLineAsync("       bench load [--host <aria>] [--peer name=<folder>[:mode]]... [--other name=<aria>]... [--variant name=VARIABLE=value]... [--without a,b] [--only cold,saturation,rate,sync,kill] [--rounds 1] [--warm 15] [--duration 10] [--connections 32]");
                return 2;
        }
    }
}

using System.Runtime.InteropServices;
using Aria.Pipelines.Bench.Lint;
using Aria.Pipelines.Bench.Load;

namespace Aria.Pipelines.Bench;

/// <summary>Benchmarks, one verb each: <c>bench lint --pipelines 500</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return await RunAsync(args, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        switch (args)
        {
            case ["lint", .. string[] rest]:
                return await LintBenchmark.RunAsync(rest, cancellationToken);
            case ["load", .. string[] rest]:
                return await LoadBenchmark.RunAsync(rest, cancellationToken);
            case ["floor", .. string[] rest]:
                return await Floor.RunAsync(rest, cancellationToken);
            default:
                await Console.Error.WriteLineAsync("Usage: bench lint [--pipelines 500] [--runs 7] [--keep <folder>] [--host <aria>]");
                await Console.Error.WriteLineAsync("       bench load [--host <aria>] [--peer name=<folder>[:mode]]... [--other name=<aria>]... [--variant name=VARIABLE=value]... [--without a,b] [--only cold,saturation,rate,sync,kill] [--rounds 1] [--warm 15] [--duration 10] [--connections 32]");
                return 2;
        }
    }
}

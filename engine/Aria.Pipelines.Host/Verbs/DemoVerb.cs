using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria demo</c>: the whole loop on this machine, in under a minute.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        Command command = CommonOptions.AddTo(
            new Command("demo", "Run twenty applications through the shipped pipelines against local stand-ins for Greenhouse and ARIA"),
            options.Workspace, options.Plugins, options.Store, options.Json);
        command.SetAction((parsed, cancellationToken) =>
        {
            EngineOptions engine = options.Engine(parsed);
            return DemoAsync(engine, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> DemoAsync(EngineOptions engine, bool json, CancellationToken cancellationToken)
    {
        (DemoReport? report, IReadOnlyList<Diagnostic> findings) = await DemoProgress.ShowAsync(say => new DemoRun(engine, say).RunAsync(cancellationToken));
        if (report is null)
        {
            Terminal.Write(findings);
            return ExitCode.Failure;
        }
        JsonObject summary = report.ToJson();
        if (!json)
        {
            Terminal.Write(report.ToTable());
        }
        Console.WriteLine(HostJson.OneLine(summary));
        return summary["ok"]!.GetValue<bool>() ? ExitCode.Good : ExitCode.Failure;
    }
}

using System.CommandLine;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria demo</c>: the whole loop on this machine, in under a minute.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var ats = new Option<string>("--ats") { Description = $"The ATS: {string.Join(", ", DemoSystems.Names)}", DefaultValueFactory = _ => DemoSystems.Default };
        ats.AcceptOnlyFromAmong([.. DemoSystems.Names]);
        var all = new Option<bool>("--all") { Description = "Every ATS, side by side, each with an ARIA account of its own" };
        Command command = CommonOptions.AddTo(
            new Command("demo", "Run twenty applications through the shipped pipelines against local stand-ins for an ATS and ARIA"),
            ats, all, options.Workspace, options.Plugins, options.Store, options.Json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetResult(ats) is { Implicit: false })
            {
                result.AddError("--all runs every ATS: leave --ats out.");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            EngineOptions engine = options.Engine(parsed);
            bool json = parsed.GetValue(options.Json);
            return parsed.GetValue(all) ? AllAsync(engine, json, cancellationToken) : OneAsync(engine, parsed.GetValue(ats)!, json, cancellationToken);
        });
        return command;
    }

    private static async Task<int> OneAsync(EngineOptions engine, string ats, bool json, CancellationToken cancellationToken)
    {
        (DemoReport? report, IReadOnlyList<Diagnostic> findings) = await DemoProgress.ShowAsync(say => new DemoRun(engine, ats, say).RunAsync(cancellationToken));
        if (report is null)
        {
            Terminal.Write(findings);
            return ExitCode.Failure;
        }
        if (!json)
        {
            Terminal.Write(report.ToTable());
            Terminal.Write(report.ToPlaces());
        }
        Console.WriteLine(HostJson.OneLine(report.ToJson()));
        return report.IsGood ? ExitCode.Good : ExitCode.Failure;
    }

    private static async Task<int> AllAsync(EngineOptions engine, bool json, CancellationToken cancellationToken)
    {
        (DemoReport? Report, IReadOnlyList<Diagnostic> Findings)[] ended = await DemoProgress.ShowAsync(say => Task.WhenAll(
            DemoSystems.Names.Select(ats => Task.Run(() => new DemoRun(engine, ats, text => say($"{ats}: {text}")).RunAsync(cancellationToken), cancellationToken))));
        foreach ((DemoReport? _, IReadOnlyList<Diagnostic> findings) in ended.Where(e => e.Report is null))
        {
            Terminal.Write(findings);
        }
        DemoReport[] reports = [.. ended.Select(e => e.Report).OfType<DemoReport>()];
        if (!json)
        {
            Terminal.Write(DemoReport.ToTable(reports));
            Terminal.Write(DemoReport.ToPlaces(reports));
        }
        bool isGood = reports.Length == ended.Length && Array.TrueForAll(reports, r => r.IsGood);
        Console.WriteLine(HostJson.OneLine(DemoReport.ToJson(reports, isGood)));
        return isGood ? ExitCode.Good : ExitCode.Failure;
    }
}

using System.CommandLine;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria lint</c>: everything the compiler finds, without network and secrets; in every environment, unless one is named.</summary>
internal static class LintVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        Command command = CommonOptions.AddTo(
            new Command("lint", "Check connectors, connections, environments and pipelines"),
            options.Workspace, options.Plugins, options.Environment, options.Json);
        command.SetAction(parsed => Lint(options.Engine(parsed), parsed.GetResult(options.Environment) is { Implicit: false }, parsed.GetValue(options.Json)));
        return command;
    }

    private static int Lint(EngineOptions engine, bool isOneEnvironment, bool json)
    {
        (InstalledConnectors installed, Workspace workspace) = isOneEnvironment ? AriaEngine.Compile(engine, new MappingCompiler()) : AriaEngine.CompileEverywhere(engine, new MappingCompiler());
        using (installed)
        {
            if (json)
            {
                Console.WriteLine(HostJson.Pretty(HostJson.Findings(workspace.Findings)));
            }
            else
            {
                Terminal.Write(workspace.Findings);
                int errors = workspace.Findings.Count(f => f.Severity == DiagnosticSeverity.Error);
                Console.WriteLine($"{installed.ByName.Count} connectors, {workspace.Connections.Count} connections, {workspace.Pipelines.Count} pipelines: {errors} errors, {workspace.Findings.Count - errors} other findings");
            }
            return workspace.HasErrors ? ExitCode.Failure : ExitCode.Good;
        }
    }
}

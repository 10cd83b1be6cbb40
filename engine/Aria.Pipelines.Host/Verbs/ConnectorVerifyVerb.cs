using System.CommandLine;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria connector verify</c>: the part of the behaviour suite that needs no system, for whoever ships a connector.</summary>
internal static class ConnectorVerifyVerb
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "The connector's folder" };
        var options = new CommonOptions();
        Command command = CommonOptions.AddTo(new Command("verify", "Hold a connector to the rules of the behaviour suite, without network"), options.Json);
        command.Arguments.Add(folder);
        command.SetAction(parsed => Verify(parsed.GetRequiredValue(folder), parsed.GetValue(options.Json)));
        return command;
    }

    private static int Verify(string folder, bool json)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(full) || Path.GetDirectoryName(full) is not { } root)
        {
            Terminal.Fail($"There is no folder '{folder}'. Name the folder that holds connector.json.");
            return ExitCode.WrongUsage;
        }
        var bag = new DiagnosticBag();
        string display = Path.GetDirectoryName(folder.TrimEnd('/', '\\')) is { Length: > 0 } parent ? parent : ".";
        using InstalledConnectors installed = InstalledConnectors.Load(root, display, new MappingCompiler(), bag, only: Path.GetFileName(full));
        if (installed.All is not [{ } found, ..])
        {
            if (bag.HasErrors)
            {
                Report(bag.Items, [], json);
                return ExitCode.Failure;
            }
            Terminal.Fail($"'{folder}' holds no connector: there is no connector.json.");
            return ExitCode.WrongUsage;
        }
        IReadOnlyList<BehaviourFinding> findings = ConnectorVerification.Verify(ConnectorSubject.Open(found, TimeProvider.System));
        Report(bag.Items, findings, json);
        if (!json)
        {
            Console.WriteLine($"{found.Connector.Name} {found.Connector.Version}: {ConnectorVerification.Rules.Count} rules, {findings.Count} findings");
        }
        return findings.Count == 0 && !bag.HasErrors ? ExitCode.Good : ExitCode.Failure;
    }

    private static void Report(IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<BehaviourFinding> findings, bool json)
    {
        Diagnostic[] all = [.. diagnostics, .. findings.Select(f => new Diagnostic(f.Rule, DiagnosticSeverity.Error, f.Summary, f.Mend, f.Position.File, f.Position.Line, f.Position.Column, DiagnosticFault.Connector))];
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(HostJson.Findings(all)));
        }
        else
        {
            Terminal.Write(all);
        }
    }
}

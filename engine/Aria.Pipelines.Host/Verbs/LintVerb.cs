using System.CommandLine;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>
/// <c>aria lint</c>: everything the compiler finds, without network and secrets; in every environment, unless one is named.
/// With <c>--online</c> also what the live accounts of the environment say to the settings.
/// </summary>
internal static class LintVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var online = new Option<bool>("--online") { Description = "Also ask the accounts of all connections, with their secrets, whether they have what the settings name" };
        Command command = CommonOptions.AddTo(
            new Command("lint", "Check connectors, connections, environments and pipelines"),
            options.Workspace, options.Plugins, options.Environment, online, options.Secrets, options.Json);
        command.SetAction((parsed, cancellationToken) =>
        {
            EngineOptions engine = options.Engine(parsed);
            ISecretSource? secrets = parsed.GetValue(online) ? CommonOptions.SecretsOf(engine.Environment, parsed.GetValue(options.Secrets)) : null;
            bool isOneEnvironment = parsed.GetResult(options.Environment) is { Implicit: false };
            return LintAsync(engine, isOneEnvironment, secrets, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> LintAsync(EngineOptions engine, bool isOneEnvironment, ISecretSource? secrets, bool json, CancellationToken cancellationToken)
    {
        (InstalledConnectors installed, Workspace workspace) = isOneEnvironment ? AriaEngine.Compile(engine, new MappingCompiler()) : AriaEngine.CompileEverywhere(engine, new MappingCompiler());
        using (installed)
        {
            if (secrets is not null)
            {
                workspace = workspace with { Findings = [.. workspace.Findings, .. await AskAsync(workspace, secrets, cancellationToken)] };
            }
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

    private static async Task<IReadOnlyList<Diagnostic>> AskAsync(Workspace workspace, ISecretSource secrets, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        Diagnostic[] missing = [.. AriaEngine.MissingSecrets(workspace, secrets, time)];
        await using ServiceProvider services = AriaPipelines.Online(time, secrets);
        ConnectionChecks checks = services.GetRequiredService<ConnectionChecks>();
        var found = new DiagnosticBag();
        // Without its secrets a connection could only be refused, which is reported already.
        foreach (Connection connection in workspace.Connections.Values.Where(c => !SecretFindings.Of(c, secrets, time.GetUtcNow()).Any()))
        {
            await checks.CheckAsync(connection, found, cancellationToken);
        }
        return [.. missing, .. found.Items];
    }
}

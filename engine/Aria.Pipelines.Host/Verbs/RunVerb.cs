using System.CommandLine;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria run</c>: the host.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var watch = new Option<bool>("--watch") { Description = "Put changed definitions in force while running; a set with errors is reported and the last good one stays" };
        Command command = CommonOptions.AddTo(
            new Command("run", "Receive webhooks and run pipelines until stopped"),
            options.Workspace, options.Plugins, options.Data, options.Environment, options.Secrets, options.Urls, options.Management, watch, options.Json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            options.Engine(parsed) with { Watch = parsed.GetValue(watch) },
            parsed.GetValue(options.Secrets),
            parsed.GetRequiredValue(options.Urls),
            parsed.GetValue(options.Management),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(EngineOptions options, string? secretsFolder, string urls, string? management, CancellationToken cancellationToken)
    {
        ISecretSource secrets = SecretsOf(options.Environment, secretsFolder);
        try
        {
            string socket = ControlApi.SocketPath(options.Data);
            (AriaEngine? engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(
                options, secrets, MasterKey.FromSecrets(secrets), TimeProvider.System, cancellationToken);
            Terminal.Write(findings);
            if (engine is null)
            {
                Terminal.Fail("The host does not start with errors in its definitions or secrets.");
                return ExitCode.Failure;
            }
            await using (engine)
            {
                await using WebApplication app = HostServer.Build(engine, urls, socket, quiet: false, management);
                await app.RunAsync(cancellationToken);
            }
            return ExitCode.Good;
        }
        catch (Exception e) when (e is MasterKeyException or StoreInUseException or StoreVersionException or StoreUnavailableException or StoreDamagedException)
        {
            Terminal.Fail(e.Message);
            return ExitCode.Failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Fail($"The host cannot start on {urls} with the data folder '{options.Data}': {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static CombinedSecretSource SecretsOf(string environment, string? folder)
    {
        var variables = new EnvironmentSecretSource(environment);
        return folder is null ? new CombinedSecretSource([variables]) : new CombinedSecretSource([new FolderSecretSource(folder, environment), variables]);
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria run</c>: the host.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var watch = new Option<bool>("--watch") { Description = "Put changed definitions in force while running; a set with errors is reported and the last good one stays" };
        var rate = new Option<int>("--deliveries-per-second")
        {
            Description = "How many deliveries one source may make in a second before it is told to wait",
            DefaultValueFactory = _ => EngineOptions.DefaultDeliveriesPerSecond,
        };
        rate.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number < 1)
            {
                result.AddError("Option '--deliveries-per-second' takes a whole number, 1 or more.");
            }
        });
        var proxies = new Option<string[]>("--trusted-proxy")
        {
            Description = "Address or network of a proxy before the host, whose X-Forwarded-For and X-Forwarded-Proto are believed; may be given several times",
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
        };
        proxies.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(t => t.Value))
            {
                if (!AddressRange.TryParse(text, out _, out string? mend))
                {
                    result.AddError($"Option '--trusted-proxy' takes an address or a network, not '{text}'. {mend}");
                }
            }
        });
        var plain = new Option<bool>("--accept-plain-http")
        {
            Description = "Take deliveries from other machines without TLS: where a proxy ends it in a network of its own and cannot send X-Forwarded-Proto",
        };
        Command command = CommonOptions.AddTo(
            new Command("run", "Receive webhooks and run pipelines until stopped"),
            options.Workspace, options.Plugins, options.Data, options.Store, options.Environment, options.Secrets, options.Urls, options.Management, watch, rate, proxies, plain, options.Json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            options.Engine(parsed) with { Watch = parsed.GetValue(watch), DeliveriesPerSecond = parsed.GetValue(rate), AcceptPlainHttp = parsed.GetValue(plain) },
            parsed.GetValue(options.Secrets),
            parsed.GetRequiredValue(options.Urls),
            parsed.GetValue(options.Management),
            [.. parsed.GetRequiredValue(proxies).Select(Network)],
            cancellationToken));
        return command;
    }

    private static IPNetwork Network(string text) => AddressRange.TryParse(text, out IPNetwork network, out _) ? network : throw new UnreachableException();

    private static async Task<int> RunAsync(EngineOptions options, string? secretsFolder, string urls, string? management, IReadOnlyList<IPNetwork> proxies, CancellationToken cancellationToken)
    {
        ISecretSource secrets = CommonOptions.SecretsOf(options.Environment, secretsFolder);
        try
        {
            string socket = ControlApi.SocketPath(options.Data);
            (AriaEngine? engine, IReadOnlyList<Diagnostic> findings) = await AriaEngine.OpenAsync(
                options, secrets, MasterKey.FromSecrets(secrets, StoreKinds.Find(options.Data)), TimeProvider.System, cancellationToken);
            Terminal.Write(findings);
            if (engine is null)
            {
                Terminal.Fail("The host does not start with errors in its definitions or secrets.");
                return ExitCode.Failure;
            }
            await using (engine)
            {
                if ((ListenTrouble.Of(urls, "--urls") ?? (management is null ? null : ListenTrouble.Of(management, "--management"))) is { } trouble)
                {
                    Terminal.Fail(trouble);
                    return ExitCode.Failure;
                }
                await using WebApplication app = HostServer.Build(engine, urls, socket, LogLevel.Information, management, proxies);
                // What compiling the workspace left behind would otherwise stay until there is traffic: a tenth of the memory of an idle host.
                app.Lifetime.ApplicationStarted.Register(static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
                await app.RunAsync(cancellationToken);
            }
            return ExitCode.Good;
        }
        catch (Exception e) when (e is MasterKeyException or StoreInUseException or StoreMismatchException or StoreVersionException or StoreUnavailableException or StoreDamagedException)
        {
            Terminal.Fail(e.Message);
            return ExitCode.Failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string addresses = management is null ? urls : $"{urls} and {management}";
            Terminal.Fail($"The host cannot start on {addresses} with the data folder '{options.Data}': {e.Message}");
            return ExitCode.Failure;
        }
    }
}

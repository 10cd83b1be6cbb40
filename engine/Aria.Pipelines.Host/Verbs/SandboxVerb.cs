using System.CommandLine;
using System.Runtime.InteropServices;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria sandbox</c>: the stand-ins, for anyone who develops offline.</summary>
internal static class SandboxVerb
{
    private const string HookSecret = "sandbox-hook-secret";

    public static Command Create()
    {
        var greenhouse = new Option<int>("--greenhouse-port") { Description = "Port of the Greenhouse stand-in", DefaultValueFactory = _ => 5081 };
        var aria = new Option<int>("--aria-port") { Description = "Port of the ARIA stand-in", DefaultValueFactory = _ => 5082 };
        var host = new Option<string>("--host") { Description = "Host that receives their webhooks", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var command = new Command("sandbox", "Start local stand-ins for Greenhouse and ARIA, with a control API under /_sandbox/") { greenhouse, aria, host };
        command.SetAction((parsed, cancellationToken) => ServeAsync(parsed.GetValue(greenhouse), parsed.GetValue(aria), new Uri(parsed.GetRequiredValue(host)), cancellationToken));
        host.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttp)
            {
                result.AddError("--host takes an absolute http URL, for example http://127.0.0.1:5080.");
            }
        });
        return command;
    }

    private static async Task<int> ServeAsync(int greenhousePort, int ariaPort, Uri host, CancellationToken cancellationToken)
    {
        try
        {
            await using GreenhouseSandbox greenhouse = await GreenhouseSandbox.StartAsync(
                new GreenhouseOptions { Url = $"http://127.0.0.1:{greenhousePort}", Jobs = DemoScenario.Jobs }, cancellationToken);
            await using AriaSandbox aria = await AriaSandbox.StartAsync(new AriaOptions { Url = $"http://127.0.0.1:{ariaPort}" }, cancellationToken);
            await greenhouse.AddWebhookAsync(new Uri(host, "/hooks/greenhouse"), HookSecret, ping: false, cancellationToken: cancellationToken);
            aria.AddWebhook(new Uri(host, "/hooks/aria"), HookSecret);
            Console.WriteLine(Instructions(greenhouse.BaseUrl, aria.BaseUrl, host));
            await StoppedAsync(cancellationToken);
            return ExitCode.Good;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            Terminal.Fail($"The sandboxes cannot start: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static string Instructions(Uri greenhouse, Uri aria, Uri host) => $"""
        Greenhouse on {greenhouse}, ARIA on {aria}; webhooks go to {host}. Stop with Ctrl+C.

        Start a host beside them with these in its environment:
          export ARIA_SECRET_SANDBOX_MASTER_KEY=$(openssl rand -base64 32)
          export ARIA_SECRET_SANDBOX_GREENHOUSE_CLIENT_ID=greenhouse-sandbox-client
          export ARIA_SECRET_SANDBOX_GREENHOUSE_CLIENT_SECRET=greenhouse-sandbox-secret
          export ARIA_SECRET_SANDBOX_GREENHOUSE_WEBHOOK={HookSecret}
          export ARIA_SECRET_SANDBOX_ARIA_API_KEY=aria-sandbox-key
          export ARIA_SECRET_SANDBOX_ARIA_WEBHOOK={HookSecret}
          aria run --environment sandbox

        Add an application, move it, and take the interview:
          curl -sX POST {greenhouse}_sandbox/applications -d '{"{"}"name":"Jane Doe","email":"jane.doe@example.com","job_id":{GreenhouseSeeds.EngineerJobId}{"}"}'
          curl -sX POST {greenhouse}_sandbox/applications/<application_id>/move -d '{"{"}"stage":"Phone Screen"{"}"}'
          curl -s {aria}_sandbox/state
        """;

    private static async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        });
        await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}

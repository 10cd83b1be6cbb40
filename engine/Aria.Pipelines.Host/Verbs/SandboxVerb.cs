using System.CommandLine;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
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
        var ats = new Option<string?>("--ats") { Description = $"Another ATS, with a workspace that is connected to it, on free ports: {string.Join(", ", DemoSystems.Names)}" };
        ats.AcceptOnlyFromAmong([.. DemoSystems.Names]);
        Option<string> workspace = new CommonOptions().Workspace;
        var command = new Command("sandbox", "Start local stand-ins for an ATS and ARIA: Greenhouse on fixed ports with a control API under /_sandbox/, or any that --ats names") { greenhouse, aria, host, ats, workspace };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            stopped => parsed.GetValue(ats) is { } name
                ? new SandboxSession(name, parsed.GetRequiredValue(workspace), new Uri(parsed.GetRequiredValue(host)), Console.Out).ServeAsync(Console.In, stopped)
                : ServeAsync(parsed.GetValue(greenhouse), parsed.GetValue(aria), new Uri(parsed.GetRequiredValue(host)), stopped),
            cancellationToken));
        command.Validators.Add(result =>
        {
            if (result.GetValue(ats) is not null && (result.GetResult(greenhouse) is { Implicit: false } || result.GetResult(aria) is { Implicit: false }))
            {
                result.AddError("With --ats the ports are free ones: leave --greenhouse-port and --aria-port out.");
            }
        });
        host.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttp)
            {
                result.AddError("--host takes an absolute http URL, for example http://127.0.0.1:5080.");
            }
        });
        return command;
    }

    /// <summary>Serves until somebody stops it, which is a good end.</summary>
    private static async Task<int> RunAsync(Func<CancellationToken, Task> serveAsync, CancellationToken cancellationToken)
    {
        // The library listens for signals once a verb has given its thread back, and nobody is told of a sandbox before that.
        await Task.Yield();
        using var stopped = new CancellationTokenSource();
        // The library takes what a callback of its token throws for a handler that could not stop, and ends the process with 143.
        await using CancellationTokenRegistration asked = cancellationToken.Register(() => _ = stopped.CancelAsync());
        try
        {
            await serveAsync(stopped.Token);
            return ExitCode.Good;
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return ExitCode.Good;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            Terminal.Fail($"The sandboxes stopped: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task ServeAsync(int greenhousePort, int ariaPort, Uri host, CancellationToken stopped)
    {
        await using GreenhouseSandbox greenhouse = await GreenhouseSandbox.StartAsync(
            new GreenhouseOptions { Url = $"http://127.0.0.1:{greenhousePort}", Jobs = DemoScenario.Jobs }, stopped);
        await using AriaSandbox aria = await AriaSandbox.StartAsync(new AriaOptions { Url = $"http://127.0.0.1:{ariaPort}" }, stopped);
        await greenhouse.AddWebhookAsync(new Uri(host, "/hooks/greenhouse"), HookSecret, ping: false, cancellationToken: stopped);
        aria.AddWebhook(new Uri(host, "/hooks/aria"), HookSecret);
        Console.WriteLine(Instructions(greenhouse.BaseUrl, aria.BaseUrl, host));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
          curl -s {aria}_sandbox/interviews
          curl -sX POST {aria}_sandbox/interviews/<interview_id>/complete -d '{"{"}"score":8.5,"recommendation":"advance"{"}"}'
        Or nobody comes, instead of the last one:
          curl -sX POST {aria}_sandbox/interviews/<interview_id>/no-show -d '{"{}"}'
        What both systems hold now: curl -s {greenhouse}_sandbox/state; curl -s {aria}_sandbox/state
        """;
}

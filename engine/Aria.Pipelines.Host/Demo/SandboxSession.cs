using System.Globalization;
using System.Net.Sockets;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Sandbox.Aria;

namespace Aria.Pipelines.Host.Demo;

/// <summary>
/// The stand-ins of one ATS and of ARIA until they are stopped, and a workspace that is connected to them. Whoever sits before them is the
/// candidate and the recruiter: each line is something that one of them does.
/// </summary>
/// <param name="ats">One of <see cref="DemoSystems.Names"/>.</param>
/// <param name="workspace">The workspace that is copied and connected.</param>
/// <param name="host">Where the host receives webhooks.</param>
/// <param name="said">Takes what is going on.</param>
internal sealed class SandboxSession(string ats, string workspace, Uri host, TextWriter said)
{
    private const string Help = """
        Type what happens:
          apply <e-mail> <first name> <last name>
          move <application> <stage>
          complete <interview> <score> advance|maybe|pass
          no-show <interview>
          show
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Serves until it is stopped. The end of what is typed is no reason to stop.</summary>
    public async Task ServeAsync(TextReader typed, CancellationToken stopped)
    {
        var clock = new DemoClock();
        await using DemoSystem system = await DemoSystems.StartAsync(ats, clock, stopped);
        await using AriaSandbox aria = await AriaSandbox.StartAsync(new AriaOptions { Time = clock }, stopped);
        using var files = new DemoWorkspace(workspace, system.Name, system.Overlay, aria.ApiUrl);
        aria.AddWebhook(new Uri(host, "/hooks/aria"), DemoWorkspace.AriaHookSecret);
        await said.WriteLineAsync(Instructions(system, aria, files));
        Task connected = ConnectAsync(system, stopped);
        // Reading a terminal cannot be cancelled; the line that never comes ends with the process.
        Task obeyed = Task.Run(() => ObeyAsync(system, aria, typed, stopped), CancellationToken.None);
        Task stop = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopped);
        if (await Task.WhenAny(Task.WhenAll(connected, obeyed), stop) is { IsFaulted: true } failed)
        {
            await failed;
        }
        await stop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private string Instructions(DemoSystem system, AriaSandbox aria, DemoWorkspace files)
    {
        IEnumerable<string> secrets = DemoWorkspace.Credentials(system.Secrets).Select(s => $"  export ARIA_SECRET_{DemoWorkspace.Environment.ToUpperInvariant()}_{s.Key.Replace('-', '_').ToUpperInvariant()}='{s.Value}'");
        return $"""
            {system.Title} on {system.BaseUrl}, ARIA on {aria.BaseUrl}; webhooks go to {host}. Stop with Ctrl+C.

            Start a host beside them:
              export ARIA_SECRET_{DemoWorkspace.Environment.ToUpperInvariant()}_MASTER_KEY=$(openssl rand -base64 32)
            {string.Join('\n', secrets)}
              aria run --environment {DemoWorkspace.Environment} --workspace {files.Workspace} --data {files.Data} --urls {host.GetLeftPart(UriPartial.Authority)}

            The workspace is a copy of '{workspace}' whose pipelines use {system.Title}; it goes when this stops.
            """;
    }

    /// <summary>Some systems make sure of their receiver, so it has to be there first.</summary>
    private async Task ConnectAsync(DemoSystem system, CancellationToken stopped)
    {
        while (!await ListensAsync(stopped))
        {
            await Task.Delay(Pause, TimeProvider.System, stopped);
        }
        await system.ConnectAsync(new Uri(host, $"/hooks/{system.Name}"), stopped);
        await said.WriteLineAsync($"The host is there: it hears of every change in {system.Title} from now on.\n{Help}");
    }

    private async Task<bool> ListensAsync(CancellationToken stopped)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(host.Host, host.Port, stopped);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task ObeyAsync(DemoSystem system, AriaSandbox aria, TextReader typed, CancellationToken stopped)
    {
        while (await typed.ReadLineAsync(stopped) is { } line)
        {
            try
            {
                await said.WriteLineAsync(Obey(system, aria, line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
            {
                await said.WriteLineAsync($"That is not possible: {e.Message}");
            }
        }
    }

    private static string Obey(DemoSystem system, AriaSandbox aria, string[] words)
    {
        switch (words)
        {
            case []:
                return "";
            case ["apply", string email, string first, .. string[] last]:
                return $"application {system.Apply(new DemoApplication(first, string.Join(' ', last), email, null, DemoScenario.Jobs[0].Id, DemoTrigger.Manual, DemoEnding.Completes), null)}";
            case ["move", string application, .. { Length: > 0 } stage]:
                system.Move(application, string.Join(' ', stage));
                return $"application {application} is in {string.Join(' ', stage)}";
            case ["complete", string interview, string score, string recommendation]:
                aria.Complete(interview, new AriaResult(decimal.Parse(score, CultureInfo.InvariantCulture), recommendation));
                return $"interview {interview} is completed";
            case ["no-show", string interview]:
                aria.NoShow(interview);
                return $"nobody came to interview {interview}";
            case ["show"]:
                return string.Join('\n', Shown(system, aria));
            default:
                return Help;
        }
    }

    private static IEnumerable<string> Shown(DemoSystem system, AriaSandbox aria) =>
    [
        .. system.Holdings.Select(h => $"application {h.ApplicationId}: {h.Status ?? "no interview"}, score {h.Score ?? "none"}, recommendation {h.Recommendation ?? "none"}, transcript {h.TranscriptUrl ?? "none"}"),
        .. aria.Interviews.Select(i => $"interview {i.Id}: {i.Email}, {i.Status}"),
    ];
}

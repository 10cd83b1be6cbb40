using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria send</c>: the manual trigger.</summary>
internal static class SendVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var pipeline = new Argument<string>("pipeline") { Description = "Pipeline to start" };
        var subject = new Argument<string>("subject") { Description = "Id of the application or candidate in the ATS" };
        Command command = CommonOptions.AddTo(new Command("send", "Start a pipeline for one subject, on the running host of a data folder"), options.Data, options.Json);
        command.Arguments.Add(pipeline);
        command.Arguments.Add(subject);
        command.SetAction((parsed, cancellationToken) => SendAsync(
            options.Engine(parsed).Data, parsed.GetRequiredValue(pipeline), parsed.GetRequiredValue(subject), parsed.GetValue(options.Json), cancellationToken));
        return command;
    }

    private static async Task<int> SendAsync(string data, string pipeline, string subject, bool json, CancellationToken cancellationToken)
    {
        string path = $"send/{Uri.EscapeDataString(pipeline)}?subject={Uri.EscapeDataString(subject)}";
        if (await RunningHost.AskAsync(data, HttpMethod.Post, path, null, cancellationToken) is not { } answer)
        {
            return ExitCode.Failure;
        }
        Console.WriteLine(json ? HostJson.OneLine(answer) : Said(answer, RunningHost.Hint(data)));
        return ExitCode.Good;
    }

    internal static string Said(JsonNode answer, string hint) => (bool?)answer["duplicate"] == true
        ? $"Already sent this minute as event {(string?)answer["event"]}; nothing new was started. Wait a minute to send it again."
        : $"Accepted as event {(string?)answer["event"]}; see 'aria runs{hint}'.";
}

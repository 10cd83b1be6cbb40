using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria events</c>: what came in, also what was quarantined or taken by nothing.</summary>
internal static class EventsVerb
{
    private static readonly string[] Columns = ["id", "state", "code", "connection", "type", "received"];

    public static Command Create()
    {
        var options = new CommonOptions();
        var id = new Argument<string?>("event") { Description = "Id of one event, to see all of it", Arity = ArgumentArity.ZeroOrOne };
        var state = new Option<string?>("--state") { Description = "Only events in this state" };
        state.AcceptOnlyFromAmong("open", "closed", "unmatched", "quarantined");
        var connection = new Option<string?>("--connection") { Description = "Only events of this connection" };
        Option<int> max = CommonOptions.Max();
        Command command = CommonOptions.AddTo(
            new Command("events", "List events, or show one, of the running host of a data folder"), options.Data, state, connection, max, options.Json);
        command.Arguments.Add(id);
        command.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(id) is { } one
                ? $"events/{Uri.EscapeDataString(one)}"
                : $"events?max={parsed.GetValue(max)}&state={parsed.GetValue(state)}&connection={Uri.EscapeDataString(parsed.GetValue(connection) ?? "")}";
            return ShowAsync(options.Engine(parsed).Data, path, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ShowAsync(string data, string path, bool json, CancellationToken cancellationToken)
    {
        if (await RunningHost.AskAsync(data, HttpMethod.Get, path, null, cancellationToken) is not { } answer)
        {
            return ExitCode.Failure;
        }
        if (json || answer is not JsonArray events)
        {
            Console.WriteLine(HostJson.Pretty(answer));
            return ExitCode.Good;
        }
        Terminal.Write(Terminal.Table(["event", "state", "code", "connection", "type", "received"], Columns, events));
        if (events.OfType<JsonNode>().Any(e => (string?)e["state"] == "quarantined"))
        {
            Console.WriteLine($"Quarantined events are decoded again with 'aria replay --quarantined{RunningHost.Hint(data)}', one with 'aria replay <event>{RunningHost.Hint(data)}'.");
        }
        return ExitCode.Good;
    }
}

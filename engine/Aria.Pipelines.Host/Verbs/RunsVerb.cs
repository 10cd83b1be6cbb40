using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;
using Spectre.Console;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria runs</c>: what became of every event.</summary>
internal static class RunsVerb
{
    private static readonly string[] Columns = ["id", "state", "code", "pipeline", "type", "received"];

    public static Command Create()
    {
        var options = new CommonOptions();
        var id = new Argument<string?>("run") { Description = "Id of one run, to see all of it", Arity = ArgumentArity.ZeroOrOne };
        var pipeline = new Option<string?>("--pipeline") { Description = "Only runs of this pipeline" };
        var state = new Option<string?>("--state") { Description = "Only runs in this state" };
        state.AcceptOnlyFromAmong("ready", "leased", "waiting", "needs_review", "succeeded", "skipped", "dead", "cancelled");
        var max = new Option<int>("--max") { Description = "How many, newest first", DefaultValueFactory = _ => 50 };
        Command command = CommonOptions.AddTo(new Command("runs", "List runs, or show one, of the running host of a data folder"), options.Data, pipeline, state, max, options.Json);
        command.Arguments.Add(id);
        command.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(id) is { } one
                ? $"runs/{Uri.EscapeDataString(one)}"
                : $"runs?max={parsed.GetValue(max)}&pipeline={Uri.EscapeDataString(parsed.GetValue(pipeline) ?? "")}&state={parsed.GetValue(state)?.Replace("_", "", StringComparison.Ordinal)}";
            return ShowAsync(options.Engine(parsed).Data, path, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ShowAsync(string data, string path, bool json, CancellationToken cancellationToken)
    {
        using var client = new ControlClient(data);
        try
        {
            (bool good, JsonNode answer) = await client.AskAsync(HttpMethod.Get, path, cancellationToken);
            if (!good)
            {
                Terminal.Fail(answer["error"]?.GetValue<string>() ?? HostJson.OneLine(answer));
                return ExitCode.Failure;
            }
            if (json || answer is not JsonArray runs)
            {
                Console.WriteLine(HostJson.Pretty(answer));
            }
            else
            {
                Terminal.Write(Table(runs));
            }
            return ExitCode.Good;
        }
        catch (HttpRequestException)
        {
            Terminal.Fail($"No host runs on the data folder '{data}'. Start one with 'aria run --data {data}'.");
            return ExitCode.Failure;
        }
    }

    private static Table Table(JsonArray runs)
    {
        Table table = new Table().AddColumns("run", "state", "code", "pipeline", "event", "received");
        foreach (JsonNode run in runs.OfType<JsonNode>())
        {
            string[] cells = [.. Columns.Select(n => Markup.Escape(run[n]?.GetValue<string>() ?? ""))];
            table.AddRow(cells);
        }
        return table;
    }
}

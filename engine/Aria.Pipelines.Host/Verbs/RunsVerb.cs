using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria runs</c>: what became of every event.</summary>
internal static class RunsVerb
{
    private static readonly string[] Columns = ["id", "state", "code", "pipeline", "type", "received"];
    private static readonly string[] FailureColumns = ["fingerprint", "count", "pipeline", "step", "code", "last", "example"];

    public static Command Create()
    {
        var options = new CommonOptions();
        var id = new Argument<string?>("run") { Description = "Id of one run, to see all of it", Arity = ArgumentArity.ZeroOrOne };
        var pipeline = new Option<string?>("--pipeline") { Description = "Only runs of this pipeline" };
        var state = new Option<string?>("--state") { Description = "Only runs in this state" };
        state.AcceptOnlyFromAmong("ready", "leased", "waiting", "needs_review", "succeeded", "skipped", "dead", "cancelled");
        var failures = new Option<bool>("--failures") { Description = "Group dead runs that failed alike" };
        Option<int> max = CommonOptions.Max();
        Command command = CommonOptions.AddTo(
            new Command("runs", "List runs, or show one, of the running host of a data folder"), options.Data, pipeline, state, failures, max, options.Json);
        command.Arguments.Add(id);
        command.Subcommands.Add(Cancel());
        command.SetAction((parsed, cancellationToken) =>
        {
            string data = options.Engine(parsed).Data;
            if (parsed.GetValue(failures))
            {
                return ShowFailuresAsync(data, parsed.GetValue(max), parsed.GetValue(options.Json), cancellationToken);
            }
            string path = parsed.GetValue(id) is { } one
                ? $"runs/{Uri.EscapeDataString(one)}"
                : $"runs?max={parsed.GetValue(max)}&pipeline={Uri.EscapeDataString(parsed.GetValue(pipeline) ?? "")}&state={parsed.GetValue(state)?.Replace("_", "", StringComparison.Ordinal)}";
            return ShowAsync(data, path, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static Command Cancel()
    {
        var options = new CommonOptions();
        var id = new Argument<string>("run") { Description = "Id of the run" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit" };
        Command command = CommonOptions.AddTo(new Command("cancel", "End a run: what it waits for is forgotten, what it did stays done"), reason, options.Data, options.Json);
        command.Arguments.Add(id);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string run = parsed.GetRequiredValue(id);
            if (await RunningHost.AskAsync(
                options.Engine(parsed).Data, HttpMethod.Post, $"runs/{Uri.EscapeDataString(run)}/cancel", RunningHost.Act(parsed.GetValue(reason)), cancellationToken) is not { } answer)
            {
                return ExitCode.Failure;
            }
            Console.WriteLine(parsed.GetValue(options.Json) ? HostJson.OneLine(answer) : $"Run {run} is cancelled.");
            return ExitCode.Good;
        });
        return command;
    }

    private static async Task<int> ShowAsync(string data, string path, bool json, CancellationToken cancellationToken)
    {
        if (await RunningHost.AskAsync(data, HttpMethod.Get, path, null, cancellationToken) is not { } answer)
        {
            return ExitCode.Failure;
        }
        if (json || answer is not JsonArray runs)
        {
            Console.WriteLine(HostJson.Pretty(answer));
            return ExitCode.Good;
        }
        Terminal.Write(Terminal.Table(["run", "state", "code", "pipeline", "event", "received"], Columns, runs));
        foreach (JsonNode run in runs.OfType<JsonNode>())
        {
            foreach (JsonNode review in (run["review"] as JsonArray ?? []).OfType<JsonNode>())
            {
                WriteReview((string)run["id"]!, review);
            }
        }
        return ExitCode.Good;
    }

    private static void WriteReview(string run, JsonNode review)
    {
        Console.WriteLine(
            $"Run {run} needs a review: whether '{(string?)review["operation"]}' of '{(string?)review["connection"]}' (step '{(string?)review["step"]}', sent {(string?)review["sent"]}) was done is unknown: {(string?)review["unknown"]}.");
        Console.WriteLine($"  it was done:   {(string?)review["done"]}   (add --output with the answer as JSON when later steps use it)");
        Console.WriteLine($"  send it again: {(string?)review["sendAgain"]}");
    }

    private static async Task<int> ShowFailuresAsync(string data, int max, bool json, CancellationToken cancellationToken)
    {
        if (await RunningHost.AskAsync(data, HttpMethod.Get, $"failures?max={max}", null, cancellationToken) is not { } answer)
        {
            return ExitCode.Failure;
        }
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(answer));
            return ExitCode.Good;
        }
        Terminal.Write(Terminal.Table(["fingerprint", "count", "pipeline", "step", "code", "last", "example"], FailureColumns, answer.AsArray()));
        foreach (JsonNode group in answer.AsArray().OfType<JsonNode>())
        {
            Console.WriteLine($"{(string?)group["fingerprint"]}: {(string?)group["message"]}");
        }
        return ExitCode.Good;
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria runs</c>: what became of every event.</summary>
internal static class RunsVerb
{
    private static readonly string[] Columns = ["id", "state", "code", "pipeline", "type", "subject", "received"];
    private static readonly string[] FailureColumns = ["fingerprint", "count", "pipeline", "step", "code", "last", "example"];

    public static Command Create()
    {
        var options = new CommonOptions();
        var id = new Argument<string?>("run") { Description = "Id of one run, to see all of it", Arity = ArgumentArity.ZeroOrOne };
        var pipeline = new Option<string?>("--pipeline") { Description = "Only runs of this pipeline" };
        var state = new Option<string?>("--state") { Description = "Only runs in this state" };
        state.AcceptOnlyFromAmong("ready", "leased", "waiting", "needs_review", "succeeded", "skipped", "dead", "cancelled");
        var subject = new Option<string?>("--subject") { Description = "Only runs about this, for example application:71900001, or its id alone" };
        var failures = new Option<bool>("--failures") { Description = "Group dead runs that failed alike" };
        Option<int> max = CommonOptions.Max();
        Command command = CommonOptions.AddTo(
            new Command("runs", "List runs, or show one, of the running host of a data folder"), options.Data, pipeline, state, subject, failures, max, options.Json);
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
                : $"runs?max={parsed.GetValue(max)}&pipeline={Uri.EscapeDataString(parsed.GetValue(pipeline) ?? "")}&state={parsed.GetValue(state)?.Replace("_", "", StringComparison.Ordinal)}&subject={Uri.EscapeDataString(parsed.GetValue(subject) ?? "")}";
            return ShowAsync(data, path, parsed.GetValue(subject), parsed.GetValue(options.Json), cancellationToken);
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

    private static async Task<int> ShowAsync(string data, string path, string? subject, bool json, CancellationToken cancellationToken)
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
        if (runs.Count == 0 && subject is not null)
        {
            Console.WriteLine($"No run is about '{subject}'.");
            return ExitCode.Good;
        }
        Terminal.Write(Terminal.Table(["run", "state", "code", "pipeline", "event", "subject", "received"], Columns, runs));
        foreach (JsonNode run in runs.OfType<JsonNode>())
        {
            if ((string?)run["replayedAs"] is { } latest)
            {
                Console.WriteLine($"Run {(string?)run["id"]} was replayed; the latest is {latest}.");
            }
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
            $"Run {run} needs a review: whether '{(string?)review["operation"]}' of '{(string?)review["connection"]}' for '{(string?)review["subject"]}' (step '{(string?)review["step"]}', sent {(string?)review["sent"]}) was done is unknown: {(string?)review["unknown"]}.");
        JsonNode request = review["request"]!;
        string body = request["body"] is { } sent ? $" {HostJson.OneLine(sent)}" : "";
        Console.WriteLine($"  it was sent as: {(string?)request["method"]} {(string?)request["url"]}{body}");
        Console.WriteLine($"  its key:        {(string?)review["key"]}   (search for it in '{(string?)review["connection"]}' where the request carries it)");
        Console.WriteLine($"  it was done:    {(string?)review["done"]}   (add --output with the answer as JSON when later steps use it)");
        Console.WriteLine($"  send it again:  {(string?)review["sendAgain"]}");
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
            string place = (string?)group["file"] is { } file ? $" at {file}{((int?)group["line"] is { } line ? $", line {line}" : "")}" : "";
            Console.WriteLine($"{(string?)group["fingerprint"]}{place}: {$"{(string?)group["message"]} {(string?)group["detail"]}".TrimEnd()}");
            Console.WriteLine($"  once it is mended: {(string?)group["command"]}   (look first with --preview)");
        }
        return ExitCode.Good;
    }
}

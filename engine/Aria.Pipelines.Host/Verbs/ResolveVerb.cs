using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria resolve</c>: a person says whether an unknown effect was done.</summary>
internal static class ResolveVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var id = new Argument<string>("run-or-effect") { Description = "Run that needs a review, or one of its effects" };
        var done = new Option<bool>("--done") { Description = "It was done: the run goes on as if it had been answered" };
        var again = new Option<bool>("--send-again") { Description = "Send the same request again, although it may be done twice then" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit" };
        var output = new Option<string?>("--output") { Description = "With --done: the operation's output as JSON, for the steps that follow" };
        Command command = CommonOptions.AddTo(
            new Command("resolve", "Decide an effect whose outcome is unknown, on the running host of a data folder"), done, again, output, reason, options.Data, options.Json);
        command.Arguments.Add(id);
        command.Validators.Add(result =>
        {
            if (result.GetValue(done) == result.GetValue(again))
            {
                result.AddError("Say what happened: --done, or --send-again.");
            }
            if (result.GetValue(output) is { } text && (result.GetValue(again) || !IsJson(text)))
            {
                result.AddError(result.GetValue(again) ? "Option '--output' belongs to --done: what is sent again answers by itself." : "Option '--output' takes JSON, for example '{\"interview_id\":\"int_1\"}'.");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            JsonObject asked = RunningHost.Act(parsed.GetValue(reason));
            asked["sendAgain"] = parsed.GetValue(again);
            if (parsed.GetValue(output) is { } text)
            {
                asked["output"] = JsonNode.Parse(text);
            }
            return ResolveAsync(options.Engine(parsed).Data, parsed.GetRequiredValue(id), asked, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ResolveAsync(string data, string id, JsonObject asked, bool json, CancellationToken cancellationToken)
    {
        if (await RunningHost.AskAsync(data, HttpMethod.Post, $"resolve/{Uri.EscapeDataString(id)}", asked, cancellationToken) is not { } answer)
        {
            return ExitCode.Failure;
        }
        Console.WriteLine(json ? HostJson.OneLine(answer) : Said(answer, RunningHost.Hint(data)));
        return ExitCode.Good;
    }

    private static string Said(JsonNode answer, string hint)
    {
        string effect = (string)answer["effect"]!;
        if ((string?)answer["decided"] == "corrected")
        {
            string latest = (string)answer["latest"]!;
            string first = (string?)answer["state"] is "waiting" or "needs_review" ? $"Run {latest} still has the former answer: end it with 'aria runs cancel {latest}{hint}', then go on" : "Go on";
            return $"Corrected: effect {effect}. {first} with 'aria replay {latest}{hint}'; nothing that is confirmed is sent again.";
        }
        string goesOn = (string?)answer["run"] is { } run ? $"run {run} goes on" : "no run waited for it";
        return $"{((string?)answer["decided"] == "done" ? "Recorded as done" : "Is sent again")}: effect {effect}; {goesOn}.";
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

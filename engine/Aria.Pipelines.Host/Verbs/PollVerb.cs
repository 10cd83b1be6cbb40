using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria poll</c>: how polled sources stand; <c>aria poll backfill</c>: reads what changed before.</summary>
internal static class PollVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        Command command = CommonOptions.AddTo(new Command("poll", "Show how polled sources stand, and which systems do not answer"), options.Data, options.Json);
        command.SetAction((parsed, cancellationToken) => AskAsync(
            HttpMethod.Get, "feeds", options.Engine(parsed).Data, parsed.GetValue(options.Json), Lines, cancellationToken));
        command.Subcommands.Add(Backfill());
        return command;
    }

    private static Command Backfill()
    {
        var options = new CommonOptions();
        var connection = new Argument<string>("connection") { Description = "Connection to read" };
        var eventType = new Argument<string>("event") { Description = "Event whose feed is read, for example application.stage_changed" };
        var since = new Option<DateTimeOffset>("--since") { Description = "Changes from this time on; sources without times give all they have", Required = true };
        Command command = CommonOptions.AddTo(new Command("backfill", "Read what changed since a time, beside the live feed"), options.Data, options.Json);
        command.Arguments.Add(connection);
        command.Arguments.Add(eventType);
        command.Options.Add(since);
        command.SetAction((parsed, cancellationToken) =>
        {
            string at = parsed.GetValue(since).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            string path = $"feeds/{Uri.EscapeDataString(parsed.GetRequiredValue(connection))}/{Uri.EscapeDataString(parsed.GetRequiredValue(eventType))}/backfill?since={Uri.EscapeDataString(at)}";
            return AskAsync(
                HttpMethod.Post, path, options.Engine(parsed).Data, parsed.GetValue(options.Json), answer => [$"Reading '{answer["event"]}' of '{answer["connection"]}' since {answer["since"]}; see 'aria poll'."], cancellationToken);
        });
        return command;
    }

    private static async Task<int> AskAsync(
        HttpMethod method, string path, string data, bool json, Func<JsonNode, IEnumerable<string>> write, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new ControlClient(data);
            (bool good, JsonNode answer) = await client.AskAsync(method, path, cancellationToken);
            if (!good)
            {
                Terminal.Fail(answer["error"]?.GetValue<string>() ?? HostJson.OneLine(answer));
                return ExitCode.Failure;
            }
            foreach (string line in json ? [HostJson.OneLine(answer)] : write(answer))
            {
                Console.WriteLine(line);
            }
            return ExitCode.Good;
        }
        catch (IOException e)
        {
            Terminal.Fail(e.Message);
            return ExitCode.Failure;
        }
        catch (HttpRequestException)
        {
            Terminal.Fail($"No host runs on the data folder '{data}'. Start one with 'aria run --data {data}'.");
            return ExitCode.Failure;
        }
    }

    private static IEnumerable<string> Lines(JsonNode answer)
    {
        JsonArray feeds = answer["feeds"]!.AsArray();
        JsonArray breakers = answer["breakers"]!.AsArray();
        if (feeds.Count + breakers.Count == 0)
        {
            yield return "No source is polled, and every system answers.";
        }
        foreach (JsonNode? feed in feeds)
        {
            string state = feed!["code"] is { } code ? $"failing: {code} ({feed["failures"]} in a row)" : feed["finished"]!.GetValue<bool>() ? "finished" : $"read {feed["read_at"]}";
            string lag = feed["lag_seconds"] is { } seconds ? $", {seconds.GetValue<double>():0} s behind at the last change" : "";
            yield return $"{feed["connection"]} {feed["feed"]}: {state}, {feed["accepted"]} events{lag}";
        }
        foreach (JsonNode? breaker in breakers)
        {
            yield return $"{breaker!["connection"]}: does not answer ({breaker["failures"]} failures), {breaker["state"]} until {breaker["until"]}";
        }
    }
}

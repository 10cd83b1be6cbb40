using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria replay</c>: runs made again, and stored events offered again.</summary>
internal static class ReplayVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var chosen = new ReplayChoice();
        var definition = new Option<string>("--definition") { Description = "Definition to follow: the one each run recorded, or the one in force", DefaultValueFactory = _ => "recorded" };
        definition.AcceptOnlyFromAmong("recorded", "current");
        var preview = new Option<bool>("--preview") { Description = "Say what would be sent, and do nothing" };
        var force = new Option<bool>("--force") { Description = "Send confirmed effects again" };
        var yes = new Option<bool>("--yes") { Description = "With --force: do not ask" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit" };
        Command command = CommonOptions.AddTo(
            new Command("replay", "Run events again, on the running host of a data folder; what is confirmed is not sent again"),
            [.. chosen.Options, definition, preview, force, yes, reason, options.Data, options.Json]);
        command.Arguments.Add(chosen.Id);
        command.Validators.Add(chosen.Check);
        command.SetAction((parsed, cancellationToken) =>
        {
            JsonObject asked = chosen.Read(parsed, RunningHost.Act(parsed.GetValue(reason)));
            asked["definition"] = parsed.GetValue(definition);
            asked["preview"] = parsed.GetValue(preview);
            asked["force"] = parsed.GetValue(force);
            return ReplayAsync(options.Engine(parsed).Data, asked, parsed.GetValue(yes), parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ReplayAsync(string data, JsonObject asked, bool yes, bool json, CancellationToken cancellationToken)
    {
        bool isPreview = (bool)asked["preview"]!;
        if (!isPreview && !yes && (bool)asked["force"]! && !await AgreesAsync(data, asked, cancellationToken))
        {
            return ExitCode.Failure;
        }
        if (await RunningHost.AskAsync(data, HttpMethod.Post, "replay", asked, cancellationToken) is not { } answer)
        {
            return ExitCode.Failure;
        }
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(answer));
        }
        else
        {
            foreach (string line in isPreview ? ReplayOutput.Preview(answer) : ReplayOutput.Done(answer))
            {
                Console.WriteLine(line);
            }
        }
        return (isPreview ? ReplayOutput.IsEmpty(answer) : ReplayOutput.HasRefusals(answer)) ? ExitCode.Failure : ExitCode.Good;
    }

    private static async Task<bool> AgreesAsync(string data, JsonObject asked, CancellationToken cancellationToken)
    {
        if (Questions.Of(ask: false) is not { } questions)
        {
            Terminal.Fail("A forced replay sends confirmed effects again. Look with --preview, then add --yes.");
            return false;
        }
        JsonObject first = asked.DeepClone().AsObject();
        first["preview"] = true;
        if (await RunningHost.AskAsync(data, HttpMethod.Post, "replay", first, cancellationToken) is not { } answer)
        {
            return false;
        }
        foreach (string line in ReplayOutput.Preview(answer))
        {
            Console.WriteLine(line);
        }
        return questions.Confirm("Send all of this, also what is confirmed?");
    }

    /// <summary>What is replayed: one thing by its id, or all of a kind.</summary>
    private sealed class ReplayChoice
    {
        private readonly Option<bool> failed = new("--failed") { Description = "All dead runs" };
        private readonly Option<bool> query = new("--query") { Description = "All ended runs that fit --pipeline, --state, --code, --connection, --since and --until" };
        private readonly Option<bool> all = new("--all") { Description = "With --query: every run that has ended" };
        private readonly Option<bool> quarantined = new("--quarantined") { Description = "Decode quarantined events again: all, or the one named" };
        private readonly Option<bool> unmatched = new("--unmatched") { Description = "Offer events that nothing took to the triggers in force" };
        private readonly Option<string?> fingerprint = new("--fingerprint") { Description = "With --failed: one group of 'aria runs --failures'" };
        private readonly Option<string?> pipeline = new("--pipeline") { Description = "Only runs of this pipeline" };
        private readonly Option<string?> state = new("--state") { Description = "Only runs that ended so" };
        private readonly Option<string?> code = new("--code") { Description = "Only runs that ended with this code" };
        private readonly Option<string?> connection = new("--connection") { Description = "Only events of this connection" };
        private readonly Option<string?> since = new("--since") { Description = "Only events received then or later (UTC)" };
        private readonly Option<string?> until = new("--until") { Description = "Only events received before (UTC)" };

        public ReplayChoice()
        {
            state.AcceptOnlyFromAmong("succeeded", "skipped", "dead", "cancelled");
            since.Validators.Add(CheckTime);
            until.Validators.Add(CheckTime);
        }

        public Argument<string?> Id { get; } = new("event-or-run") { Description = "Event, whose runs are replayed, or one run", Arity = ArgumentArity.ZeroOrOne };

        public Option[] Options => [failed, query, all, quarantined, unmatched, fingerprint, pipeline, state, code, connection, since, until];

        public void Check(CommandResult result)
        {
            int ways = new[] { result.GetValue(failed), result.GetValue(query), result.GetValue(unmatched), result.GetValue(quarantined) || result.GetValue(Id) is not null }.Count(w => w);
            if (ways != 1)
            {
                result.AddError("Say what to replay: an event or a run, or one of --failed, --query, --quarantined and --unmatched.");
            }
            bool isNarrowed = new[] { pipeline, state, code, connection, since, until, fingerprint }.Any(o => result.GetValue(o) is not null);
            if (result.GetValue(query) && isNarrowed == result.GetValue(all))
            {
                result.AddError(isNarrowed
                    ? "Option '--all' replays every run that has ended: leave it out, or the options that narrow the choice."
                    : "Option '--query' without another one would replay every run that has ended. Narrow it with --pipeline, --state, --code, --connection, --since or --until, or say --all.");
            }
        }

        public JsonObject Read(ParseResult parsed, JsonObject asked)
        {
            asked["id"] = parsed.GetValue(Id);
            asked["events"] = parsed.GetValue(quarantined) ? "quarantined" : parsed.GetValue(unmatched) ? "unmatched" : null;
            asked["state"] = parsed.GetValue(failed) ? "dead" : parsed.GetValue(state);
            (string Name, Option<string?> Option)[] texts =
                [("fingerprint", fingerprint), ("pipeline", pipeline), ("code", code), ("connection", connection), ("since", since), ("until", until)];
            foreach ((string name, Option<string?> option) in texts)
            {
                asked[name] = parsed.GetValue(option);
            }
            return asked;
        }

        private static void CheckTime(OptionResult result)
        {
            if (result.Tokens is [var token] && !DateTimeOffset.TryParse(token.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            {
                result.AddError($"'{token.Value}' is not a time. Write it like 2026-09-01 or 2026-09-01T08:00:00Z.");
            }
        }
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria audit</c>: what was done, refused and broken off, and whether the chain of it is whole.</summary>
internal static class AuditVerb
{
    public static Command Create()
    {
        var command = new Command("audit", "The audit chain of the running host of a data folder");
        command.Subcommands.Add(Verify());
        command.Subcommands.Add(List());
        return command;
    }

    private static Command Verify()
    {
        var options = new CommonOptions();
        var anchor = new Option<string?>("--anchor") { Description = "Where the chain stood once, as number:mac: nothing up to there may have changed or be missing", HelpName = "anchor" };
        Command command = CommonOptions.AddTo(new Command("verify", "Verify the chain; the first bad row is named"), options.Data, anchor, options.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await RunningHost.AskAsync(options.Engine(parsed).Data, HttpMethod.Get, Path(parsed.GetValue(anchor)), null, cancellationToken) is not { } verdict)
            {
                return ExitCode.Failure;
            }
            bool good = (bool)verdict["good"]!;
            if (parsed.GetValue(options.Json))
            {
                Console.WriteLine(HostJson.OneLine(verdict));
            }
            else if (good)
            {
                string stands = (string?)verdict["anchor"] is { } last ? $" It stands at {last}." : "";
                Console.WriteLine($"The audit chain is whole: {(long)verdict["rows"]!} rows.{stands}");
            }
            else
            {
                Terminal.Fail($"The audit chain is broken at row {(long)verdict["firstBad"]!}: {(string?)verdict["reason"]}");
            }
            return good ? ExitCode.Good : ExitCode.Failure;
        });
        return command;
    }

    private static string Path(string? anchor) => anchor is null ? "audit/verify" : $"audit/verify?anchor={Uri.EscapeDataString(anchor)}";

    private static Command List()
    {
        var options = new CommonOptions();
        Option<int> max = CommonOptions.Max();
        Command command = CommonOptions.AddTo(new Command("list", "List the newest rows"), options.Data, max, options.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await RunningHost.AskAsync(options.Engine(parsed).Data, HttpMethod.Get, $"audit?max={parsed.GetValue(max)}", null, cancellationToken) is not { } rows)
            {
                return ExitCode.Failure;
            }
            if (parsed.GetValue(options.Json))
            {
                Console.WriteLine(HostJson.Pretty(rows));
                return ExitCode.Good;
            }
            foreach (JsonNode row in rows.AsArray().OfType<JsonNode>())
            {
                Console.WriteLine($"{(long)row["number"]!} {(string?)row["at"]} {(string?)row["act"]} {HostJson.OneLine(row["detail"]!)}");
            }
            return ExitCode.Good;
        });
        return command;
    }
}

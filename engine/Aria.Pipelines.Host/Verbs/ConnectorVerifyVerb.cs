using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria connector verify</c>: holds a connector folder to the rules that need nothing else.</summary>
internal static class ConnectorVerifyVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var folders = new Argument<string[]>("folder") { Description = "Connector folders", Arity = ArgumentArity.OneOrMore };
        Command command = CommonOptions.AddTo(new Command("verify", "Hold connector folders to the rules of the behaviour suite that need no system"), options.Json);
        command.Arguments.Add(folders);
        command.SetAction(parsed => Verify(parsed.GetValue(folders) ?? [], parsed.GetValue(options.Json)));
        return command;
    }

    private static int Verify(string[] folders, bool json)
    {
        var all = new JsonArray();
        bool good = true;
        foreach (string folder in folders)
        {
            IReadOnlyList<RuleResult> results;
            try
            {
                results = BehaviourRules.Run(folder, folder);
            }
            catch (DirectoryNotFoundException e)
            {
                Terminal.Fail(e.Message);
                return ExitCode.WrongUsage;
            }
            good &= results.All(r => r.Findings.Count == 0);
            if (json)
            {
                all.Add(new JsonObject { ["folder"] = folder, ["rules"] = new JsonArray([.. results.Select(r => (JsonNode)Row(r))]) });
            }
            else
            {
                WriteText(folder, results);
            }
        }
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(all));
        }
        return good ? ExitCode.Good : ExitCode.Failure;
    }

    private static JsonObject Row(RuleResult result) => new()
    {
        ["id"] = result.Rule.Id,
        ["rule"] = result.Rule.Title,
        ["result"] = result.Idle is not null ? "skipped" : result.Findings.Count == 0 ? "held" : "broken",
        ["reason"] = result.Idle,
        ["findings"] = HostJson.Findings(result.Findings),
    };

    private static void WriteText(string folder, IReadOnlyList<RuleResult> results)
    {
        foreach (RuleResult broken in results.Where(r => r.Findings.Count > 0))
        {
            Console.WriteLine($"{broken.Rule.Id}: {broken.Rule.Title}");
            Terminal.Write(broken.Findings);
        }
        Console.WriteLine($"{folder}: {results.Count(r => r.Findings.Count > 0)} rules broken, {results.Count(r => r.Idle is null && r.Findings.Count == 0)} held, {results.Count(r => r.Idle is not null)} say nothing about it");
    }
}

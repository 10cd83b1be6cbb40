using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria plan</c>: what a pipeline would send for a delivery, without network and secrets.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var pipeline = new Argument<string>("pipeline") { Description = "Pipeline to plan" };
        var file = new Option<FileInfo>("--event") { Description = "File with the raw body of a delivery", Required = true };
        Command command = CommonOptions.AddTo(
            new Command("plan", "Show what a pipeline would do with a delivery, without network and secrets"),
            options.Workspace, options.Plugins, options.Environment, file, options.Json);
        command.Arguments.Add(pipeline);
        command.SetAction(parsed => Plan(options.Engine(parsed), parsed.GetRequiredValue(pipeline), parsed.GetRequiredValue(file), parsed.GetValue(options.Json)));
        return command;
    }

    private static int Plan(EngineOptions engine, string id, FileInfo file, bool json)
    {
        if (!file.Exists)
        {
            Terminal.Fail($"The file '{file}' does not exist.");
            return ExitCode.Failure;
        }
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            Pipeline? pipeline = workspace.Pipelines.Select(p => p.Pipeline).FirstOrDefault(p => p.Id == id);
            if (pipeline is null)
            {
                Terminal.Write(workspace.Findings);
                Terminal.Fail($"There is no pipeline '{id}' without errors. {Definitions.Suggestion.For(id, [.. workspace.Pipelines.Select(p => p.Pipeline.Id)])}");
                return ExitCode.Failure;
            }
            var delivery = new Delivery(
                "POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), File.ReadAllBytes(file.FullName), TimeProvider.System.GetUtcNow());
            using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
            (JsonObject plan, IReadOnlyList<Diagnostic> findings) = services.GetRequiredService<RunPlanner>().Plan(pipeline, delivery);
            Print(plan, findings, json);
            return findings.Any(f => f.Severity == DiagnosticSeverity.Error) ? ExitCode.Failure : ExitCode.Good;
        }
    }

    private static void Print(JsonObject plan, IReadOnlyList<Diagnostic> findings, bool json)
    {
        if (json)
        {
            plan["diagnostics"] = HostJson.Findings(findings);
            Console.WriteLine(HostJson.Pretty(plan));
            return;
        }
        foreach (JsonNode step in plan["steps"]!.AsArray().OfType<JsonNode>())
        {
            string request = step["request"] is JsonObject r ? $"  {r["method"]} {r["url"]}{(r["body"] is { } body ? $"\n      {HostJson.OneLine(body)}" : "")}" : "";
            string target = step["operation"] is { } operation ? $" {step["connection"]}.{operation}" : "";
            Console.WriteLine($"{step["id"]} ({step["kind"]}){target}{(step["skipped"]!.GetValue<bool>() ? "  skipped" : request)}");
        }
        Terminal.Write(findings);
    }
}

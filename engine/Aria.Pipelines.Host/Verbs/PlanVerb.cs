using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Forecast;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria plan</c>: what a pipeline would send for a delivery, or for many, without network and secrets.</summary>
internal sealed class PlanVerb
{
    private readonly CommonOptions _common = new();
    private readonly Argument<string> _pipeline = new("pipeline") { Description = "Pipeline to plan" };
    private readonly Option<FileInfo?> _event = new("--event") { Description = "File with the raw body of a delivery, or with a record of a source that is asked" };
    private readonly Option<string?> _polled = new("--polled") { Description = "Event that the record of '--event' or '--events' is of, when the pipeline polls for several" };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "Schedule whose next time comes, as the pipeline says in 'cron' or 'every'" };
    private readonly Option<string?> _events = new("--events") { Description = "Many deliveries: a folder of files, or a file with one per line (.ndjson)" };
    private readonly Option<int> _recorded = new("--recorded") { Description = "The last so many events, for the pipeline's triggers, of the running host of a data folder; personal data are replaced" };
    private readonly Option<string?> _against = new("--against") { Description = "Workspace folder with the definitions from before: show what is different" };

    public static Command Create()
    {
        var verb = new PlanVerb();
        Command command = CommonOptions.AddTo(
            new Command("plan", "Show what a pipeline would do with one or many deliveries, without network and secrets"),
            verb._common.Workspace, verb._common.Plugins, verb._common.Environment, verb._common.Data, verb._event, verb._events, verb._recorded, verb._schedule, verb._polled, verb._against, verb._common.Json);
        command.Arguments.Add(verb._pipeline);
        command.Validators.Add(result =>
        {
            bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
            if (new Option[] { verb._event, verb._events, verb._recorded, verb._schedule }.Count(IsGiven) != 1)
            {
                result.AddError("Give the events by one of '--event', '--events', '--recorded' and '--schedule'.");
            }
            else if (IsGiven(verb._polled) && !IsGiven(verb._event) && !IsGiven(verb._events))
            {
                result.AddError("Option '--polled' says what the records of '--event' or '--events' are.");
            }
            else if (IsGiven(verb._against) && !IsGiven(verb._events) && !IsGiven(verb._recorded))
            {
                result.AddError("Option '--against' compares many events: give them by '--events' or '--recorded'.");
            }
        });
        command.SetAction(verb.PlanAsync);
        return command;
    }

    private async Task<int> PlanAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        EngineOptions engine = _common.Engine(parsed);
        string id = parsed.GetRequiredValue(_pipeline);
        bool json = parsed.GetValue(_common.Json);
        if (parsed.GetValue(_event) is { Exists: false } missing)
        {
            Terminal.Fail($"The file '{missing}' does not exist.");
            return ExitCode.Failure;
        }
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            if (Find(workspace, id) is not { } pipeline)
            {
                return ExitCode.Failure;
            }
            using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
            if (parsed.GetValue(_schedule) is { } words)
            {
                return PlanTime(services, pipeline, words, json);
            }
            if (parsed.GetValue(_event) is { } file)
            {
                return PlanOne(services, pipeline, file, parsed.GetValue(_polled), json);
            }
            if (await DeliveriesAsync(parsed, engine, pipeline, cancellationToken) is not { } deliveries)
            {
                return ExitCode.Failure;
            }
            Pipeline? before = pipeline;
            if (parsed.GetValue(_against) is { } folder)
            {
                Workspace old = new WorkspaceCompiler(installed.ByName, new MappingCompiler()) { FaultyFolder = installed.FaultyFolder }.Compile(folder, folder.Replace('\\', '/').TrimEnd('/'), engine.Environment);
                before = Find(old, id);
                if (before is null)
                {
                    return ExitCode.Failure;
                }
            }
            return Forecast(services, pipeline, before, deliveries, json);
        }
    }

    private static Pipeline? Find(Workspace workspace, string id)
    {
        Pipeline? pipeline = workspace.Pipelines.Select(p => p.Pipeline).FirstOrDefault(p => p.Id == id);
        if (pipeline is null)
        {
            Terminal.Write(workspace.Findings);
            Terminal.Fail($"There is no pipeline '{id}' without errors. {Definitions.Suggestion.For(id, [.. workspace.Pipelines.Select(p => p.Pipeline.Id)])}");
        }
        return pipeline;
    }

    private async Task<IReadOnlyList<RecordedDelivery>?> DeliveriesAsync(ParseResult parsed, EngineOptions engine, Pipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            return parsed.GetValue(_events) is { } path ? [.. RecordedDelivery.Read(path).Select(d => d with { Polled = parsed.GetValue(_polled) })] : await RecordedEvents.ReadAsync(engine.Data, pipeline, parsed.GetValue(_recorded), cancellationToken);
        }
        catch (IOException e)
        {
            Terminal.Fail(e.Message);
        }
        catch (HttpRequestException)
        {
            Terminal.Fail($"No host runs on the data folder '{engine.Data}'. Start one with 'aria run --data {engine.Data}'.");
        }
        return null;
    }

    private static int Forecast(ServiceProvider services, Pipeline pipeline, Pipeline before, IReadOnlyList<RecordedDelivery> deliveries, bool json)
    {
        bool isCompared = before != pipeline;
        var forecast = new PipelineForecast(services.GetRequiredService<RunPlanner>, TimeProvider.System.GetUtcNow());
        IReadOnlyList<PlannedEvent> after = forecast.Of(pipeline, deliveries);
        IReadOnlyList<PlannedChange> changes = PlannedChange.Between(isCompared ? forecast.Of(before, deliveries) : after, after);
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(ForecastOutput.ToJson(changes, isCompared)));
        }
        else
        {
            ForecastOutput.Write(changes, isCompared);
        }
        return after.Any(e => e.Fate == EventFate.Failed) ? ExitCode.Failure : ExitCode.Good;
    }

    private static int PlanTime(ServiceProvider services, Pipeline pipeline, string words, bool json)
    {
        if (pipeline.Schedules.FirstOrDefault(s => s.IsCalled(words, Definitions.JsonCursor.ParseDuration(words))) is not { } schedule)
        {
            Terminal.Fail($"Pipeline '{pipeline.Id}' has no schedule '{words}'. {Definitions.Suggestion.For(words, [.. pipeline.Schedules.Select(s => s.Name)])}".TrimEnd());
            return ExitCode.Failure;
        }
        (JsonObject plan, IReadOnlyList<Diagnostic> findings) = services.GetRequiredService<RunPlanner>().Plan(pipeline, schedule, TimeProvider.System.GetUtcNow());
        Print(plan, findings, json);
        return findings.Any(f => f.Severity == DiagnosticSeverity.Error) ? ExitCode.Failure : ExitCode.Good;
    }

    private static int PlanOne(ServiceProvider services, Pipeline pipeline, FileInfo file, string? polled, bool json)
    {
        var nothing = new Dictionary<string, IReadOnlyList<string>>();
        var delivery = new Delivery("POST", nothing, nothing, File.ReadAllBytes(file.FullName), TimeProvider.System.GetUtcNow());
        (JsonObject plan, IReadOnlyList<Diagnostic> findings) = services.GetRequiredService<RunPlanner>().Plan(pipeline, delivery, polled);
        Print(plan, findings, json);
        return findings.Any(f => f.Severity == DiagnosticSeverity.Error) ? ExitCode.Failure : ExitCode.Good;
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
            string target = step["operation"] is { } operation ? $" {step["connection"]}.{operation}" : "";
            Console.WriteLine($"{step["id"]} ({step["kind"]}){target}{(step["skipped"]!.GetValue<bool>() ? "  skipped" : Line(step["request"]))}");
            foreach (JsonNode part in step["parts"]?.AsArray().OfType<JsonNode>() ?? [])
            {
                Console.WriteLine($"  {step["id"]}/{part["id"]} {step["connection"]}.{part["operation"]}{Line(part["request"])}");
            }
        }
        Terminal.Write(findings);
    }

    private static string Line(JsonNode? request) =>
        request is JsonObject r ? $"  {r["method"]} {r["url"]}{(r["body"] is { } body ? $"\n      {HostJson.OneLine(body)}" : "")}" : "";
}

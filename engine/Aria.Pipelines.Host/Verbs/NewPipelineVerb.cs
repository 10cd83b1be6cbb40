using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria new pipeline</c>: asks, or takes flags, and writes a pipeline with its cases, which lints, tests and plans at once.</summary>
internal static class NewPipelineVerb
{
    private static readonly string[] Triggers = ["stage", "application", "manual"];

    public static Command Create()
    {
        var options = new CommonOptions();
        var name = new Argument<string>("name") { Description = "Name of its folder, and so its id" };
        var ats = new Option<string?>("--ats") { Description = "Connection to the applicant tracking system" };
        var aria = new Option<string?>("--aria") { Description = "Connection to ARIA" };
        var triggers = new Option<string[]>("--trigger") { Description = "What starts it: stage, application, manual; may be repeated" };
        var stage = new Option<string?>("--stage") { Description = "Stage that a candidate must reach" };
        var jobs = new Option<string[]>("--job") { Description = "Requisition to limit it to; may be repeated" };
        var kit = new Option<string?>("--kit") { Description = "Interview kit of the invitations" };
        var schemas = new Option<string>("--schemas") { Description = "Folder of the schemas", DefaultValueFactory = _ => "schemas" };
        var ask = new Option<bool>("--ask") { Description = "Ask for what is missing even when the answers come through a pipe, a line each" };
        triggers.AcceptOnlyFromAmong(Triggers);
        Command command = CommonOptions.AddTo(new Command("pipeline", "Write a pipeline with its cases: it lints, tests and plans at once"), options.Workspace, options.Plugins, ats, aria, triggers, stage, jobs, kit, ask, schemas);
        command.Arguments.Add(name);
        command.SetAction((parsed, cancellationToken) => CreateAsync(
            options.Engine(parsed),
            new Wishes(parsed.GetRequiredValue(name), parsed.GetValue(ats), parsed.GetValue(aria), parsed.GetValue(triggers) ?? [], parsed.GetValue(stage), parsed.GetValue(jobs) ?? [], parsed.GetValue(kit)),
            Questions.Of(parsed.GetValue(ask)),
            parsed.GetRequiredValue(schemas),
            cancellationToken));
        return command;
    }

    private static async Task<int> CreateAsync(EngineOptions engine, Wishes wishes, Questions? questions, string schemas, CancellationToken cancellationToken)
    {
        if (NewName.ObstacleToPipeline(engine.Workspace, wishes.Name) is { } obstacle)
        {
            Terminal.Fail(obstacle);
            return ExitCode.Failure;
        }
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            if (Complete(wishes, workspace, questions) is not { } request)
            {
                return ExitCode.WrongUsage;
            }
            foreach (string id in new[] { request.Ats, request.Aria }.Where(c => !workspace.Connections.ContainsKey(c)))
            {
                Terminal.Fail($"Connection '{id}' does not exist, or has errors. {Suggestion.For(id, [.. workspace.Connections.Keys.Order(StringComparer.Ordinal)])}");
                return ExitCode.Failure;
            }
            Connector ats = workspace.Connections[request.Ats].Connector;
            IReadOnlyList<string> lacking = PipelineScaffold.Obstacles(request, ats, workspace.Connections[request.Aria].Connector);
            foreach (string line in lacking)
            {
                Terminal.Fail(line);
            }
            if (lacking.Count > 0)
            {
                return ExitCode.Failure;
            }
            Write(engine, request, ats, schemas);
            bool isGood = await NewCases.WriteAsync(engine, request, schemas, cancellationToken);
            NewVerb.Complete(engine, schemas);
            Console.WriteLine($"Next: aria lint; aria test {request.Name}; aria explain {request.Name}; {Trial(engine.Plugins, request, ats)}");
            return isGood ? ExitCode.Good : ExitCode.Failure;
        }
    }

    private static void Write(EngineOptions engine, PipelineRequest request, Connector ats, string schemas)
    {
        string folder = Path.Combine(engine.Workspace, request.Name);
        Directory.CreateDirectory(folder);
        foreach ((string file, string text) in PipelineScaffold.Files(request, ats, NewVerb.SchemaFrom(folder, schemas, AliasedPipelineSchema.FileOf(request.Name))))
        {
            File.WriteAllText(Path.Combine(folder, file), text);
            Console.WriteLine($"Wrote {Path.Combine(folder, file)}");
        }
    }

    /// <summary>The command that tries the pipeline: a plan over a sample of the connector, or a person's request.</summary>
    private static string Trial(string plugins, PipelineRequest request, Connector ats)
    {
        string? type = request.Triggers.Select(PipelineScaffold.EventOf).FirstOrDefault(e => e is not null);
        if (type is null)
        {
            return $"aria send {request.Name} <application id>";
        }
        string sample = ats.Events[type].Samples[0].File;
        PluginFolder? folder = PluginFolder.Find(plugins, plugins, new DiagnosticBag()).FirstOrDefault(f => JsonNode.Parse(f.Files.Read(ConnectorReader.FileName)!)?["connector"]?.GetValue<string>() == ats.Name);
        return $"aria plan {request.Name} --event {folder?.DisplayPath}/{sample}";
    }

    /// <summary>Fills what was not given: from the only possibility, or by asking.</summary>
    /// <returns>The request, or null after saying which options are missing.</returns>
    private static PipelineRequest? Complete(Wishes wishes, Workspace workspace, Questions? questions)
    {
        string[] invite = [.. workspace.Connections.Values.Where(c => c.Connector.Operations.ContainsKey("interview.create")).Select(c => c.Id)];
        string[] others = [.. workspace.Connections.Keys.Except(invite).Order(StringComparer.Ordinal)];
        string? ats = wishes.Ats ?? Pick("Connection to the applicant tracking system", others, questions);
        string? aria = wishes.Aria ?? Pick("Connection to ARIA", invite, questions);
        string[] triggers = wishes.Triggers.Length > 0 ? wishes.Triggers : questions?.Choose("What starts it", Triggers) is { } chosen ? [chosen] : [];
        string? stage = wishes.Stage ?? (triggers.Contains("stage") ? questions?.Text("Stage that a candidate must reach (empty for any)") : null);
        string? kit = wishes.Kit ?? questions?.Text("Interview kit");
        string[] missing =
        [
            .. Missing(ats, $"--ats ({Possible(others)})"),
            .. Missing(aria, $"--aria ({Possible(invite)})"),
            .. Missing(triggers.FirstOrDefault(), $"--trigger ({string.Join(", ", Triggers)})"),
            .. Missing(kit, "--kit (an interview kit of ARIA)"),
        ];
        if (missing.Length > 0)
        {
            Terminal.Fail($"Missing: {string.Join("; ", missing)}.");
            return null;
        }
        return new PipelineRequest(
            wishes.Name, ats!, aria!, [.. triggers.Distinct().Select(t => Enum.Parse<PipelineTrigger>(t, ignoreCase: true))], string.IsNullOrWhiteSpace(stage) ? null : stage, wishes.Jobs, kit!);
    }

    private static string? Pick(string title, string[] possible, Questions? questions) =>
        possible.Length == 1 ? possible[0] : possible.Length > 1 ? questions?.Choose(title, possible) : null;

    private static string Possible(string[] connections) => connections.Length == 0 ? "there is no such connection yet: aria new connection" : string.Join(", ", connections);

    private static string[] Missing(string? value, string option) => string.IsNullOrWhiteSpace(value) ? [option] : [];

    private sealed record Wishes(string Name, string? Ats, string? Aria, string[] Triggers, string? Stage, string[] Jobs, string? Kit);
}

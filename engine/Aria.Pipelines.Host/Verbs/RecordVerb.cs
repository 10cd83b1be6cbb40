using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria test record</c>: a case from a run of the running host, personal data replaced.</summary>
internal static class RecordVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var run = new Argument<string>("run") { Description = "Id of the run, as 'aria runs' shows it" };
        var file = new Option<string>("--out") { Description = "File to write: <workspace>/<pipeline>/cases/<name>.json", Required = true };
        var schemas = new Option<string>("--schemas") { Description = "Folder of the schemas", DefaultValueFactory = _ => "schemas" };
        Command command = CommonOptions.AddTo(
            new Command("record", "Make a case from a run of the running host of a data folder; personal data are replaced"),
            options.Data, options.Plugins, options.Environment, file, schemas);
        command.Arguments.Add(run);
        command.SetAction((parsed, cancellationToken) => RecordAsync(options.Engine(parsed), parsed.GetRequiredValue(run), new Place(parsed.GetRequiredValue(file), parsed.GetRequiredValue(schemas)), cancellationToken));
        return command;
    }

    private static async Task<int> RecordAsync(EngineOptions engine, string run, Place place, CancellationToken cancellationToken)
    {
        using var client = new ControlClient(engine.Data);
        try
        {
            (bool good, JsonNode answer) = await client.AskAsync(HttpMethod.Get, $"runs/{Uri.EscapeDataString(run)}/case", cancellationToken);
            if (!good)
            {
                Terminal.Fail(answer["error"]?.GetValue<string>() ?? HostJson.OneLine(answer));
                return ExitCode.Failure;
            }
            return await WriteAsync(engine, answer, place, cancellationToken);
        }
        catch (HttpRequestException)
        {
            Terminal.Fail($"No host runs on the data folder '{engine.Data}'. Start one with 'aria run --data {engine.Data}'.");
            return ExitCode.Failure;
        }
    }

    private static async Task<int> WriteAsync(EngineOptions engine, JsonNode answer, Place place, CancellationToken cancellationToken)
    {
        string file = place.File;
        string pipeline = answer["pipeline"]!.GetValue<string>();
        string cases = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string home = Path.GetDirectoryName(cases) ?? cases;
        if (Path.GetFileName(cases) != CaseSuite.CasesFolder || Path.GetFileName(home) != pipeline || !file.EndsWith(".json", StringComparison.Ordinal))
        {
            Terminal.Fail($"'{file}' is not a place for a case of pipeline '{pipeline}'. Write it to '<workspace>/{pipeline}/{CaseSuite.CasesFolder}/<name>.json'.");
            return ExitCode.Failure;
        }
        if (File.Exists(file))
        {
            Terminal.Fail($"The file '{file}' exists. Give another name with --out, or remove it first.");
            return ExitCode.Failure;
        }
        Directory.CreateDirectory(cases);
        JsonObject recorded = answer["case"]!.AsObject();
        recorded.Insert(0, "$schema", NewVerb.SchemaFrom(cases, place.Schemas, CaseSchema.File));
        await File.WriteAllTextAsync(file, CaseLayout.Pretty(recorded, 0, 0) + "\n", new UTF8Encoding(false), cancellationToken);
        engine = engine with { Workspace = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetDirectoryName(home)!) };
        return await PlayAsync(engine, answer, new CaseSelection(pipeline, Path.GetFileNameWithoutExtension(file)), file, cancellationToken);
    }

    /// <summary>Plays what was recorded, to write what it expects, and says whether it ends as the run did.</summary>
    private static async Task<int> PlayAsync(EngineOptions engine, JsonNode answer, CaseSelection selection, string file, CancellationToken cancellationToken)
    {
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            Terminal.Write(workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error));
            var suite = new CaseSuite(workspace, engine.Workspace, engine.Workspace.Replace('\\', '/'));
            SuiteResult result = await suite.RunAsync([selection], cancellationToken);
            if (result.Cases is not [{ CanRenew: true, Renewed: { } renewed } one])
            {
                Terminal.Fail($"'{file}' is written, and cannot be played yet:\n  {string.Join("\n  ", result.Cases.SelectMany(c => c.Explanation))}");
                return ExitCode.Failure;
            }
            suite.Renew(result);
            Console.WriteLine($"Written: {one.File}. Read it before you keep it: free text may still tell who somebody is.");
            if (JsonNode.DeepEquals(renewed["state"], answer["state"]) && JsonNode.DeepEquals(renewed["code"], answer["code"]))
            {
                return ExitCode.Good;
            }
            Terminal.Fail($"The run ended as {answer["state"]} ({answer["code"]}), the case ends as {renewed["state"]} ({renewed["code"]}): the pipeline has changed since, or something came before that the case must be 'given'.");
            return ExitCode.Failure;
        }
    }

    /// <summary>Where a case is written, and where the schemas are that it names.</summary>
    private sealed record Place(string File, string Schemas);
}

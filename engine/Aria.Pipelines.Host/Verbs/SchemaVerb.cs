using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Offers;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria schema</c>: the JSON Schemas from which editors complete and check definition files, and the matrix of what connectors offer.</summary>
internal static class SchemaVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var folder = new Option<string>("--schemas") { Description = "Folder to write to", DefaultValueFactory = _ => "schemas" };
        var check = new Option<bool>("--check") { Description = "Write nothing; fail when a file is not what would be written" };
        Command command = CommonOptions.AddTo(
            new Command("schema", "Write the JSON Schemas of the installed connectors and of this workspace"),
            options.Workspace, options.Plugins, folder, check, options.Json);
        command.SetAction(parsed => Schema(options.Engine(parsed), parsed.GetRequiredValue(folder), parsed.GetValue(check), parsed.GetValue(options.Json)));
        return command;
    }

    private static int Schema(EngineOptions engine, string folder, bool check, bool json)
    {
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            Diagnostic[] errors = [.. workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error)];
            // A connector or connection that cannot be read would vanish from the schemas; a pipeline with errors does not.
            if (errors.Any(f => !IsOfAPipeline(f, engine.Workspace)))
            {
                Terminal.Write(errors);
                Terminal.Fail("No schema is written while connectors or connections have errors.");
                return ExitCode.Failure;
            }
            SortedDictionary<string, string> files = GeneratedSchemas.All(installed.ByName.Values, workspace, engine.Workspace);
            IReadOnlyList<string> changed = check ? GeneratedSchemas.Differences(folder, files) : GeneratedSchemas.Write(folder, files);
            if (OfferSection.Refresh(engine.Plugins, OfferMatrix.Of(installed.ByName.Values), check) is { } readme)
            {
                changed = [.. changed, readme];
            }
            if (json)
            {
                Console.WriteLine(HostJson.OneLine(new JsonObject { ["files"] = files.Count, ["changed"] = new JsonArray([.. changed.Select(c => (JsonNode)c)]) }));
            }
            else
            {
                Console.WriteLine($"{files.Count} schemas in '{folder}': {(changed.Count == 0 ? "all fresh" : $"{changed.Count} {(check ? "stale" : "written or removed")}")}");
            }
            if (!check || changed.Count == 0)
            {
                return ExitCode.Good;
            }
            Terminal.Fail($"Not fresh: {string.Join(", ", changed)}. Run 'aria schema' and commit what it writes.");
            return ExitCode.Failure;
        }
    }

    private static bool IsOfAPipeline(Diagnostic finding, string workspace)
    {
        string root = workspace.Replace('\\', '/').TrimEnd('/') + "/";
        return finding.File is { } file && file.StartsWith(root, StringComparison.Ordinal)
            && !file.StartsWith($"{root}connections/", StringComparison.Ordinal) && !file.StartsWith($"{root}environments/", StringComparison.Ordinal);
    }
}
